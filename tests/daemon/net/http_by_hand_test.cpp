// The HTTP server and client on streams in memory and a clock that the test moves.
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include "daemon/net/http_client.h"
#include "daemon/net/http_server.h"
#include "tests/daemon/net/by_hand.h"

namespace paperd::daemon {
namespace {

namespace net = boost::asio;
using std::chrono::seconds;

constexpr std::size_t kNarrow = 16;  // bytes: an answer does not fit unless it is read

class HttpByHand : public testing::Test {
protected:
    void serve(HttpLimits limits = {}) {
        server_.emplace(timers_,
                        HttpHandler{.answer =
                                        [this](const HttpRequest& request) {
                                            asked_.push_back(request);
                                            return HttpReply{
                                                .status = 200,
                                                .fields = {{"Content-Type", "text/plain"}},
                                                .body = request.target + " " + request.body};
                                        }},
                        limits);
        auto source = std::make_unique<MemorySource>(context_.get_executor());
        source_ = source.get();
        server_->serve(context_.get_executor(), std::move(source));
        settle();
    }

    ByteStream connect(std::size_t capacity = 64 << 10) {
        links_.push_back(std::make_unique<MemoryLink>(context_.get_executor(), capacity));
        source_->push(links_.back()->server());
        return links_.back()->client();
    }

    std::unique_ptr<RawEnd> raw(std::size_t capacity = 64 << 10) {
        auto end = std::make_unique<RawEnd>(context_, connect(capacity));
        settle();
        return end;
    }

    std::unique_ptr<HttpClient> client() {
        return std::make_unique<HttpClient>(
            timers_, [this] { return connect_for_client(); }, "world");
    }

    net::awaitable<HttpResult<ByteStream>> connect_for_client() {
        ++connects_;
        if (refuse_) {
            co_return HttpFailure{NoAnswer::refused, "nobody is there"};
        }
        co_return connect();
    }

    // Starts it; what it gave is in answer_ once there is something.
    void ask(HttpClient& who, const HttpRequest& request) {
        answer_.reset();
        net::co_spawn(
            context_, who.request(request),
            net::bind_cancellation_slot(cancel_.slot(), [this](const std::exception_ptr& failure,
                                                               HttpResult<HttpReply> answer) {
                EXPECT_EQ(failure, nullptr);
                answer_.emplace(std::move(answer));
            }));
        settle();
    }

    void settle() { timers_.advance(seconds{0}); }

    net::io_context context_{1};
    ManualTimers timers_{context_};
    std::deque<std::unique_ptr<MemoryLink>> links_;
    MemorySource* source_ = nullptr;
    std::optional<HttpServer> server_;
    std::vector<HttpRequest> asked_;
    int connects_ = 0;
    bool refuse_ = false;
    net::cancellation_signal cancel_;
    std::optional<HttpResult<HttpReply>> answer_;

