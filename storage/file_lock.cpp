#include "storage/file_lock.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace paperd::storage {
namespace {

// Each attempt loses only to a holder that removed its file in that very moment.
constexpr int kAttemptsMax = 100;

std::string lock_path(const std::string& path) {
    std::error_code unresolved;
    const auto real = std::filesystem::weakly_canonical(path, unresolved);
    return (unresolved ? path : real.string()) + "-lock";
}

// Whether `path` still names the open file: its last holder removes it.
bool still_there(const std::string& path, int descriptor) {
    struct stat named{};
    struct stat open{};
    return ::stat(path.c_str(), &named) == 0 && ::fstat(descriptor, &open) == 0 &&
           named.st_dev == open.st_dev && named.st_ino == open.st_ino;
}

// " (process 4711)", or nothing where the holder has not written itself down.
std::string holder_of(int descriptor) {
    std::array<char, 24> text{};
    const ssize_t size = ::pread(descriptor, text.data(), text.size(), 0);
    const std::string_view read(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    const std::string_view digits = read.substr(0, read.find_first_not_of("0123456789"));
    return digits.empty() ? std::string() : " (process " + std::string(digits) + ")";
}

void name_holder(int descriptor) {
    const std::string text = std::to_string(::getpid()) + "\n";
    // For people only: without it the refusal just cannot say who holds the lock.
    if (::ftruncate(descriptor, 0) == 0) {
        [[maybe_unused]] const ssize_t written = ::pwrite(descriptor, text.data(), text.size(), 0);
    }
}

Error cannot(const std::string& path, const std::string& lock, int code) {
    const bool full = code == ENOSPC || code == EDQUOT;
    const bool unknown = code == ENOLCK || code == EOPNOTSUPP || code == ENOSYS;
    return fail(path + ": cannot be locked against a second writer (" + lock + ": " +
                std::strerror(code) + "); " +
                (full      ? "free space and start again"
                 : unknown ? "put the database on a local disk"
                           : "let this user write to the file and its directory"));
}

}  // namespace

Result<FileLock> FileLock::acquire(const std::string& path) {
    const std::string lock = lock_path(path);
    for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
        const int descriptor = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
        if (descriptor < 0) {
            return cannot(path, lock, errno);
        }
        if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
            const int code = errno;
            const std::string holder = holder_of(descriptor);
            ::close(descriptor);
            if (code == EINTR) {
                continue;
            }
            if (code != EWOULDBLOCK) {
                return cannot(path, lock, code);
            }
            return fail(path + ": another paperd" + holder +
                            " is writing to it, and only one may; stop that one first, or name "
                            "another file with --db",
                        ErrorKind::usage);
        }
        if (still_there(lock, descriptor)) {
            name_holder(descriptor);
            return FileLock(lock, descriptor);
        }
        ::close(descriptor);
    }
    return cannot(path, lock, EAGAIN);
}

FileLock::~FileLock() {
    if (descriptor_ >= 0) {
        // In this order: whoever opened the file before it went sees that it is gone.
        if (still_there(path_, descriptor_)) {
            ::unlink(path_.c_str());
        }
        ::close(descriptor_);
    }
}

}  // namespace paperd::storage
