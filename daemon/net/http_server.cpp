#include "daemon/net/http_server.h"

#include <exception>
#include <optional>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>

#include "daemon/api/routes.h"

namespace paperd::daemon {

namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using net::ip::tcp;

// The accept loop waits this long after an error such as too many open files.
constexpr std::chrono::milliseconds kAcceptPause{100};

auto to(error_code& error) { return net::redirect_error(net::use_awaitable, error); }

// An exception out of a coroutine is a programmer's error: it ends the process through run().
void rethrow(std::exception_ptr error) {
    if (error) {
        std::rethrow_exception(std::move(error));
    }
}

http::response<http::string_body> to_response(HttpReply reply, unsigned version) {
    http::response<http::string_body> response;
    response.version(version);
    response.result(reply.status);
    response.set(http::field::server, "paperd/" PAPERD_VERSION);
    response.set(http::field::content_type, reply.content_type);
    response.set(http::field::cache_control, "no-store");
    response.set("X-Content-Type-Options", "nosniff");
    if (reply.status == 401) {
        response.set(http::field::www_authenticate, "Bearer");
    }
    if (!reply.allow.empty()) {
        response.set(http::field::allow, reply.allow);
    }
    response.body() = std::move(reply.body);
    return response;
}

// What a request that could not be read deserves; nothing for a connection that is gone.
std::optional<HttpReply> refusal(const error_code& error, const HttpLimits& limits) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow) {
        return error_reply(
            431, fmt::format("the header is larger than {} bytes", limits.header_bytes_max));
    }
    if (error == http::error::body_limit) {
        return error_reply(413,
                           fmt::format("the body is larger than {} bytes", limits.body_bytes_max));
    }
    if (error == http::error::end_of_stream || error == http::error::partial_message ||
        error.category() != make_error_code(http::error::bad_method).category()) {
        return std::nullopt;
    }
    return error_reply(400, fmt::format("this is not an HTTP request: {}", error.message()));
}

}  // namespace

class HttpServer::Session {
public:
    Session(HttpServer& server, tcp::socket socket)
        : server_(&server), stream_(std::move(socket)), buffer_(buffer_bytes_max(server.limits_)) {
        place_ = server.sessions_.insert(server.sessions_.end(), this);
    }

    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    ~Session() {
        if (server_ != nullptr) {
            server_->sessions_.erase(place_);
        }
    }

    // The server is no more.
    void orphan() {
        server_ = nullptr;
        stream_.close();
    }

    void stop() {
        stopping_ = true;
        if (!writing_) {
            stream_.close();
        }
    }

    net::awaitable<void> run() {
        bool keep = true;
        while (keep && server_ != nullptr) {
            keep = co_await serve_one();
        }
        error_code ignored;
        (void)stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    }

private:
    static std::size_t buffer_bytes_max(const HttpLimits& limits) {
        return limits.header_bytes_max + static_cast<std::size_t>(limits.body_bytes_max);
    }

    // One request and its answer; whether the connection is kept for another.
    net::awaitable<bool> serve_one() {
        http::request_parser<http::string_body> parser;
        parser.header_limit(server_->limits_.header_bytes_max);
        parser.body_limit(server_->limits_.body_bytes_max);
        stream_.expires_after(server_->limits_.request_timeout);
        error_code error;
        co_await http::async_read(stream_, buffer_, parser, to(error));
        if (server_ == nullptr) {
            co_return false;
        }
        if (error) {
            auto reply = refusal(error, server_->limits_);
            if (reply) {
                auto response = to_response(std::move(*reply), 11);
                response.keep_alive(false);
                response.prepare_payload();
                co_await write(response);
            }
            co_return false;
        }
        const auto& request = parser.get();
        HttpReply reply = answer({.method = request.method_string(),
                                  .target = request.target(),
                                  .host = request[http::field::host],
                                  .authorization = request[http::field::authorization],
                                  .body = request.body()},
                                 server_->source_, server_->token_);
        auto response = to_response(std::move(reply), request.version());
        response.keep_alive(request.keep_alive() && !stopping_);
        response.prepare_payload();
        if (request.method() == http::verb::head) {
            response.body().clear();  // its length stays in the header
        }
        co_return co_await write(response);
    }

    net::awaitable<bool> write(http::response<http::string_body>& response) {
        error_code error;
        writing_ = true;
        co_await http::async_write(stream_, response, to(error));
        writing_ = false;
        co_return !error && response.keep_alive() && !stopping_;
    }

