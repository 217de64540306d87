#include "daemon/net/http_client.h"

#include <cstdint>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>

namespace paperd::daemon {

namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::uint64_t kAnswerBytesMax = 8ULL << 20;

// Runs what was just started on the stream, under its timeout.
error_code finish(net::io_context& context, error_code& result) {
    context.restart();
    context.run();
    return result;
}

Error no_answer(const LocalRequest& request, const error_code& error) {
    if (error == net::error::connection_refused) {
        return fail(fmt::format(
            "nothing listens on 127.0.0.1:{}: is the daemon running? Start it with 'paperd run -c "
            "CONFIG', or give its port (server.port in its config) with --port",
            request.port));
    }
    const std::string why = error == beast::error::timeout
                                ? fmt::format("no answer in {} ms", request.timeout.count())
                                : error.message();
    return fail(fmt::format("127.0.0.1:{} did not answer {}: {}; is a paperd listening there?",
                            request.port, request.target, why));
}

}  // namespace

Result<LocalAnswer> request_local(const LocalRequest& request) {
    if (request.port < 1 || request.port > 65535) {
        return fail(fmt::format("{} is not a port; use 1 to 65535", request.port),
                    ErrorKind::usage);
    }
    net::io_context context{1};
    beast::tcp_stream stream(context);
    error_code error;
    const auto store = [&error](const error_code& result, auto&&...) { error = result; };
    stream.expires_after(request.timeout);

    stream.async_connect(net::ip::tcp::endpoint(net::ip::address_v4::loopback(),
                                                static_cast<net::ip::port_type>(request.port)),
                         store);
    if (finish(context, error)) {
        return no_answer(request, error);
    }

    http::request<http::string_body> message;
    message.version(11);
    message.method_string(request.method);
    message.target(request.target);
    message.set(http::field::host, fmt::format("127.0.0.1:{}", request.port));
    message.set(http::field::user_agent, "paperd/" PAPERD_VERSION);
    message.set(http::field::connection, "close");
    if (!request.authorization.empty()) {
        message.set(http::field::authorization, request.authorization);
    }
    if (!request.body.empty()) {
        message.set(http::field::content_type, "application/json");
    }
    message.body() = request.body;
    message.prepare_payload();
    http::async_write(stream, message, store);
    if (finish(context, error)) {
        return no_answer(request, error);
    }

    beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(kAnswerBytesMax);
    http::async_read(stream, buffer, parser, store);
    if (finish(context, error)) {
        return no_answer(request, error);
    }
    return LocalAnswer{.status = parser.get().result_int(), .body = parser.get().body()};
}

}  // namespace paperd::daemon
