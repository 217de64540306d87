#include "storage/file_claim.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace paperd::storage {
namespace {

// SQLite keeps them beside the file that a symbolic link leads to.
constexpr const char* kLog = "-wal";
constexpr const char* kMemory = "-shm";

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

Error lost(const std::string& path, const std::string& what, const std::string& remedy) {
    return fail(
        path + ": " + what + " while this paperd wrote to it: nothing goes on with it. " + remedy,
        ErrorKind::lost);
}

// A name beside `path` that nothing has yet; an earlier loss may have left its own.
std::string aside(const std::string& path) {
    std::string name = path + ".lost";
    std::error_code unreadable;
    for (int i = 2; std::filesystem::exists(name, unreadable); ++i) {
        name = path + ".lost" + std::to_string(i);
    }
    return name;
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

std::optional<FileClaim::Identity> FileClaim::identity_of(const std::string& path) {
    struct stat file{};
    if (::stat(path.c_str(), &file) != 0) {
        return std::nullopt;
    }
    return Identity{file.st_dev, file.st_ino};
}

Result<void> FileClaim::watch_log() {
    std::error_code unresolved;
    real_path_ = std::filesystem::canonical(path_, unresolved).string();
    log_ = identity_of(real_path_ + kLog);
    if (unresolved || !log_) {
        return cannot_claim(path_, unresolved ? unresolved.value() : errno);
    }
    memory_ = identity_of(real_path_ + kMemory);
    return check();
}

FileClaim::~FileClaim() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

// What the file held since the log was last folded into it is in the log alone. So the log of a
// file that was moved away has to go after it; that of one that is gone serves nobody.
Error FileClaim::gone(const std::string& what) const {
    // The names may lead to our file still: then the log is where it belongs.
    const bool there = identity_of(real_path_) == file_;
    std::string told;
    if (log_ && !there) {
        for (const auto& [name, ours] : {std::pair(kLog, log_), std::pair(kMemory, memory_)}) {
            const std::string path = real_path_ + name;
            if (!ours || identity_of(path) != ours) {
                continue;
            }
            const std::string to = aside(path);
            const bool moved = ::rename(path.c_str(), to.c_str()) == 0;
            told += moved ? " " + path + " was renamed to " + to + "."
                          : " Before anything opens " + path_ + ", move " + path +
                                " away, which does not belong to what is there now (it could not "
                                "be renamed: " +
                                std::strerror(errno) + ").";
        }
    }
    struct stat open{};
    const bool deleted = ::fstat(descriptor_, &open) == 0 && open.st_nlink == 0;
    const std::string remedy =
        deleted && identity_of(path_)
            ? "What the old one held is gone with it; start again to go on with what is there now"
        : deleted ? "What it held is gone with it: restore a backup, or begin a new run in a new "
                    "file"
        : there   ? "Let the name lead to " + real_path_ + " again, and start again"
                : "Its rows are where it was moved to, the newest of them in the write-ahead log, "
                  "which has to lie beside it by its name with -wal; move both back and start "
                  "again, or restore a backup";
    return lost(path_, what, remedy + "." + told);
}

Result<void> FileClaim::check() {
    if (gone_) {
        return *gone_;
    }
    struct stat now{};
    if (::stat(path_.c_str(), &now) != 0) {
        gone_ =
            gone(std::string("the file was deleted or moved away (") + std::strerror(errno) + ")");
        return *gone_;
    }
    if (Identity{now.st_dev, now.st_ino} != file_) {
        gone_ = gone("another file was put in its place");
        return *gone_;
    }
    if (now.st_nlink > 1) {
        return several_names(path_, ErrorKind::lost);
    }
    if (log_ && identity_of(real_path_ + kLog) != log_) {
        return lost(path_, "its write-ahead log " + real_path_ + kLog + " was deleted or replaced",
                    "Its newest rows were in it: put it back, or restore a backup, and start "
                    "again");
    }
    return {};
}

}  // namespace paperd::storage
