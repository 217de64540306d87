// An HTTP server that does not know its routes: connections from any source, requests to a handler,
// bounded in connections, sizes and times. One coroutine a connection, all on one thread.
//
// Nobody can lock others out by holding connections: where all seats are taken, the one that has
// been waiting for its request the longest (idle, or half-sent) goes, and the new one sits down.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "daemon/net/http_message.h"
#include "daemon/net/stream_source.h"
#include "daemon/net/timers.h"
#include "daemon/net/websocket.h"

namespace paperd::daemon {

struct HttpLimits {
    std::size_t seats_max = 32;
    std::size_t upgrades_max = 16;  // of them: WebSockets do not give up their seats
    std::uint32_t header_bytes_max = 8192;
    std::uint64_t body_bytes_max = 4096;
    // From the wait for a request to the end of its answer; idle connections are closed after it.
    Timers::Duration request_timeout = std::chrono::seconds{10};
    WebSocketLimits websocket = {};
};

struct HttpHandler {
    // Must not block.
    std::function<HttpReply(const HttpRequest&)> answer;
    // What a request that is no request gets (400, 413, 431, 503), with a sentence; empty: as text.
    std::function<HttpReply(unsigned status, std::string_view sentence)> refuse = {};
    // Has the conversation where a request asks for a WebSocket and `answer` says 101; the stop of
    // the server cancels it. Empty: there are none.
    std::function<boost::asio::awaitable<void>(HttpRequest, WebSocket)> converse = {};
};

class HttpServer {
public:
    // The timers outlive what runs on the context; the context ends, or has nothing left to do,
    // before the server does.
    HttpServer(Timers& timers, HttpHandler handler, HttpLimits limits = {});

    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    // Serves what comes from there until stop(). Once.
    void serve(const boost::asio::any_io_executor& executor, std::unique_ptr<StreamSource> source);

    // Accepts no more, closes idle connections and lets answers that are being written end.
    void stop();

    [[nodiscard]] std::size_t seats_taken() const { return seats_.size(); }

private:
    enum class Busy : std::uint8_t { waiting, answering, upgraded };

    struct Seat {
        boost::asio::cancellation_signal cancel;
        Busy busy = Busy::waiting;
        Timers::Duration since{};  // waits for a request
        bool leaving = false;
    };

    boost::asio::awaitable<void> accept_all(std::unique_ptr<StreamSource> source);
    boost::asio::awaitable<void> attend(ByteStream stream, Seat& seat);
    void sit_down(ByteStream stream);
    bool make_room();
    [[nodiscard]] HttpReply refusal(unsigned status, std::string_view sentence) const;

    Timers& timers_;
    HttpHandler handler_;
    HttpLimits limits_;
    boost::asio::cancellation_signal stop_accepting_;
    bool stopping_ = false;
    std::list<Seat> seats_;
    std::size_t upgrades_ = 0;
};

}  // namespace paperd::daemon
