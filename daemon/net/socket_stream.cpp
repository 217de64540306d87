#include "daemon/net/socket_stream.h"

#include <utility>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/post.hpp>

namespace paperd::daemon {
namespace {

namespace net = boost::asio;
using boost::system::error_code;

template <class Socket>
class SocketStream final : public StreamBody {
public:
    explicit SocketStream(Socket socket) : socket_(std::move(socket)) {}

    net::any_io_executor executor() override { return socket_.get_executor(); }

    void read_some(net::mutable_buffer into, Slot slot, Done done) override {
        socket_.async_read_some(into, net::bind_cancellation_slot(slot, std::move(done)));
    }

    void write_some(std::span<const net::const_buffer> from, Slot slot, Done done) override {
        socket_.async_write_some(from, net::bind_cancellation_slot(slot, std::move(done)));
    }

    void shutdown(Slot, Done done) override {
        error_code error;
        (void)socket_.shutdown(Socket::shutdown_send, error);
        net::post(socket_.get_executor(),
                  [done = std::move(done), error]() mutable { done(error, 0); });
    }

    void close() override {
        error_code ignored;
        (void)socket_.close(ignored);
    }

private:
    Socket socket_;
};

}  // namespace

ByteStream make_stream(net::ip::tcp::socket socket) {
    error_code ignored;
    (void)socket.set_option(net::ip::tcp::no_delay(true), ignored);
    return ByteStream(std::make_unique<SocketStream<net::ip::tcp::socket>>(std::move(socket)));
}

ByteStream make_stream(net::local::stream_protocol::socket socket) {
    return ByteStream(
        std::make_unique<SocketStream<net::local::stream_protocol::socket>>(std::move(socket)));
}

}  // namespace paperd::daemon