    HttpServer* server_;
    std::list<Session*>::iterator place_;
    beast::tcp_stream stream_;
    beast::flat_buffer buffer_;
    bool writing_ = false;
    bool stopping_ = false;
};

class HttpServer::Listener {
public:
    Listener(HttpServer& server, tcp::acceptor acceptor)
        : server_(&server), acceptor_(std::move(acceptor)) {
        server.listener_ = this;
    }

    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    ~Listener() {
        if (server_ != nullptr) {
            server_->listener_ = nullptr;
        }
    }

    void orphan() {
        server_ = nullptr;
        stop();
    }

    void stop() {
        error_code ignored;
        (void)acceptor_.close(ignored);
        pause_.cancel();
    }

    net::awaitable<void> run() {
        while (acceptor_.is_open()) {
            error_code error;
            tcp::socket socket = co_await acceptor_.async_accept(to(error));
            if (!acceptor_.is_open() || server_ == nullptr) {
                co_return;
            }
            if (error) {
                pause_.expires_after(kAcceptPause);
                co_await pause_.async_wait(to(error));
                continue;
            }
            if (server_->sessions_.size() >= server_->limits_.sessions_max) {
                refuse(socket);
                continue;
            }
            net::co_spawn(acceptor_.get_executor(),
                          run_session(std::make_unique<Session>(*server_, std::move(socket))),
                          rethrow);
        }
    }

    // The coroutine's frame owns the listener.
    static net::awaitable<void> run_owned(std::unique_ptr<Listener> listener) {
        co_await listener->run();
    }

private:
    // A connection too many must not cost a coroutine; the few bytes fit the empty socket.
    static void refuse(tcp::socket& socket) {
        constexpr std::string_view kBusy =
            "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        error_code ignored;
        (void)socket.non_blocking(true, ignored);
        (void)socket.write_some(net::buffer(kBusy), ignored);
        (void)socket.shutdown(tcp::socket::shutdown_send, ignored);
    }

    // The coroutine's frame owns the session.
    static net::awaitable<void> run_session(std::unique_ptr<Session> session) {
        co_await session->run();
    }

    HttpServer* server_;
    tcp::acceptor acceptor_;
    net::steady_timer pause_{acceptor_.get_executor()};
};

HttpServer::HttpServer(std::string token, StatusSource& source, HttpLimits limits)
    : token_(std::move(token)), source_(source), limits_(limits) {}

Result<std::unique_ptr<HttpServer>> HttpServer::start(net::io_context& context, int port,
                                                      std::string token, StatusSource& source,
                                                      HttpLimits limits) {
    if (port < 0 || port > 65535) {
        return fail(
            fmt::format("server.port: {} is not a port; use 1 to 65535, or 0 for a free one", port),
            ErrorKind::usage);
    }
    const tcp::endpoint endpoint(net::ip::address_v4::loopback(),
                                 static_cast<net::ip::port_type>(port));
    tcp::acceptor acceptor(context);
    error_code error;
    (void)acceptor.open(endpoint.protocol(), error);
    if (!error) {
        (void)acceptor.set_option(tcp::acceptor::reuse_address(true), error);  // restart at once
    }
    if (!error) {
        (void)acceptor.bind(endpoint, error);
    }
    if (!error) {
        (void)acceptor.listen(tcp::acceptor::max_listen_connections, error);
    }
    if (error == net::error::address_in_use) {
        return fail(fmt::format(
            "cannot listen on 127.0.0.1:{}: the port is in use, perhaps by another paperd ('paperd "
            "ctl status --port {}' asks it); stop that, or set server.port to a free port, or to 0 "
            "for any",
            port, port));
    }
    if (error) {
        return fail(
            fmt::format("cannot listen on 127.0.0.1:{}: {}; set server.port to another "
                        "port, above 1023 unless paperd may use those below",
                        port, error.message()));
    }
    std::unique_ptr<HttpServer> server(new HttpServer(std::move(token), source, limits));
    server->port_ = acceptor.local_endpoint().port();
    net::co_spawn(context,
                  Listener::run_owned(std::make_unique<Listener>(*server, std::move(acceptor))),
                  rethrow);
    return server;
}

HttpServer::~HttpServer() {
    if (listener_ != nullptr) {
        listener_->orphan();
    }
    for (Session* session : sessions_) {
        session->orphan();
    }
}

void HttpServer::stop() {
    if (listener_ != nullptr) {
        listener_->stop();
    }
    for (Session* session : sessions_) {
        session->stop();
    }
}

}  // namespace paperd::daemon
