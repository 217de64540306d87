#include "storage/file_claim.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace paperd::storage {
namespace {

// SQLite keeps the log beside the file that a symbolic link leads to.
std::string log_path(const std::string& path) {
    std::error_code unresolved;
    const auto real = std::filesystem::canonical(path, unresolved);
    return (unresolved ? path : real.string()) + "-wal";
}

Error cannot_claim(const std::string& path, int code) {
    return fail(path + ": cannot be locked against a second writer: " + std::strerror(code) +
                "; put the database on a local disk");
}

Error several_names(const std::string& path, ErrorKind kind) {
    return fail(path +
                    ": the file has a second name (a hard link), under which another process could "
                    "write to it unseen; remove that name (find DIR -samefile FILE shows it), or "
                    "copy the file",
                kind);
}

Error lost(const std::string& path, const std::string& what) {
    return fail(path + ": " + what +
                    " while this paperd writes to it: nothing goes on with it. Put the file back, "
                    "or restore a backup, and start again",
                ErrorKind::lost);
}

}  // namespace

Result<void> FileClaim::check_names(const std::string& path) {
    struct stat file{};
    if (::stat(path.c_str(), &file) == 0 && S_ISREG(file.st_mode) && file.st_nlink > 1) {
        return several_names(path, ErrorKind::usage);
    }
    return {};
}

Result<FileClaim> FileClaim::acquire(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return cannot_claim(path, errno);
    }
    // From here on the descriptor is not closed on an error: another connection of this process may
    // hold SQLite's locks on the file.
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) {
            return cannot_claim(path, errno);
        }
        return fail(path +
                        ": another paperd is writing to this file under another name, and only "
                        "one may; stop that one first, or name another file with --db",
                    ErrorKind::usage);
    }
    struct stat file{};
    if (::fstat(descriptor, &file) != 0) {
        return cannot_claim(path, errno);
    }
    if (file.st_nlink > 1) {
        return several_names(path, ErrorKind::usage);
    }
    return FileClaim(path, descriptor, {file.st_dev, file.st_ino});
}

Result<void> FileClaim::watch_log() {
    struct stat log{};
    if (::stat(log_path(path_).c_str(), &log) != 0) {
        return cannot_claim(path_, errno);
    }
    log_ = Identity{log.st_dev, log.st_ino};
    return check();
}

FileClaim::~FileClaim() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

Result<void> FileClaim::check() const {
    struct stat now{};
    if (::stat(path_.c_str(), &now) != 0) {
        return lost(path_, std::string("the file was deleted or moved away (") +
                               std::strerror(errno) + ")");
    }
    if (Identity{now.st_dev, now.st_ino} != file_) {
        return lost(path_, "another file was put in its place");
    }
    if (now.st_nlink > 1) {
        return several_names(path_, ErrorKind::lost);
    }
    if (!log_) {
        return {};
    }
    const std::string log = log_path(path_);
    if (::stat(log.c_str(), &now) != 0 || Identity{now.st_dev, now.st_ino} != log_) {
        return lost(path_, "its write-ahead log " + log + " was deleted or replaced");
    }
    return {};
}

}  // namespace paperd::storage
