// WebSockets between our own client and server, in memory and on a clock that the test moves.
#include "daemon/net/websocket.h"

#include <optional>
#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include "daemon/net/http_server.h"
#include "tests/daemon/net/by_hand.h"

namespace paperd::daemon {
namespace {

namespace net = boost::asio;
using std::chrono::seconds;

class WebSockets : public testing::Test {
protected:
    void SetUp() override {
        server_.emplace(
            timers_,
            HttpHandler{.answer =
                            [](const HttpRequest& request) {
                                return HttpReply{.status = request.target == "/ws" ? 101U : 404U};
                            },
                        .converse =
                            [this](HttpRequest request, WebSocket socket) {
                                return echo(std::move(request), std::move(socket));
                            }},
            HttpLimits{.upgrades_max = 2});
        auto source = std::make_unique<MemorySource>(context_.get_executor());
        source_ = source.get();
        server_->serve(context_.get_executor(), std::move(source));
        settle();
    }

    void TearDown() override {
        socket_.reset();
        server_->stop();
        timers_.advance(seconds{120});
        EXPECT_EQ(server_->seats_taken(), 0U);
    }

    net::awaitable<void> echo(HttpRequest, WebSocket socket) {
        for (;;) {
            auto message = co_await socket.read();
            if (message.has_error() || !*message) {
                ended_.push_back(message.has_error() ? message.error().text : "closed");
                co_return;
            }
            const std::string answer = "echo " + **message;
            co_await socket.write(answer);
        }
    }

    ByteStream link() {
        links_.push_back(std::make_unique<MemoryLink>(context_.get_executor()));
        source_->push(links_.back()->server());
        return links_.back()->client();
    }

    void connect(const std::string& target) {
        net::co_spawn(context_, WebSocket::connect(link(), timers_, "world", target),
                      [this](const std::exception_ptr& failure, HttpResult<WebSocket> socket) {
                          EXPECT_EQ(failure, nullptr);
                          if (socket.has_error()) {
                              refused_ = socket.error();
                          } else {
                              socket_.emplace(std::move(*socket));
                          }
                      });
        settle();
    }

    void say(const std::string& text) {
        net::co_spawn(context_, socket_->write(text),
                      [](const std::exception_ptr&, const HttpResult<void>& written) {
                          EXPECT_FALSE(written.has_error());
                      });
        settle();
    }

    void listen() {
        heard_.reset();
        net::co_spawn(
            context_, socket_->read(),
            [this](const std::exception_ptr&, HttpResult<std::optional<std::string>> message) {
                heard_.emplace(std::move(message));
            });
        settle();
    }

    void settle() { timers_.advance(seconds{0}); }

    net::io_context context_{1};
    ManualTimers timers_{context_};
    std::deque<std::unique_ptr<MemoryLink>> links_;
    MemorySource* source_ = nullptr;
    std::optional<HttpServer> server_;
    std::optional<WebSocket> socket_;
    std::optional<HttpFailure> refused_;
    std::optional<HttpResult<std::optional<std::string>>> heard_;
    std::vector<std::string> ended_;
};

TEST_F(WebSockets, CarryMessagesBothWaysAndCloseInOrder) {
    connect("/ws");
    ASSERT_TRUE(socket_);
    say("one");
    listen();
    ASSERT_TRUE(heard_ && !heard_->has_error());
    EXPECT_EQ(**heard_, "echo one");
    net::co_spawn(context_, socket_->close(), [](const std::exception_ptr&) {});
    settle();
    EXPECT_EQ(ended_, std::vector<std::string>{"closed"});
}

TEST_F(WebSockets, AreRefusedWhereTheHandlerSaysSo) {
    connect("/elsewhere");
    ASSERT_TRUE(refused_);
    EXPECT_EQ(refused_->kind, NoAnswer::malformed) << refused_->text;
}

TEST_F(WebSockets, OutliveSilenceWhileTheOtherSideAnswersPings) {
    connect("/ws");
    ASSERT_TRUE(socket_);
    listen();  // so that our side answers the server's pings, and sends its own
    for (int minute = 0; minute < 10; ++minute) {
        timers_.advance(seconds{60});
    }
    EXPECT_FALSE(heard_);
    EXPECT_TRUE(ended_.empty());
    say("still here");
    ASSERT_TRUE(heard_ && !heard_->has_error());
    EXPECT_EQ(**heard_, "echo still here");
}

TEST_F(WebSockets, EndWhereNothingIsHeardInTime) {
    connect("/ws");
    ASSERT_TRUE(socket_);  // and it reads nothing: no pong goes back
    timers_.advance(seconds{59});
    EXPECT_TRUE(ended_.empty());
    timers_.advance(seconds{2});
    ASSERT_EQ(ended_.size(), 1U);
    EXPECT_NE(ended_[0].find("nothing came in time"), std::string::npos) << ended_[0];
}

TEST_F(WebSockets, EndWithTheServersStop) {
    connect("/ws");
    ASSERT_TRUE(socket_);
    server_->stop();
    settle();
    ASSERT_EQ(ended_.size(), 1U);
    EXPECT_EQ(server_->seats_taken(), 0U);
}

TEST_F(WebSockets, TakeOnlyTheirShareOfTheSeats) {
    std::vector<WebSocket> open;
    for (int i = 0; i < 2; ++i) {
        connect("/ws");
        ASSERT_TRUE(socket_);
        open.push_back(std::move(*socket_));
        socket_.reset();
    }
    connect("/ws");
    ASSERT_TRUE(refused_);
    EXPECT_FALSE(socket_);
}

}  // namespace
}  // namespace paperd::daemon
