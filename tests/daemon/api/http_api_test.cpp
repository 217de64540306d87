// The routes over real sockets.

#include <memory>
#include <string>
#include <vector>

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

TEST(HttpApi, AnswersOverASocket) {
    FakeSource source;
    const RunningServer server(source);
    const std::string reply = exchange(server.port(), get_once("/api/v1/status"));
    EXPECT_TRUE(reply.starts_with("HTTP/1.1 200 OK\r\n")) << reply;
    EXPECT_TRUE(has(reply, "Content-Type: application/json\r\n")) << reply;
    EXPECT_TRUE(has(reply, "Cache-Control: no-store\r\n")) << reply;
    EXPECT_TRUE(reply.ends_with("\r\n\r\n{\"title\":\"fake\"}\n")) << reply;
    EXPECT_FALSE(has(reply, "Access-Control")) << "no other origin may read this";
}

TEST(HttpApi, KeepsAConnectionForTheNextRequest) {
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

TEST(HttpApi, AnswersHeadWithoutABody) {
    FakeSource source;
    const RunningServer server(source);
    const std::string reply = exchange(
        server.port(), "HEAD /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(reply.starts_with("HTTP/1.1 200 OK\r\n")) << reply;
    EXPECT_TRUE(has(reply, "Content-Length: 3\r\n")) << reply;
    EXPECT_TRUE(reply.ends_with("\r\n\r\n")) << reply;
}

TEST(HttpApi, TakesCommandsWithTheTokenOnly) {
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

TEST(HttpApi, NamesTheMethodThatWorks) {
    FakeSource source;
    const RunningServer server(source);
    const std::string reply = exchange(
        server.port(), "DELETE /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(reply.starts_with("HTTP/1.1 405 ")) << reply;
    EXPECT_TRUE(has(reply, "Allow: GET\r\n")) << reply;
}

TEST(HttpApi, TurnsForeignHostsAway) {
    FakeSource source;
    const RunningServer server(source);
    const std::string reply =
        exchange(server.port(),
                 "GET /api/v1/status HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(reply.starts_with("HTTP/1.1 403 ")) << reply;
    EXPECT_FALSE(has(reply, "fake")) << reply;
}

TEST(HttpApi, RefusesAHeaderThatIsTooLarge) {
    FakeSource source;
    const RunningServer server(source);
    const std::string reply =
        exchange(server.port(), get_request("/healthz", "X: " + std::string(20'000, 'x') + "\r\n"));
    EXPECT_TRUE(reply.starts_with("HTTP/1.1 431 ")) << reply;
    EXPECT_TRUE(has(reply, "Connection: close\r\n")) << reply;
}

TEST(HttpApi, RefusesABodyThatIsTooLarge) {
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

TEST(HttpApi, RefusesWhatIsNotHttp) {
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

TEST(HttpApi, ClosesAConnectionThatIsTooSlow) {
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

TEST(HttpApi, AnswersHoweverManyHoldConnectionsWithoutARequest) {
    FakeSource source;
    const RunningServer server(source);
    std::vector<std::unique_ptr<RawConnection>> hostile;
    for (int i = 0; i < 64; ++i) {
        hostile.push_back(std::make_unique<RawConnection>(server.port()));
        hostile.back()->send("POST /api/v1/commands/halt HTTP/1.1\r\nHost: loc");
    }
    for (int i = 0; i < 36; ++i) {
        const std::string reply = exchange(server.port(), command("reduce", kTestToken, ""));
        EXPECT_TRUE(reply.starts_with("HTTP/1.1 202 ")) << i << reply;
        hostile[static_cast<std::size_t>(i)] = std::make_unique<RawConnection>(server.port());
        hostile[static_cast<std::size_t>(i)]->send("GET /h");
    }
    EXPECT_EQ(source.taken().size(), 36U);
}

TEST(HttpApi, NeedsNoTokenThroughTheSocketOfTheOwner) {
    FakeSource source;
    const RunningServer server(source);
    const std::string bare =
        "POST /api/v1/commands/halt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    EXPECT_TRUE(exchange(server.port(), bare).starts_with("HTTP/1.1 401 "));
    const RawConnection owner(server.socket());
    owner.send(bare);
    EXPECT_TRUE(owner.read_all().starts_with("HTTP/1.1 202 "));
    EXPECT_EQ(source.taken().size(), 1U);
}

TEST(HttpApi, StopsAtOnceWithIdleConnectionsOpen) {
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

TEST(HttpApi, MayEndWithItsContextWhileConnectionsAreOpen) {
    FakeSource source;
    auto server = std::make_unique<RunningServer>(source);
    const RawConnection connection(server->port());
    connection.send("GET /h");
    server->abandon();
    server.reset();
    EXPECT_EQ(connection.read_all(), "");
}

}  // namespace
}  // namespace paperd::daemon
