#include "daemon/net/http_server.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <optional>
#include <utility>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <fmt/format.h>

#include "daemon/net/awaiting.h"
#include "daemon/net/websocket_accept.h"

namespace paperd::daemon {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using Response = http::response<http::string_body>;

// The accept loop waits this long after an error such as too many open files.
constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr std::chrono::seconds kGoodbyeTimeout{1};
constexpr unsigned kSwitchingProtocols = 101;

// An exception out of a coroutine is a programmer's error: it ends the process through run().
void rethrow(std::exception_ptr error) {
    if (error) {
        std::rethrow_exception(std::move(error));
    }
}

HttpRequest to_request(http::request<http::string_body>& message) {
    HttpRequest request{.method = message.method_string(), .target = message.target()};
    for (const auto& field : message) {
        request.fields.push_back({field.name_string(), field.value()});
    }
    request.body = std::move(message.body());
    return request;
}

Response to_response(HttpReply reply, unsigned version, bool keep_alive) {
    Response response;
    response.version(version);
    response.result(reply.status);
    response.set(http::field::server, "paperd/" PAPERD_VERSION);
    for (const HttpField& field : reply.fields) {
        response.insert(field.name, field.value);
    }
    response.body() = std::move(reply.body);
    response.keep_alive(keep_alive);
    response.prepare_payload();
    return response;
}

struct Refusal {
    unsigned status = 0;
    std::string sentence;
};

// What a request that could not be read deserves; nothing for a connection that is gone.
std::optional<Refusal> refusal_of(const error_code& error, const HttpLimits& limits) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow) {
        return Refusal{431,
                       fmt::format("the header is larger than {} bytes", limits.header_bytes_max)};
    }
    if (error == http::error::body_limit) {
        return Refusal{413, fmt::format("the body is larger than {} bytes", limits.body_bytes_max)};
    }
    if (error == http::error::end_of_stream || error == http::error::partial_message ||
        error.category() != make_error_code(http::error::bad_method).category()) {
        return std::nullopt;
    }
    return Refusal{400, fmt::format("this is not an HTTP request: {}", error.message())};
}

// A connection too many must not cost a coroutine; the few bytes fit the empty socket.
void turn_away(ByteStream stream) {
    static constexpr std::string_view kBusy =
        "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    auto held = std::make_unique<ByteStream>(std::move(stream));
    ByteStream& its = *held;
    its.async_write_some(net::buffer(kBusy),
                         [kept = std::move(held)](const error_code&, std::size_t) {});
}

net::awaitable<bool> write(ByteStream& stream, Response& response) {
    error_code error;
    co_await http::async_write(stream, response, to(error));
    co_return !error && response.keep_alive();
}

}  // namespace

HttpServer::HttpServer(Timers& timers, HttpHandler handler, HttpLimits limits)
    : timers_(timers), handler_(std::move(handler)), limits_(limits) {}

void HttpServer::serve(const net::any_io_executor& executor, std::unique_ptr<StreamSource> source) {
    net::co_spawn(executor, accept_all(std::move(source)),
                  net::bind_cancellation_slot(stop_accepting_.slot(), rethrow));
}

void HttpServer::stop() {
    stopping_ = true;
    stop_accepting_.emit(net::cancellation_type::terminal);
    for (Seat& seat : seats_) {
        seat.leaving = true;
        if (seat.busy != Busy::answering) {
            seat.cancel.emit(net::cancellation_type::terminal);
        }
    }
}

net::awaitable<void> HttpServer::accept_all(std::unique_ptr<StreamSource> source) {
    co_await net::this_coro::throw_if_cancelled(false);
    while (!stopping_) {
        error_code error;
        auto stream = co_await source->accept(error);
        if (stopping_) {
            co_return;
        }
        if (!stream) {
            co_await timers_.wait(kAcceptPause);
        } else if (make_room()) {
            sit_down(std::move(*stream));
        } else {
            turn_away(std::move(*stream));
        }
    }
}

