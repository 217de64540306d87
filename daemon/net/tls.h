// TLS over any byte stream. Certificates are verified, names included; there is no way to switch
// that off.
#pragma once

#include <string>

#include <boost/asio/awaitable.hpp>

#include "daemon/net/byte_stream.h"
#include "daemon/net/http_message.h"
#include "daemon/net/timers.h"

namespace paperd::daemon {

// Who a client believes: the authorities of that PEM file alone, or (empty) the system's.
struct TlsTrust {
    std::string ca_file;
};

// Who a server is: PEM files, for tests and the exchange simulator.
struct TlsIdentity {
    std::string certificate_file;  // the chain
    std::string key_file;
};

// The client's side: shakes hands with `host`, which the certificate must name.
boost::asio::awaitable<HttpResult<ByteStream>> start_tls(ByteStream stream, Timers& timers,
                                                         std::string host, TlsTrust trust,
                                                         Timers::Duration timeout);

// The server's side.
boost::asio::awaitable<HttpResult<ByteStream>> accept_tls(ByteStream stream, Timers& timers,
                                                          TlsIdentity identity,
                                                          Timers::Duration timeout);

}  // namespace paperd::daemon
