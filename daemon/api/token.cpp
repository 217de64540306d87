#include "daemon/api/token.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

namespace paperd::daemon {

namespace {

using boost::system::in_place_value;

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kTokenDigits = 2 * kTokenBytes;

// A file descriptor that closes itself.
class File {
public:
    explicit File(int descriptor) : descriptor_(descriptor) {}

    File(const File&) = delete;
    File& operator=(const File&) = delete;

    ~File() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
    }

    [[nodiscard]] int get() const { return descriptor_; }

    [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }

private:
    int descriptor_;
};

Error token_error(const std::string& path, std::string_view why,
                  ErrorKind kind = ErrorKind::failed) {
    return fail(fmt::format("token file {}: {}", path, why), kind);
}

std::string errno_text() { return std::generic_category().message(errno); }

bool is_hex(std::string_view text) {
    return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Result<std::string> new_token(const std::string& path) {
    std::array<unsigned char, kTokenBytes> bytes{};
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
        return token_error(path, fmt::format("the kernel gave no random bytes: {}", errno_text()));
    }
    std::string token;
    for (const unsigned char byte : bytes) {
        token += fmt::format("{:02x}", byte);
    }
    return {in_place_value, std::move(token)};
}

// Writes beside the file and links it into place, so that nobody ever reads half a token and an
// existing one is never replaced.
// True where it was this one that is there now.
Result<bool> create_token(const std::string& path) {
    TRY_LET(const auto token, new_token(path));
    const std::string line = token + "\n";
    const std::string draft = fmt::format("{}.{}", path, ::getpid());
    ::unlink(draft.c_str());
    const File file(
        ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file.is_open()) {
        return token_error(path, fmt::format("cannot be created: {}; give a directory this user "
                                             "may write with the key server.token_file",
                                             errno_text()));
    }
    const bool written =
        ::write(file.get(), line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
        ::fsync(file.get()) == 0;
    const bool linked = written && ::link(draft.c_str(), path.c_str()) == 0;
    const bool anothers = written && !linked && errno == EEXIST;
    const std::string why = errno_text();
    ::unlink(draft.c_str());
    if (!linked && !anothers) {
        return token_error(path, fmt::format("cannot be written: {}; is there room?", why));
    }
    return linked;
}

}  // namespace

Result<std::string> read_token(const std::string& path) {
    const File file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
    if (!file.is_open()) {
        if (errno == ENOENT) {
            return token_error(path,
                               "does not exist; the daemon writes it when it starts, beside its "
                               "database unless server.token_file says otherwise: start it, or "
                               "give the file with --token-file");
        }
        if (errno == EACCES) {
            return token_error(path,
                               "this user may not read it; use the daemon's user (sudo -u USER)");
        }
        return token_error(path, fmt::format("cannot be opened: {}", errno_text()));
    }
    struct stat facts{};
    if (::fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
        return token_error(path, "is not a regular file; remove it and start the daemon again",
                           ErrorKind::usage);
    }
    if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return token_error(
            path,
            fmt::format("others than its owner may open it (mode {:o}), so it is no secret; "
                        "remove it and start the daemon again for a new one, or 'chmod 600' "
                        "it if nobody has read it",
                        facts.st_mode & 07777U),
            ErrorKind::usage);
    }
    std::array<char, kTokenDigits + 2> buffer{};
    const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
    const std::string_view text(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    const std::string_view token = text.substr(0, text.find('\n'));
    if (token.size() != kTokenDigits || !is_hex(token)) {
        return token_error(path,
                           "does not hold a token (64 hex digits); remove it and start the daemon "
                           "again for a new one",
                           ErrorKind::usage);
    }
    return {in_place_value, token};
}

Result<DaemonToken> load_or_create_token(const std::string& path) {
    DaemonToken token;
    if (::access(path.c_str(), F_OK) != 0 && errno == ENOENT) {
        TRY_LET(token.created, create_token(path));
    }
    TRY_LET(token.text, read_token(path));
    return token;
}

bool token_equal(std::string_view given, std::string_view token) {
    if (given.size() != token.size()) {
        return false;
    }
    // volatile: the compiler must not turn this into a comparison that ends at the first
    // difference.
    volatile unsigned char difference = 0;
    for (std::size_t i = 0; i < token.size(); ++i) {
        difference =
            static_cast<unsigned char>(difference | (static_cast<unsigned char>(given[i]) ^
                                                     static_cast<unsigned char>(token[i])));
    }
    return difference == 0;
}

}  // namespace paperd::daemon
