#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

#include "daemon/net/awaiting.h"
#include "daemon/net/listeners.h"
#include "daemon/net/socket_stream.h"

namespace paperd::daemon {
namespace {

namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;

class LoopbackListener final : public TcpListener {
public:
    explicit LoopbackListener(tcp::acceptor acceptor)
        : acceptor_(std::move(acceptor)), port_(acceptor_.local_endpoint().port()) {}

    net::awaitable<std::optional<ByteStream>> accept(error_code& error) override {
        tcp::socket socket = co_await acceptor_.async_accept(to(error));
        if (error) {
            co_return std::nullopt;
        }
        co_return make_stream(std::move(socket));
    }

    [[nodiscard]] int port() const override { return port_; }

private:
    tcp::acceptor acceptor_;
    int port_;
};

}  // namespace

Result<std::unique_ptr<TcpListener>> TcpListener::open(const net::any_io_executor& executor,
                                                       int port) {
    if (port < 0 || port > 65535) {
        return fail(fmt::format("{} is not a port; use 1 to 65535, or 0 for a free one", port),
                    ErrorKind::usage);
    }
    const tcp::endpoint endpoint(net::ip::address_v4::loopback(),
                                 static_cast<net::ip::port_type>(port));
    tcp::acceptor acceptor(executor);
    error_code error;
    (void)acceptor.open(endpoint.protocol(), error);
    if (!error) {
        (void)acceptor.set_option(tcp::acceptor::reuse_address(true), error);  // restart at once
    }
    if (!error) {
        (void)acceptor.bind(endpoint, error);
    }
    if (!error) {
        (void)acceptor.listen(tcp::acceptor::max_listen_connections, error);
    }
    if (error == net::error::address_in_use) {
        return fail(
            fmt::format("cannot listen on 127.0.0.1:{}: the port is in use by another program; "
                        "stop that, or choose a free port, or 0 for any",
                        port));
    }
    if (error) {
        return fail(
            fmt::format("cannot listen on 127.0.0.1:{}: {}; choose another port, above "
                        "1023 unless this user may use those below, or 0 for any",
                        port, error.message()));
    }
    return std::unique_ptr<TcpListener>(new LoopbackListener(std::move(acceptor)));
}

}  // namespace paperd::daemon
