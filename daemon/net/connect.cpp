#include "daemon/net/connect.h"

#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include "daemon/net/awaiting.h"
#include "daemon/net/socket_stream.h"
#include "daemon/net/unix_address.h"

namespace paperd::daemon {
namespace {

namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;
using local = net::local::stream_protocol;

HttpFailure not_reached(const std::string& place, const error_code& error, bool late) {
    if (late) {
        return {NoAnswer::timed_out, fmt::format("{} could not be reached in time", place)};
    }
    if (error == net::error::operation_aborted) {
        return {NoAnswer::cancelled, fmt::format("{}: cancelled", place)};
    }
    const bool nobody = error == net::error::connection_refused ||
                        error == net::error::host_not_found ||
                        error == boost::system::errc::no_such_file_or_directory;
    return {nobody ? NoAnswer::refused : NoAnswer::closed,
            nobody ? fmt::format("nothing listens on {} ({})", place, error.message())
                   : fmt::format("{} cannot be reached: {}", place, error.message())};
}

}  // namespace

net::awaitable<HttpResult<ByteStream>> connect_tcp(Timers& timers, std::string host,
                                                   std::string service, Timers::Duration timeout) {
    const std::string place = host + ":" + service;
    const auto executor = co_await net::this_coro::executor;
    tcp::resolver resolver(executor);
    tcp::socket socket(executor);
    bool late = false;
    const auto deadline = timers.call_after(timeout, [&] {
        late = true;
        error_code ignored;
        resolver.cancel();
        (void)socket.close(ignored);
    });
    error_code error;
    const auto found = co_await resolver.async_resolve(host, service, to(error));
    if (error || late) {
        co_return not_reached(place, error, late);
    }
    co_await net::async_connect(socket, found, to(error));
    if (error || late) {
        co_return not_reached(place, error, late);
    }
    co_return make_stream(std::move(socket));
}

net::awaitable<HttpResult<ByteStream>> connect_unix(Timers& timers, std::string path,
                                                    Timers::Duration timeout) {
    const auto address = UnixAddress::of(path);
    if (address.has_error()) {
        co_return HttpFailure{NoAnswer::refused, address.error().text};
    }
    local::socket socket(co_await net::this_coro::executor);
    bool late = false;
    const auto deadline = timers.call_after(timeout, [&] {
        late = true;
        error_code ignored;
        (void)socket.close(ignored);
    });
    error_code error;
    co_await socket.async_connect(local::endpoint(address->address()), to(error));
    if (error || late) {
        co_return not_reached(path, error, late);
    }
    co_return make_stream(std::move(socket));
}

}  // namespace paperd::daemon
