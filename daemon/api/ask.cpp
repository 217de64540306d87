#include "daemon/api/ask.h"

#include <exception>
#include <optional>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "daemon/net/backoff.h"
#include "daemon/net/connect.h"
#include "daemon/net/http_client.h"

namespace paperd::daemon {
namespace {

namespace net = boost::asio;

constexpr unsigned kServiceUnavailable = 503;

net::awaitable<HttpResult<ByteStream>> reach(Timers& timers, const Place& place,
                                             Timers::Duration timeout) {
    if (!place.socket.empty()) {
        co_return co_await connect_unix(timers, place.socket, timeout);
    }
    co_return co_await connect_tcp(timers, "127.0.0.1", std::to_string(place.port), timeout);
}

// An answer that says to come back, or none for a reason that may pass.
bool may_pass(const HttpResult<HttpReply>& outcome) {
    if (!outcome.has_error()) {
        return outcome->status == kServiceUnavailable;
    }
    const NoAnswer kind = outcome.error().kind;
    return kind == NoAnswer::refused || kind == NoAnswer::closed || kind == NoAnswer::timed_out;
}

net::awaitable<HttpResult<HttpReply>> ask_patiently(Timers& timers, const Place& place,
                                                    const HttpRequest& request,
                                                    const Patience& patience) {
    HttpClient client(
        timers, [&] { return reach(timers, place, patience.answer_timeout); }, "localhost",
        {.write_timeout = patience.answer_timeout, .answer_timeout = patience.answer_timeout});
    Backoff backoff({.first = patience.pause_first, .longest = patience.pause_longest},
                    static_cast<std::uint64_t>(::getpid()));
    int refused = 0;
    for (int tries = 1;; ++tries) {
        auto outcome = co_await client.request(request);
        refused += outcome.has_error() && outcome.error().kind == NoAnswer::refused ? 1 : 0;
        if (!may_pass(outcome) || tries >= patience.tries_max ||
            refused >= patience.refused_tries_max) {
            co_return outcome;
        }
        co_await timers.wait(backoff.next());
    }
}

Error no_answer(const Place& place, const HttpFailure& failure) {
    if (failure.kind == NoAnswer::refused) {
        return fail(fmt::format(
            "nothing listens on {}: is the daemon running? Start it with 'paperd run -c CONFIG', "
            "or name its database with --db FILE",
            place_text(place)));
    }
    return fail(fmt::format("{}: {}; is a paperd listening there, and may this user ask it?",
                            place_text(place), failure.text));
}

}  // namespace

std::string place_text(const Place& place) {
    return place.socket.empty() ? fmt::format("127.0.0.1:{}", place.port) : place.socket;
}

Result<HttpReply> ask(const Place& place, const HttpRequest& request, const Patience& patience) {
    if (place.socket.empty() && (place.port < 1 || place.port > 65535)) {
        return fail(fmt::format("{} is not a port; use 1 to 65535", place.port), ErrorKind::usage);
    }
    net::io_context context{1};
    SteadyTimers timers(context.get_executor());
    std::optional<HttpResult<HttpReply>> outcome;
    std::exception_ptr failure;
    net::co_spawn(context, ask_patiently(timers, place, request, patience),
                  [&](std::exception_ptr thrown, HttpResult<HttpReply> ended) {
                      failure = std::move(thrown);
                      outcome = std::move(ended);
                  });
    context.run();
    if (failure) {
        std::rethrow_exception(failure);
    }
    if (outcome->has_error()) {
        return no_answer(place, outcome->error());
    }
    return *std::move(*outcome);
}

}  // namespace paperd::daemon
