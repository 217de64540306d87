// Connections to make, each within its time.
#pragma once

#include <string>

#include <boost/asio/awaitable.hpp>

#include "daemon/net/byte_stream.h"
#include "daemon/net/http_message.h"
#include "daemon/net/timers.h"

namespace paperd::daemon {

// A name and a port or service ("443"); addresses are tried in the resolver's order.
boost::asio::awaitable<HttpResult<ByteStream>> connect_tcp(Timers& timers, std::string host,
                                                           std::string service,
                                                           Timers::Duration timeout);

// A Unix socket, however long its path is.
boost::asio::awaitable<HttpResult<ByteStream>> connect_unix(Timers& timers, std::string path,
                                                            Timers::Duration timeout);

}  // namespace paperd::daemon