bool HttpServer::make_room() {
    const auto staying =
        std::count_if(seats_.begin(), seats_.end(), [](const Seat& seat) { return !seat.leaving; });
    if (static_cast<std::size_t>(staying) < limits_.seats_max) {
        return true;
    }
    Seat* longest = nullptr;
    for (Seat& seat : seats_) {
        const bool may_go = !seat.leaving && seat.busy == Busy::waiting;
        if (may_go && (longest == nullptr || seat.since < longest->since)) {
            longest = &seat;
        }
    }
    if (longest == nullptr) {
        return false;
    }
    longest->leaving = true;
    longest->cancel.emit(net::cancellation_type::terminal);
    return true;
}

void HttpServer::sit_down(ByteStream stream) {
    seats_.emplace_back();
    const auto place = std::prev(seats_.end());
    place->since = timers_.now();
    const auto executor = stream.get_executor();
    // The seat holds the signal that the coroutine is bound to, so it goes after the coroutine.
    const auto leave = [this, place, executor](const std::exception_ptr& failure) {
        net::post(executor, [this, place] { seats_.erase(place); });
        rethrow(failure);
    };
    net::co_spawn(executor, attend(std::move(stream), *place),
                  net::bind_cancellation_slot(place->cancel.slot(), leave));
}

HttpReply HttpServer::refusal(unsigned status, std::string_view sentence) const {
    if (handler_.refuse) {
        return handler_.refuse(status, sentence);
    }
    return {.status = status,
            .fields = {{"Content-Type", "text/plain; charset=utf-8"}},
            .body = std::string(sentence) + "\n"};
}

net::awaitable<void> HttpServer::attend(ByteStream stream, Seat& seat) {
    co_await net::this_coro::throw_if_cancelled(false);
    beast::flat_buffer buffer(limits_.header_bytes_max +
                              static_cast<std::size_t>(limits_.body_bytes_max));
    for (bool keep = true; keep && !seat.leaving;) {
        auto deadline = timers_.call_after(limits_.request_timeout, [&stream] { stream.close(); });
        http::request_parser<http::string_body> parser;
        parser.header_limit(limits_.header_bytes_max);
        parser.body_limit(limits_.body_bytes_max);
        seat.busy = Busy::waiting;
        seat.since = timers_.now();
        error_code error;
        co_await http::async_read(stream, buffer, parser, to(error));
        if (seat.leaving) {
            break;
        }
        seat.busy = Busy::answering;
        if (error) {
            if (auto why = refusal_of(error, limits_)) {
                Response response = to_response(refusal(why->status, why->sentence), 11, false);
                co_await write(stream, response);
            }
            break;
        }
        auto& message = parser.get();
        const bool upgrade = handler_.converse && beast::websocket::is_upgrade(message);
        const HttpRequest request = to_request(message);
        HttpReply reply = handler_.answer(request);
        if (upgrade && reply.status == kSwitchingProtocols) {
            if (upgrades_ < limits_.upgrades_max && buffer.size() == 0) {
                deadline.reset();
                ++upgrades_;
                seat.busy = Busy::upgraded;
                auto socket = co_await WebSocketAccess::accept(std::move(stream), timers_, message,
                                                               limits_.websocket);
                if (!socket.has_error() && !seat.leaving) {
                    co_await handler_.converse(request, std::move(*socket));
                }
                --upgrades_;
                co_return;
            }
            reply = refusal(503, "too many WebSockets are open; try again later");
        }
        Response response =
            to_response(std::move(reply), message.version(), message.keep_alive() && !seat.leaving);
        if (message.method() == http::verb::head) {
            response.body().clear();  // its length stays in the header
        }
        keep = co_await write(stream, response);
    }
    const auto deadline = timers_.call_after(kGoodbyeTimeout, [&stream] { stream.close(); });
    error_code ignored;
    co_await stream.async_shutdown(to(ignored));
}

}  // namespace paperd::daemon