    void TearDown() override {
        if (server_) {
            server_->stop();
        }
        timers_.advance(seconds{60});
        if (server_) {
            EXPECT_EQ(server_->seats_taken(), 0U);
        }
    }
};

TEST_F(HttpByHand, AClientAsksTwiceOverOneConnection) {
    serve();
    const auto asker = client();
    for (const char* body : {"one", "two"}) {
        ask(*asker,
            {.method = "POST", .target = "/echo", .fields = {{"X-Key", "7"}}, .body = body});
        ASSERT_TRUE(answer_ && !answer_->has_error());
        EXPECT_EQ((*answer_)->status, 200U);
        EXPECT_EQ((*answer_)->body, std::string("/echo ") + body);
        EXPECT_EQ((*answer_)->field("content-type"), "text/plain");
    }
    EXPECT_EQ(connects_, 1);
    ASSERT_EQ(asked_.size(), 2U);
    EXPECT_EQ(asked_[1].field("x-key"), "7");
    EXPECT_EQ(asked_[1].field("Host"), "world");
}

TEST_F(HttpByHand, AHalfSentRequestIsCutOffWhenItsTimeIsUp) {
    serve({.request_timeout = seconds{10}});
    const auto slow = raw();
    slow->send("GET / HTT");
    timers_.advance(std::chrono::milliseconds{9'900});
    EXPECT_FALSE(slow->closed());
    timers_.advance(std::chrono::milliseconds{200});
    EXPECT_TRUE(slow->closed());
    EXPECT_EQ(slow->received(), "");
}

TEST_F(HttpByHand, ANewcomerGetsTheSeatOfWhoHasWaitedLongest) {
    serve({.seats_max = 2});
    const auto first = raw();
    first->send("GET / HTT");
    timers_.advance(seconds{1});
    const auto second = raw();
    second->send("GET / HTT");
    timers_.advance(seconds{1});
    const auto third = raw();
    third->send("GET /third HTTP/1.1\r\nHost: world\r\n\r\n");
    EXPECT_TRUE(third->received().starts_with("HTTP/1.1 200 OK")) << third->received();
    EXPECT_TRUE(first->closed());
    EXPECT_FALSE(second->closed());
    second->send("P/1.1\r\nHost: world\r\n\r\n");
    EXPECT_TRUE(second->received().starts_with("HTTP/1.1 200 OK")) << second->received();
}

TEST_F(HttpByHand, AnAnswerThatIsBeingWrittenKeepsItsSeat) {
    serve({.seats_max = 1});
    MemoryLink narrow(context_.get_executor(), kNarrow);
    source_->push(narrow.server());
    ByteStream unread = narrow.client();  // nobody reads the answer
    const std::string request = "GET / HTTP/1.1\r\nHost: world\r\n\r\n";
    for (std::size_t at = 0; at < request.size(); at += kNarrow) {
        const std::string part = request.substr(at, kNarrow);
        unread.async_write_some(net::buffer(part), [](auto, auto) {});
        settle();
    }
    ASSERT_EQ(asked_.size(), 1U);
    const auto other = raw();
    EXPECT_TRUE(other->received().starts_with("HTTP/1.1 503 ")) << other->received();
    EXPECT_TRUE(other->closed());
    timers_.advance(seconds{11});  // but not for ever
    const auto later = raw();
    later->send("GET / HTTP/1.1\r\nHost: world\r\n\r\n");
    EXPECT_TRUE(later->received().starts_with("HTTP/1.1 200 OK")) << later->received();
}

TEST_F(HttpByHand, AStopEndsIdleConnectionsAtOnce) {
    serve();
    const auto idle = raw();
    idle->send("GET / HTTP/1.1\r\nHost: world\r\n\r\n");
    const auto unused = raw();
    server_->stop();
    settle();
    EXPECT_TRUE(idle->closed());
    EXPECT_TRUE(unused->closed());
    EXPECT_EQ(server_->seats_taken(), 0U);
}

TEST_F(HttpByHand, AClientWaitsForAnAnswerOnlySoLong) {
    MemoryLink link(context_.get_executor());
    const auto silent = std::make_unique<RawEnd>(context_, link.server());
    std::optional<ByteStream> stream(link.client());
    HttpClient asker(
        timers_, [&]() -> net::awaitable<HttpResult<ByteStream>> { co_return *std::move(stream); },
        "world", {.answer_timeout = seconds{3}});
    ask(asker, {.target = "/slow"});
    EXPECT_TRUE(silent->received().starts_with("GET /slow HTTP/1.1\r\nHost: world\r\n"));
    timers_.advance(std::chrono::milliseconds{2'900});
    EXPECT_FALSE(answer_);
    timers_.advance(std::chrono::milliseconds{200});
    ASSERT_TRUE(answer_ && answer_->has_error());
    EXPECT_EQ(answer_->error().kind, NoAnswer::timed_out);
    EXPECT_EQ(answer_->error().text,
              "world did not answer /slow in time (while the answer was read)");
    EXPECT_TRUE(silent->closed());
    EXPECT_FALSE(asker.connected());
}

TEST_F(HttpByHand, ARequestCanBeCancelled) {
    MemoryLink link(context_.get_executor());
    const auto silent = std::make_unique<RawEnd>(context_, link.server());
    std::optional<ByteStream> stream(link.client());
    HttpClient asker(
        timers_, [&]() -> net::awaitable<HttpResult<ByteStream>> { co_return *std::move(stream); },
        "world");
    ask(asker, {});
    EXPECT_FALSE(answer_);
    cancel_.emit(net::cancellation_type::terminal);
    settle();
    ASSERT_TRUE(answer_ && answer_->has_error());
    EXPECT_EQ(answer_->error().kind, NoAnswer::cancelled);
}

TEST_F(HttpByHand, AKeptConnectionThatHasGoneIsReplacedForWhatChangesNothing) {
    serve({.request_timeout = seconds{10}});
    const auto asker = client();
    ask(*asker, {});
    ASSERT_TRUE(asker->connected());
    timers_.advance(seconds{11});  // the server has closed it
    ask(*asker, {.target = "/again"});
    ASSERT_TRUE(answer_ && !answer_->has_error());
    EXPECT_EQ((*answer_)->body, "/again ");
    EXPECT_EQ(connects_, 2);
    timers_.advance(seconds{11});
    ask(*asker, {.method = "POST", .target = "/order"});
    ASSERT_TRUE(answer_ && answer_->has_error());
    EXPECT_EQ(answer_->error().kind, NoAnswer::closed);
    EXPECT_EQ(asked_.size(), 2U);
}

TEST_F(HttpByHand, AClientSaysWhyThereIsNoAnswer) {
    serve();
    const auto asker = client();
    refuse_ = true;
    ask(*asker, {});
    ASSERT_TRUE(answer_ && answer_->has_error());
    EXPECT_EQ(answer_->error().kind, NoAnswer::refused);
    MemoryLink link(context_.get_executor());
    RawEnd liar(context_, link.server());
    std::optional<ByteStream> stream(link.client());
    HttpClient fooled(
        timers_, [&]() -> net::awaitable<HttpResult<ByteStream>> { co_return *std::move(stream); },
        "world", {.body_bytes_max = 10});
    ask(fooled, {});
    liar.send("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n");
    settle();
    ASSERT_TRUE(answer_ && answer_->has_error());
    EXPECT_EQ(answer_->error().kind, NoAnswer::malformed);
}

}  // namespace
}  // namespace paperd::daemon
