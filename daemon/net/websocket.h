// A WebSocket over any byte stream, for clients and servers: whole text messages, bounded in size,
// and an end for what has fallen silent.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "daemon/net/byte_stream.h"
#include "daemon/net/http_message.h"
#include "daemon/net/timers.h"

namespace paperd::daemon {

struct WebSocketLimits {
    std::size_t message_bytes_max = 1 << 20;
    Timers::Duration handshake_timeout = std::chrono::seconds{10};
    // Nothing heard for half of it: a ping; for the whole of it: the connection is over.
    Timers::Duration silence_max = std::chrono::seconds{60};
};

class WebSocket {
public:
    // The client's side: asks for the upgrade. The timers outlive the socket.
    static boost::asio::awaitable<HttpResult<WebSocket>> connect(ByteStream stream, Timers& timers,
                                                                 std::string host,
                                                                 std::string target,
                                                                 WebSocketLimits limits = {});

    // No socket at all; what a result needs that holds one later.
    WebSocket() noexcept;
    WebSocket(WebSocket&&) noexcept;
    WebSocket& operator=(WebSocket&&) = delete;
    WebSocket(const WebSocket&) = delete;
    WebSocket& operator=(const WebSocket&) = delete;
    ~WebSocket();

    // The next message; nothing: the other side has closed, in order. One read at a time.
    boost::asio::awaitable<HttpResult<std::optional<std::string>>> read();

    // A text message. One write at a time; a read may be under way.
    boost::asio::awaitable<HttpResult<void>> write(std::string_view text);

    // In order; not while a write is under way.
    boost::asio::awaitable<void> close();

private:
    friend struct WebSocketAccess;
    struct Rep;
    explicit WebSocket(std::unique_ptr<Rep> rep);
    std::unique_ptr<Rep> rep_;
};

}  // namespace paperd::daemon
