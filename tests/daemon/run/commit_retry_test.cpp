// What cannot be stored is tried again, on a clock that the test moves.
#include "daemon/run/commit_retry.h"

#include <optional>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <gtest/gtest.h>

#include "tests/daemon/net/by_hand.h"

namespace paperd::daemon {
namespace {

namespace net = boost::asio;
using std::chrono::milliseconds;
using std::chrono::seconds;

class CommitRetryTest : public testing::Test {
protected:
    void SetUp() override {
        retry_.on_paused = [this](const Error&, double s) { paused_.push_back(s); };
        retry_.on_resumed = [this](const Error& why, double s) {
            EXPECT_EQ(why.text, "locked");
            resumed_ = s;
        };
    }

    net::awaitable<void> live(std::optional<Error> failed) {
        co_await net::this_coro::throw_if_cancelled(false);
        const std::function<Result<void>()> attempt = [this]() -> Result<void> {
            ++attempts_;
            if (error_) {
                return *error_;
            }
            return {};
        };
        outcome_.emplace(co_await retry_.run(attempt, std::move(failed)));
    }

    void start(std::optional<Error> failed = std::nullopt) {
        net::co_spawn(context_, live(std::move(failed)),
                      net::bind_cancellation_slot(cancel_.slot(), [](const std::exception_ptr& e) {
                          EXPECT_EQ(e, nullptr);
                      }));
        timers_.advance(seconds{0});
    }

    net::io_context context_{1};
    ManualTimers timers_{context_};
    bool stopping_ = false;
    CommitRetry retry_{timers_, [this] { return stopping_; }, 3};
    net::cancellation_signal cancel_;
    std::optional<Error> error_;
    std::optional<Result<Tried>> outcome_;
    int attempts_ = 0;
    std::vector<double> paused_;
    std::optional<double> resumed_;
};

TEST_F(CommitRetryTest, WhatWorksAtOnceIsNoPause) {
    start();
    ASSERT_TRUE(outcome_ && !outcome_->has_error());
    EXPECT_EQ(**outcome_, Tried::done);
    EXPECT_EQ(attempts_, 1);
    EXPECT_TRUE(paused_.empty());
    EXPECT_FALSE(resumed_);
}

TEST_F(CommitRetryTest, TriesAgainEverLessOftenUntilItWorks) {
    error_ = fail("locked", ErrorKind::transient);
    start();
    EXPECT_EQ(attempts_, 1);
    timers_.advance(milliseconds{100});
    EXPECT_EQ(attempts_, 2);
    timers_.advance(seconds{60});
    EXPECT_GE(attempts_, 15);  // at most 5 s apart
    EXPECT_LE(attempts_, 35);  // and not a storm
    EXPECT_FALSE(outcome_);
    const auto before = paused_.size();
    error_.reset();
    timers_.advance(seconds{5});
    ASSERT_TRUE(outcome_ && !outcome_->has_error());
    EXPECT_EQ(**outcome_, Tried::done);
    EXPECT_EQ(paused_.size(), before);
    ASSERT_TRUE(resumed_);
    EXPECT_GE(*resumed_, 60.1);
    EXPECT_LE(*resumed_, 65.1);
}

TEST_F(CommitRetryTest, AnErrorThatNoWaitingMendsEndsIt) {
    error_ = fail("locked", ErrorKind::transient);
    start(error_);  // the first attempt was the caller's
    EXPECT_EQ(attempts_, 0);
    error_ = fail("damaged");
    timers_.advance(seconds{1});
    ASSERT_TRUE(outcome_ && outcome_->has_error());
    EXPECT_EQ(outcome_->error().text, "damaged");
    EXPECT_FALSE(resumed_);
}

TEST_F(CommitRetryTest, AStopEndsTheWaitAtOnce) {
    error_ = fail("locked", ErrorKind::transient);
    start();
    timers_.advance(seconds{30});
    EXPECT_FALSE(outcome_);
    stopping_ = true;
    cancel_.emit(net::cancellation_type::terminal);
    timers_.advance(seconds{0});
    ASSERT_TRUE(outcome_ && !outcome_->has_error());
    EXPECT_EQ(**outcome_, Tried::stopped);
}

}  // namespace
}  // namespace paperd::daemon
