// A stop finds the session at any point: before it began, in a wait, or with a slice just come in,
// stored or waiting for its group.
#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include "daemon/run/trading_session.h"
#include "storage/database.h"
#include "tests/support/jobs.h"
#include "tests/support/process.h"
#include "tests/support/runs.h"

namespace paperd::daemon {
namespace {

namespace net = boost::asio;

enum class StopAt { never, before_the_first_wait, in_a_wait, after_a_wait };

constexpr std::chrono::hours kOneGroup{1};

// Stops the session at its third slice.
class StoppingFeed final : public Feed {
public:
    StoppingFeed(std::vector<Slice> slices, StopAt stop_at)
        : slices_(std::move(slices)), stop_at_(stop_at) {}

    std::function<void()> stop;

    net::awaitable<Result<std::optional<Slice>>> next() override {
        if (at_ == slices_.size()) {
            co_return std::optional<Slice>();
        }
        const bool third = at_ == 2;
        net::steady_timer timer(co_await net::this_coro::executor);
        timer.expires_after(third && stop_at_ == StopAt::in_a_wait ? std::chrono::hours{1}
                                                                   : std::chrono::hours{0});
        if (third && stop_at_ == StopAt::in_a_wait) {
            net::post(timer.get_executor(), [this] { stop(); });
        }
        boost::system::error_code cancelled;
        co_await timer.async_wait(net::redirect_error(net::use_awaitable, cancelled));
        if (cancelled) {
            co_return std::optional<Slice>();
        }
        if (third && stop_at_ == StopAt::after_a_wait) {
            stop();
        }
        co_return std::optional<Slice>(slices_[at_++]);
    }

    void skip_to_after(Timestamp) override {}

    [[nodiscard]] std::optional<std::int64_t> remaining() const override { return std::nullopt; }

private:
    std::vector<Slice> slices_;
    StopAt stop_at_;
    std::size_t at_ = 0;
};

struct Way {
    StopAt stop_at = StopAt::never;
    std::chrono::nanoseconds group{};
    bool locked = false;        // somebody's shell holds the database until trading has paused
    bool third_is_bad = false;  // a slice that the engine refuses
};

// Slices committed.
std::int64_t run(const Way& way) {
    const auto [stop_at, group, locked, third_is_bad] = way;
    Universe symbols;
    const std::string yaml = support::synthetic_job(1);
    std::vector<Slice> slices = support::slices_of(yaml, symbols);
    slices.resize(5);
    if (third_is_bad) {
        slices[2].bars[0].volume = -1;
    }
    const RunPlan plan = support::plan_for(yaml, symbols);
    const support::TempDir dir;
    auto journal = storage::Journal::open(dir.path("a.db"), plan.header, {.busy_timeout_ms = 1});
    auto engine = make_engine(plan);
    StoppingFeed feed(slices, stop_at);
    net::io_context context{1};
    net::cancellation_signal signal;
    SteadyTimers timers(context.get_executor());
    CommitRetry retry(timers, [] { return false; }, 1);
    auto shell = storage::Database::open(dir.path("a.db"), storage::OpenMode::read_write, 0);
    EXPECT_FALSE(locked && shell->execute("BEGIN IMMEDIATE").has_error());
    int pauses = 0;
    retry.on_paused = [&](const Error&, double) {
        ++pauses;
        EXPECT_FALSE(shell->execute("ROLLBACK").has_error());
    };
    TradingSession session(**engine, **journal, feed, 50, retry, group);
    std::vector<std::int64_t> announced;
    session.on_committed = [&](const Slice& slice, const Step&) {
        EXPECT_LE(slice.id, (*journal)->state().last_slice_id);
        announced.push_back(slice.id);
    };
    feed.stop = [&] {
        session.stop();
        if (session.begun()) {
            signal.emit(net::cancellation_type::terminal);
        }
    };
    std::optional<SessionEnd> end;
    if (stop_at == StopAt::before_the_first_wait) {
        net::post(context, feed.stop);
    }
    net::co_spawn(context, session.run(),
                  net::bind_cancellation_slot(signal.slot(), [&](const std::exception_ptr& failure,
                                                                 Result<SessionEnd> ended) {
                      EXPECT_EQ(failure, nullptr);
                      EXPECT_EQ(ended.has_error(), third_is_bad);
                      end = ended.has_error() ? SessionEnd{} : *ended;
                  }));
    context.run();
    EXPECT_TRUE(end.has_value());
    EXPECT_EQ(end && end->feed_ended, stop_at == StopAt::never && !third_is_bad);
    EXPECT_EQ((*journal)->state().last_slice_id, session.counters().slices);
    EXPECT_EQ(announced.size(), static_cast<std::size_t>(session.counters().slices));
    for (std::size_t i = 0; i < announced.size(); ++i) {
        EXPECT_EQ(announced[i], static_cast<std::int64_t>(i + 1));
    }
    EXPECT_EQ(pauses, locked ? 1 : 0);
    const std::int64_t together = session.counters().slices > 0 ? 1 : 0;
    EXPECT_EQ(session.commits(), group > group.zero() ? together : session.counters().slices);
    return session.counters().slices;
}

}  // namespace

TEST(TradingSession, EndsCleanlyWhereverAStopFindsIt) {
    EXPECT_EQ(run({.stop_at = StopAt::never}), 5);
    EXPECT_EQ(run({.stop_at = StopAt::before_the_first_wait}), 0);
    EXPECT_EQ(run({.stop_at = StopAt::in_a_wait}), 2);
    EXPECT_EQ(run({.stop_at = StopAt::after_a_wait}), 3);
}

// What is whole is stored.
TEST(TradingSession, StoresTheGroupInHandWhereverAStopFindsIt) {
    EXPECT_EQ(run({.stop_at = StopAt::never, .group = kOneGroup}), 5);
    EXPECT_EQ(run({.stop_at = StopAt::before_the_first_wait, .group = kOneGroup}), 0);
    EXPECT_EQ(run({.stop_at = StopAt::in_a_wait, .group = kOneGroup}), 2);
    EXPECT_EQ(run({.stop_at = StopAt::after_a_wait, .group = kOneGroup}), 3);
}

TEST(TradingSession, StoresWhatCameBeforeASliceThatIsRefused) {
    EXPECT_EQ(run({.third_is_bad = true}), 2);
    EXPECT_EQ(run({.group = kOneGroup, .third_is_bad = true}), 2);
}

TEST(TradingSession, StoresTheGroupThatALockHeldUp) {
    EXPECT_EQ(run({.group = kOneGroup, .locked = true}), 5);
    EXPECT_EQ(run({.locked = true}), 5);
}

}  // namespace paperd::daemon
