// Sockets as byte streams.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "daemon/net/byte_stream.h"

namespace paperd::daemon {

// Connected sockets. Small writes go out at once (TCP_NODELAY).
ByteStream make_stream(boost::asio::ip::tcp::socket socket);
ByteStream make_stream(boost::asio::local::stream_protocol::socket socket);

}  // namespace paperd::daemon
