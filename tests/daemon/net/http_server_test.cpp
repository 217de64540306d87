#include "daemon/net/http_server.h"

#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "daemon/process/wall_clock.h"
#include "tests/daemon/api/fake_source.h"
#include "tests/daemon/api/running_server.h"

namespace paperd::daemon {
namespace {

constexpr const char* kHost = "Host: 127.0.0.1\r\n";

std::string get_request(const std::string& target, const std::string& more = "") {
    return "GET " + target + " HTTP/1.1\r\n" + kHost + more + "\r\n";
}

std::string get_once(const std::string& target) {
    return get_request(target, "Connection: close\r\n");
}

std::string command(const std::string& name, const std::string& token, const std::string& body) {
    return "POST /api/v1/commands/" + name + " HTTP/1.1\r\n" + kHost +
           "Connection: close\r\nAuthorization: Bearer " + token +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST(HttpServer, AnswersOverASocket) {
    FakeSource source;
    const RunningServer server(source);
    const std::string reply = exchange(server.port(), get_once("/api/v1/status"));
    EXPECT_TRUE(reply.starts_with("HTTP/1.1 200 OK\r\n")) << reply;
    EXPECT_TRUE(has(reply, "Content-Type: application/json\r\n")) << reply;
    EXPECT_TRUE(has(reply, "Cache-Control: no-store\r\n")) << reply;
    EXPECT_TRUE(reply.ends_with("\r\n\r\n{\"title\":\"fake\"}\n")) << reply;
    EXPECT_FALSE(has(reply, "Access-Control")) << "no other origin may read this";
}

TEST(HttpServer, KeepsAConnectionForTheNextRequest) {
    FakeSource source;
    const RunningServer server(source);
    const RawConnection connection(server.port());
    connection.send(get_request("/healthz"));
    EXPECT_TRUE(connection.read_until("ok\n").starts_with("HTTP/1.1 200"));
    connection.send(get_request("/healthz") + get_once("/metrics"));  // two at once
    const std::string rest = connection.read_all();
    EXPECT_TRUE(has(rest, "ok\nHTTP/1.1 200 OK")) << rest;
    EXPECT_TRUE(rest.ends_with("paperd_ready 1\n")) << rest;
}

TEST(HttpServer, AnswersHeadWithoutABody) {
    FakeSource source;
    const RunningServer server(source);
    const std::string reply = exchange(
        server.port(), "HEAD /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(reply.starts_with("HTTP/1.1 200 OK\r\n")) << reply;
    EXPECT_TRUE(has(reply, "Content-Length: 3\r\n")) << reply;
    EXPECT_TRUE(reply.ends_with("\r\n\r\n")) << reply;
}

TEST(HttpServer, TakesCommandsWithTheTokenOnly) {
    FakeSource source;
    const RunningServer server(source);
    const std::string refused = exchange(server.port(), command("halt", std::string(64, 'b'), ""));
    EXPECT_TRUE(refused.starts_with("HTTP/1.1 401 ")) << refused;
    EXPECT_TRUE(has(refused, "WWW-Authenticate: Bearer\r\n")) << refused;
    const std::string taken =
        exchange(server.port(), command("halt", kTestToken, R"({"note":"test"})"));
    EXPECT_TRUE(taken.starts_with("HTTP/1.1 202 ")) << taken;
    ASSERT_EQ(source.taken().size(), 1U);
    EXPECT_EQ(source.taken()[0].second, "test");
}

TEST(HttpServer, NamesTheMethodThatWorks) {
    FakeSource source;
    const RunningServer server(source);
    const std::string reply = exchange(
        server.port(), "DELETE /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(reply.starts_with("HTTP/1.1 405 ")) << reply;
    EXPECT_TRUE(has(reply, "Allow: GET\r\n")) << reply;
}

TEST(HttpServer, TurnsForeignHostsAway) {
    FakeSource source;
    const RunningServer server(source);
    const std::string reply =
        exchange(server.port(),
                 "GET /api/v1/status HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(reply.starts_with("HTTP/1.1 403 ")) << reply;
    EXPECT_FALSE(has(reply, "fake")) << reply;
}

TEST(HttpServer, RefusesAHeaderThatIsTooLarge) {
    FakeSource source;
    const RunningServer server(source);
    const std::string reply =
        exchange(server.port(), get_request("/healthz", "X: " + std::string(20'000, 'x') + "\r\n"));
    EXPECT_TRUE(reply.starts_with("HTTP/1.1 431 ")) << reply;
    EXPECT_TRUE(has(reply, "Connection: close\r\n")) << reply;
}

TEST(HttpServer, RefusesABodyThatIsTooLarge) {
    FakeSource source;
    const RunningServer server(source);
    const std::string announced =
        exchange(server.port(), command("halt", kTestToken, std::string(5000, 'x')));
    EXPECT_TRUE(announced.starts_with("HTTP/1.1 413 ")) << announced;
    std::string chunks =
        "POST /api/v1/commands/halt HTTP/1.1\r\nHost: localhost\r\n"
        "Transfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 5; ++i) {
        chunks += "3e8\r\n" + std::string(1000, 'x') + "\r\n";
    }
    const std::string unannounced = exchange(server.port(), chunks + "0\r\n\r\n");
    EXPECT_TRUE(unannounced.starts_with("HTTP/1.1 413 ")) << unannounced;
    EXPECT_TRUE(source.taken().empty());
}

TEST(HttpServer, RefusesWhatIsNotHttp) {
    FakeSource source;
    const RunningServer server(source);
    for (const char* bytes : {"hello\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n",
                              "GET /healthz HTTP/9.9\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n",
                              "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"}) {
        const std::string reply = exchange(server.port(), bytes);
        EXPECT_TRUE(reply.starts_with("HTTP/1.1 400 ")) << bytes << reply;
    }
    EXPECT_TRUE(has(exchange(server.port(), get_once("/healthz")), "ok"));
}

TEST(HttpServer, ClosesAConnectionThatIsTooSlow) {
    FakeSource source;
    const RunningServer server(source, {.request_timeout = std::chrono::milliseconds(150)});
    const RawConnection silent(server.port());
    const RawConnection slow(server.port());
    slow.send("GET /healthz HT");
    const Stopwatch watch;
    EXPECT_EQ(silent.read_all(), "");
    EXPECT_EQ(slow.read_all(), "");
    EXPECT_LT(watch.seconds(), 3.0);
    EXPECT_TRUE(has(exchange(server.port(), get_once("/healthz")), "ok"));
}

TEST(HttpServer, HasRoomForSoManyConnectionsOnly) {
    FakeSource source;
    const RunningServer server(source, {.sessions_max = 2});
    {
        const RawConnection first(server.port());
        const RawConnection second(server.port());
        first.send(get_request("/healthz"));
        EXPECT_TRUE(has(first.read_until("ok\n"), "200 OK"));
        second.send(get_request("/healthz"));
        EXPECT_TRUE(has(second.read_until("ok\n"), "200 OK"));
        const RawConnection third(server.port());
        EXPECT_TRUE(third.read_all().starts_with("HTTP/1.1 503 "));
    }
    // The two have gone, so there is room again; the server may need a moment to notice.
    const Stopwatch watch;
    std::string reply;
    while (!has(reply, "200 OK") && watch.seconds() < 5) {
        reply = exchange(server.port(), get_once("/healthz"));
    }
    EXPECT_TRUE(has(reply, "200 OK")) << reply;
}

TEST(HttpServer, SaysWhatToDoWhenThePortIsTaken) {
    FakeSource source;
    const RunningServer server(source);
    boost::asio::io_context context{1};
    const auto second = HttpServer::start(context, server.port(), kTestToken, source);
    ASSERT_TRUE(second.has_error());
    EXPECT_TRUE(has(second.error().text, "127.0.0.1:" + std::to_string(server.port())));
    EXPECT_TRUE(has(second.error().text, "server.port")) << second.error().text;
    EXPECT_TRUE(HttpServer::start(context, 65536, kTestToken, source).has_error());
    EXPECT_TRUE(HttpServer::start(context, -1, kTestToken, source).has_error());
}

TEST(HttpServer, StopsAtOnceWithIdleConnectionsOpen) {
    FakeSource source;
    RunningServer server(source);
    const RawConnection unused(server.port());
    const RawConnection idle(server.port());
    idle.send(get_request("/healthz"));
    EXPECT_TRUE(has(idle.read_until("ok\n"), "200 OK"));
    const Stopwatch watch;
    server.stop();
    EXPECT_LT(watch.seconds(), 3.0);
    EXPECT_EQ(idle.read_all(), "");
    EXPECT_EQ(unused.read_all(), "");
}

TEST(HttpServer, MayEndBeforeOrAfterItsContext) {
    FakeSource source;
    for (const bool context_first : {false, true}) {
        auto context = std::make_unique<boost::asio::io_context>(1);
        auto server = HttpServer::start(*context, 0, kTestToken, source);
        ASSERT_FALSE(server.has_error());
        const RawConnection connection((*server)->port());
        while ((*server)->sessions() == 0) {
            context->run_one_for(std::chrono::seconds(5));
        }
        if (context_first) {
            context.reset();
            EXPECT_EQ((*server)->sessions(), 0U);
        } else {
            server->reset();
            EXPECT_GE(context->run_for(std::chrono::seconds(5)), 1U);
        }
        EXPECT_EQ(connection.read_all(), "");
    }
}

}  // namespace
}  // namespace paperd::daemon
