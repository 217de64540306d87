// One writer a database: an advisory lock (flock) held for the writer's life on a file beside it,
// FILE-lock, which names the holder for people; the file itself is claimed by storage/file_claim.h.
// The kernel lets go of it when the process ends,
// however it ends, so a file that was left behind hinders nobody.
#pragma once

#include <string>
#include <utility>

#include "execution/types/result.h"

namespace paperd::storage {

class FileLock {
public:
    // The lock of the database at `path`, symbolic links resolved; never waits. Errors: another
    // process holds it (usage; says which), the lock's file cannot be made or locked.
    static Result<FileLock> acquire(const std::string& path);

    FileLock(FileLock&& other) noexcept
        : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

    FileLock& operator=(FileLock&&) = delete;
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    // Removes the file and lets go.
    ~FileLock();

private:
    FileLock(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

    std::string path_;  // of the lock's file
    int descriptor_;
};

}  // namespace paperd::storage
