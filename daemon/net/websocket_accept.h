// The server's side of the upgrade, once the request has been read.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include "daemon/net/websocket.h"

namespace paperd::daemon {

struct WebSocketAccess {
    static boost::asio::awaitable<HttpResult<WebSocket>> accept(
        ByteStream stream, Timers& timers,
        const boost::beast::http::request<boost::beast::http::string_body>& request,
        WebSocketLimits limits);
};

}  // namespace paperd::daemon
