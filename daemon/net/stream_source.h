// Where a server's connections come from.
#pragma once

#include <optional>

#include <boost/asio/awaitable.hpp>
#include <boost/system/error_code.hpp>

#include "daemon/net/byte_stream.h"

namespace paperd::daemon {

class StreamSource {
public:
    StreamSource() = default;
    virtual ~StreamSource() = default;
    StreamSource(const StreamSource&) = delete;
    StreamSource& operator=(const StreamSource&) = delete;

    // The next connection. Nothing: `error` says why; operation_aborted after a cancellation,
    // others (too many open files) may pass.
    virtual boost::asio::awaitable<std::optional<ByteStream>> accept(
        boost::system::error_code& error) = 0;
};

}  // namespace paperd::daemon
