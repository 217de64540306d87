#include "daemon/net/http_client.h"

#include <utility>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>

#include "daemon/net/awaiting.h"

namespace paperd::daemon {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

NoAnswer kind_of(const error_code& error) {
    if (error == net::error::operation_aborted) {
        return NoAnswer::cancelled;
    }
    const bool ended = error == http::error::end_of_stream || error == http::error::partial_message;
    const bool parsing = error.category() == make_error_code(http::error::bad_method).category();
    return parsing && !ended ? NoAnswer::malformed : NoAnswer::closed;
}

http::request<http::string_body> to_message(const HttpRequest& request, const std::string& host) {
    http::request<http::string_body> message;
    message.version(11);
    message.method_string(request.method);
    message.target(request.target);
    message.set(http::field::host, host);
    message.set(http::field::user_agent, "paperd/" PAPERD_VERSION);
    for (const HttpField& field : request.fields) {
        message.set(field.name, field.value);
    }
    message.body() = request.body;
    message.prepare_payload();
    return message;
}

HttpReply to_reply(http::response<http::string_body>& message) {
    HttpReply reply{.status = message.result_int()};
    for (const auto& field : message) {
        reply.fields.push_back({field.name_string(), field.value()});
    }
    reply.body = std::move(message.body());
    return reply;
}

}  // namespace

struct HttpClient::Connection {
    explicit Connection(ByteStream its_stream) : stream(std::move(its_stream)) {}

    ByteStream stream;
    beast::flat_buffer buffer;
};

HttpClient::HttpClient(Timers& timers, Connect connect, std::string host, HttpClientLimits limits)
    : timers_(timers), connect_(std::move(connect)), host_(std::move(host)), limits_(limits) {}

HttpClient::~HttpClient() = default;

net::awaitable<HttpResult<HttpReply>> HttpClient::request(HttpRequest request) {
    const bool kept = connected();
    auto reply = co_await try_once(request);
    const bool stale = kept && reply.has_error() && reply.error().kind == NoAnswer::closed;
    if (stale && (request.method == "GET" || request.method == "HEAD")) {
        co_return co_await try_once(request);
    }
    co_return reply;
}

net::awaitable<HttpResult<HttpReply>> HttpClient::try_once(const HttpRequest& request) {
    // Only an answer that was read to its end puts the connection back.
    auto connection = std::exchange(connection_, nullptr);
    if (!connection) {
        auto stream = co_await connect_();
        if (stream.has_error()) {
            co_return stream.error();
        }
        connection = std::make_unique<Connection>(std::move(*stream));
    }
    bool late = false;
    const auto close_when_late = [&] {
        late = true;
        connection->stream.close();
    };
    const auto failed = [&](const error_code& error, const char* doing) {
        return late ? HttpFailure{NoAnswer::timed_out,
                                  fmt::format("{} did not answer {} in time ({})", host_,
                                              request.target, doing)}
                    : HttpFailure{kind_of(error),
                                  fmt::format("{} did not answer {}: {} ({})", host_,
                                              request.target, error.message(), doing)};
    };

    error_code error;
    auto deadline = timers_.call_after(limits_.write_timeout, close_when_late);
    auto message = to_message(request, host_);
    co_await http::async_write(connection->stream, message, to(error));
    if (error) {
        co_return failed(error, "while the request was written");
    }

    deadline = timers_.call_after(limits_.answer_timeout, close_when_late);
    http::response_parser<http::string_body> parser;
    parser.header_limit(limits_.header_bytes_max);
    parser.body_limit(limits_.body_bytes_max);
    if (request.method == "HEAD") {
        parser.skip(true);
    }
    co_await http::async_read(connection->stream, connection->buffer, parser, to(error));
    if (error) {
        co_return failed(error, "while the answer was read");
    }
    const bool keep = parser.keep_alive();
    auto answer = parser.release();
    if (keep) {
        connection_ = std::move(connection);
    }
    co_return to_reply(answer);
}

}  // namespace paperd::daemon
