// The daemon's HTTP server on 127.0.0.1: one coroutine a connection, all on the io_context's one
// thread. Bounded in connections, sizes and times. What is answered stands in daemon/api/routes.h.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <string>

#include "daemon/api/status_source.h"
#include "execution/types/result.h"

namespace boost::asio {
class io_context;  // NOLINT(readability-identifier-naming): Asio's name
}

namespace paperd::daemon {

struct HttpLimits {
    std::size_t sessions_max = 32;
    std::uint32_t header_bytes_max = 8192;
    std::uint64_t body_bytes_max = 4096;
    // From the wait for a request to the end of its answer; idle connections are closed after it.
    std::chrono::milliseconds request_timeout{10'000};
};

class HttpServer {
public:
    // Listens from now on; `port` 0 picks a free one. `source` outlives the server. Error: the port
    // is taken or not allowed, with the remedy.
    static Result<std::unique_ptr<HttpServer>> start(boost::asio::io_context& context, int port,
                                                     std::string token, StatusSource& source,
                                                     HttpLimits limits = {});

    // Stops, abruptly. The io_context may go before or after the server.
    ~HttpServer();

    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    [[nodiscard]] int port() const { return port_; }

    [[nodiscard]] std::size_t sessions() const { return sessions_.size(); }

    // Accepts no more, closes idle connections and lets answers that are being written end. The
    // io_context then runs out of the server's work within request_timeout.
    void stop();

private:
    class Listener;
    class Session;

    HttpServer(std::string token, StatusSource& source, HttpLimits limits);

    std::string token_;
    StatusSource& source_;
    HttpLimits limits_;
    int port_ = 0;
    // Both live in their coroutines' frames and unregister themselves when they end.
    Listener* listener_ = nullptr;
    std::list<Session*> sessions_;
};

}  // namespace paperd::daemon
