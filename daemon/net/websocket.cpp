#include "daemon/net/websocket.h"

#include <utility>

#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "daemon/net/awaiting.h"
#include "daemon/net/websocket_accept.h"

namespace paperd::daemon {

namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

}  // namespace

struct WebSocket::Rep {
    // Without compression: its windows cost 64 KiB a connection, and the messages are small.
    using Stream = websocket::stream<ByteStream, false>;

    Rep(ByteStream stream, Timers& its_timers, WebSocketLimits its_limits)
        : timers(its_timers), limits(its_limits), socket(std::move(stream)) {
        socket.read_message_max(limits.message_bytes_max);
        socket.text(true);
        socket.control_callback([this](websocket::frame_type, beast::string_view) { heard(); });
    }

    Rep(const Rep&) = delete;
    Rep& operator=(const Rep&) = delete;
    ~Rep() = default;

    // While a read waits: pongs are seen by reads alone.
    void heard() {
        if (reading) {
            pinged = false;
            silence = timers.call_after(limits.silence_max / 2, [this] { fell_silent(); });
        }
    }

    void fell_silent() {
        if (pinged) {
            timed_out = true;
            socket.next_layer().close();
            return;
        }
        pinged = true;
        socket.async_ping({}, [](const error_code&) {});
        silence = timers.call_after(limits.silence_max / 2, [this] { fell_silent(); });
    }

    [[nodiscard]] HttpFailure failure(const error_code& error, const char* doing) const {
        if (timed_out) {
            return {NoAnswer::timed_out,
                    std::string("the WebSocket was ") + doing + ": nothing came in time"};
        }
        const NoAnswer kind =
            error == net::error::operation_aborted ? NoAnswer::cancelled
            : error.category() == make_error_code(websocket::error::closed).category()
                ? NoAnswer::malformed
                : NoAnswer::closed;
        return {kind, std::string("the WebSocket was ") + doing + ": " + error.message()};
    }

    // The other side's hands are shaken in time, or the connection is closed.
    [[nodiscard]] std::unique_ptr<Alarm> handshake_deadline() {
        return timers.call_after(limits.handshake_timeout, [this] {
            timed_out = true;
            socket.next_layer().close();
        });
    }

    Timers& timers;
    WebSocketLimits limits;
    Stream socket;
    beast::flat_buffer buffer;
    std::unique_ptr<Alarm> silence;
    bool reading = false;
    bool pinged = false;
    bool timed_out = false;
};

WebSocket::WebSocket(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}

WebSocket::WebSocket() noexcept = default;

WebSocket::WebSocket(WebSocket&&) noexcept = default;

WebSocket::~WebSocket() = default;

net::awaitable<HttpResult<WebSocket>> WebSocket::connect(ByteStream stream, Timers& timers,
                                                         std::string host, std::string target,
                                                         WebSocketLimits limits) {
    auto rep = std::make_unique<Rep>(std::move(stream), timers, limits);
    auto deadline = rep->handshake_deadline();
    error_code error;
    co_await rep->socket.async_handshake(host, target, to(error));
    deadline.reset();
    if (error) {
        co_return rep->failure(error, "asked for");
    }
    co_return WebSocket(std::move(rep));
}

net::awaitable<HttpResult<WebSocket>> WebSocketAccess::accept(
    ByteStream stream, Timers& timers,
    const beast::http::request<beast::http::string_body>& request, WebSocketLimits limits) {
    auto rep = std::make_unique<WebSocket::Rep>(std::move(stream), timers, limits);
    auto deadline = rep->handshake_deadline();
    error_code error;
    co_await rep->socket.async_accept(request, to(error));
    deadline.reset();
    if (error) {
        co_return rep->failure(error, "agreed to");
    }
    co_return WebSocket(std::move(rep));
}

net::awaitable<HttpResult<std::optional<std::string>>> WebSocket::read() {
    Rep& rep = *rep_;
    rep.reading = true;
    rep.heard();
    error_code error;
    co_await rep.socket.async_read(rep.buffer, to(error));
    rep.reading = false;
    rep.silence.reset();
    if (error == websocket::error::closed) {
        co_return std::optional<std::string>();
    }
    if (error) {
        co_return rep.failure(error, "read");
    }
    std::optional<std::string> message(beast::buffers_to_string(rep.buffer.data()));
    rep.buffer.clear();
    co_return message;
}

net::awaitable<HttpResult<void>> WebSocket::write(std::string_view text) {
    error_code error;
    co_await rep_->socket.async_write(net::buffer(text), to(error));
    if (error) {
        co_return rep_->failure(error, "written");
    }
    co_return HttpResult<void>();
}

net::awaitable<void> WebSocket::close() {
    const auto deadline = rep_->handshake_deadline();
    error_code ignored;
    co_await rep_->socket.async_close(websocket::close_code::normal, to(ignored));
}

}  // namespace paperd::daemon
