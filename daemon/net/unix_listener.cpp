#include <cerrno>
#include <cstddef>
#include <cstring>
#include <system_error>
#include <utility>

#include <boost/asio/local/stream_protocol.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/net/awaiting.h"
#include "daemon/net/listeners.h"
#include "daemon/net/socket_stream.h"
#include "daemon/net/unix_address.h"

namespace paperd::daemon {
namespace {

namespace net = boost::asio;
using boost::system::error_code;
using local = net::local::stream_protocol;

struct Identity {
    dev_t device = 0;
    ino_t inode = 0;

    bool operator==(const Identity&) const = default;
};

// What has that name now; nothing there: errno.
std::optional<struct stat> look_at(const UnixAddress& address) {
    struct stat facts{};
    if (::fstatat(address.folder(), address.name().c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0) {
        return std::nullopt;
    }
    return facts;
}

Error cannot(const std::string& path, std::string_view why) {
    return fail(
        fmt::format("cannot listen on the socket {}: {}; let this user write to its "
                    "folder, or name another place with server.socket",
                    path, why));
}

std::string errno_text() { return std::generic_category().message(errno); }

class OwnersListener final : public UnixListener {
public:
    OwnersListener(local::acceptor acceptor, UnixAddress address, std::string path,
                   Identity identity)
        : acceptor_(std::move(acceptor)),
          address_(std::move(address)),
          path_(std::move(path)),
          identity_(identity) {}

    OwnersListener(const OwnersListener&) = delete;
    OwnersListener& operator=(const OwnersListener&) = delete;

    ~OwnersListener() override {
        const auto there = look_at(address_);
        if (there && Identity{there->st_dev, there->st_ino} == identity_) {
            ::unlinkat(address_.folder(), address_.name().c_str(), 0);
        }
    }

    net::awaitable<std::optional<ByteStream>> accept(error_code& error) override {
        local::socket socket = co_await acceptor_.async_accept(to(error));
        if (error) {
            co_return std::nullopt;
        }
        co_return make_stream(std::move(socket));
    }

    [[nodiscard]] const std::string& path() const override { return path_; }

private:
    local::acceptor acceptor_;
    UnixAddress address_;
    std::string path_;
    Identity identity_;
};

// Takes away what a dead process left. Error: a living one, or no socket.
Result<void> make_room(const net::any_io_executor& executor, const UnixAddress& address,
                       const std::string& path) {
    const auto there = look_at(address);
    if (!there) {
        return {};
    }
    if (!S_ISSOCK(there->st_mode)) {
        return fail(fmt::format("{} is there and is no socket; remove it, or name another place "
                                "with server.socket",
                                path),
                    ErrorKind::usage);
    }
    local::socket probe(executor);
    error_code error;
    (void)probe.connect(local::endpoint(address.address()), error);
    if (!error || error == net::error::try_again || error == net::error::would_block) {
        return fail(fmt::format("{}: another paperd listens there, so it runs this database; stop "
                                "that one first, or name another database with --db",
                                path),
                    ErrorKind::usage);
    }
    if (error != net::error::connection_refused) {
        return cannot(path, error.message());
    }
    ::unlinkat(address.folder(), address.name().c_str(), 0);
    return {};
}

}  // namespace

Result<std::unique_ptr<UnixListener>> UnixListener::open(const net::any_io_executor& executor,
                                                         const std::string& path) {
    TRY_LET(auto address, UnixAddress::of(path));
    // Of two that start at once, one makes room and listens before the other looks. The lock is the
    // folder's, for these few calls.
    while (::flock(address.folder(), LOCK_EX) != 0) {
        if (errno != EINTR) {
            return cannot(path, errno_text());
        }
    }
    TRY(make_room(executor, address, path));
    local::acceptor acceptor(executor);
    error_code error;
    (void)acceptor.open(local(), error);
    if (!error && ::fchmod(acceptor.native_handle(), 0600) != 0) {  // before it has a name
        return cannot(path, errno_text());
    }
    if (!error) {
        (void)acceptor.bind(local::endpoint(address.address()), error);
    }
    if (!error) {
        (void)acceptor.listen(local::acceptor::max_listen_connections, error);
    }
    const auto made = look_at(address);
    if (error || !made) {
        return cannot(path, error ? error.message() : errno_text());
    }
    ::flock(address.folder(), LOCK_UN);
    return std::unique_ptr<UnixListener>(new OwnersListener(
        std::move(acceptor), std::move(address), path, Identity{made->st_dev, made->st_ino}));
}

}  // namespace paperd::daemon
