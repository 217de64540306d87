// The database's own file, whatever name leads to it: locked against a second writer by its inode,
// and watched for being deleted, replaced or given a second name while it is written to.
//
// FILE-lock (storage/file_lock.h) names the holder, but is one a name: a bind mount, a hard link or
// a removed lock file would let a second writer in. Hence flock() on the file itself, which does
// not meddle with SQLite's own (POSIX) locks. Those end when the process closes any descriptor of
// the file: so this one is opened once, and closed after SQLite's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "execution/types/result.h"

namespace paperd::storage {

class FileClaim {
public:
    // Before SQLite opens the file at `path`, if there is one: an error (usage) where it has
    // several names, for SQLite takes each for a database of its own. Opens nothing.
    static Result<void> check_names(const std::string& path);

    // Of the database at `path`, which SQLite has open. Never waits. Errors: it has several names,
    // or another process has claimed it (usage).
    static Result<FileClaim> acquire(const std::string& path);

    FileClaim(FileClaim&& other) noexcept
        : path_(std::move(other.path_)),
          descriptor_(std::exchange(other.descriptor_, -1)),
          file_(other.file_),
          real_path_(std::move(other.real_path_)),
          log_(std::exchange(other.log_, std::nullopt)),
          memory_(other.memory_),
          gone_(std::move(other.gone_)) {}

    FileClaim& operator=(FileClaim&&) = delete;
    FileClaim(const FileClaim&) = delete;
    FileClaim& operator=(const FileClaim&) = delete;
    ~FileClaim();

    // From here on check() looks at the write-ahead log too, which is there now.
    Result<void> watch_log();

    // The error (lost) says what became of the file or of its write-ahead log. Opens nothing. Where
    // the name leads to the file no more, the log and its shared memory are renamed (-wal.lost,
    // -shm.lost; the error says so): SQLite would take them for those of whatever is put there, and
    // destroy it. That loss is for good.
    Result<void> check();

private:
    struct Identity {
        std::uint64_t device = 0;
        std::uint64_t inode = 0;

        bool operator==(const Identity&) const = default;
    };

    FileClaim(std::string path, int descriptor, Identity file)
        : path_(std::move(path)), descriptor_(descriptor), file_(file) {}

    // Of what the path leads to; nothing where it leads nowhere.
    static std::optional<Identity> identity_of(const std::string& path);
    [[nodiscard]] Error gone(const std::string& what) const;

    std::string path_;
    int descriptor_;
    Identity file_;
    std::string real_path_;  // symbolic links resolved, once the log is watched
    std::optional<Identity> log_;
    std::optional<Identity> memory_;  // the log's index, shared with readers
    std::optional<Error> gone_;       // the name leads to the file no more
};

}  // namespace paperd::storage
