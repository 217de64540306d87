// An HTTP client for one place, over whatever a function connects: the connection is kept from one
// request to the next, and every step has its time-out.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "daemon/net/byte_stream.h"
#include "daemon/net/http_message.h"
#include "daemon/net/timers.h"

namespace paperd::daemon {

struct HttpClientLimits {
    std::uint32_t header_bytes_max = 64 << 10;
    std::uint64_t body_bytes_max = 8 << 20;
    Timers::Duration write_timeout = std::chrono::seconds{10};
    Timers::Duration answer_timeout = std::chrono::seconds{10};  // after the request was written
};

class HttpClient {
public:
    // connect_tcp() and its like in daemon/net/connect.h, within a function.
    using Connect = std::function<boost::asio::awaitable<HttpResult<ByteStream>>()>;

    // `host` goes into the field Host and into error texts. The timers outlive the client, and the
    // client its requests.
    HttpClient(Timers& timers, Connect connect, std::string host, HttpClientLimits limits = {});
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    // Any status is an answer. One request at a time. A kept connection that turns out to be closed
    // is replaced once, for GET and HEAD: of others nobody knows whether they were taken.
    boost::asio::awaitable<HttpResult<HttpReply>> request(HttpRequest request);

    [[nodiscard]] bool connected() const { return connection_ != nullptr; }

private:
    struct Connection;

    boost::asio::awaitable<HttpResult<HttpReply>> try_once(const HttpRequest& request);

    Timers& timers_;
    Connect connect_;
    std::string host_;
    HttpClientLimits limits_;
    std::unique_ptr<Connection> connection_;  // null: none is kept
};

}  // namespace paperd::daemon
