#include "daemon/net/timers.h"

#include <chrono>
#include <memory>
#include <optional>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <gtest/gtest.h>

#include "daemon/net/backoff.h"
#include "tests/daemon/net/by_hand.h"

namespace paperd::daemon {
namespace {

namespace net = boost::asio;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(SteadyTimers, AnAlarmRingsOnce) {
    net::io_context context{1};
    SteadyTimers timers(context.get_executor());
    int rang = 0;
    std::unique_ptr<Alarm> alarm;
    alarm = timers.call_after(milliseconds{1}, [&] {
        ++rang;
        alarm.reset();  // ends itself
    });
    EXPECT_EQ(rang, 0);
    context.run();
    EXPECT_EQ(rang, 1);
}

TEST(SteadyTimers, AnAlarmThatIsGoneDoesNotRing) {
    net::io_context context{1};
    SteadyTimers timers(context.get_executor());
    bool rang = false;
    auto alarm = timers.call_after(seconds{3600}, [&] { rang = true; });
    alarm.reset();
    context.run();  // nothing is left to wait for
    EXPECT_FALSE(rang);
    // Not even where its time has come already and only the call is missing.
    auto first = timers.call_after(seconds{0}, [&] { alarm.reset(); });
    alarm = timers.call_after(seconds{0}, [&] { rang = true; });
    context.restart();
    context.run();
    EXPECT_FALSE(rang);
}

TEST(SteadyTimers, AnAlarmMayOutliveItsContext) {
    std::unique_ptr<Alarm> alarm;
    {
        net::io_context context{1};
        SteadyTimers timers(context.get_executor());
        alarm = timers.call_after(seconds{3600}, [] {});
    }
    alarm.reset();
}

net::awaitable<void> wait_for(Timers& timers, Timers::Duration after, std::optional<bool>& passed) {
    co_await net::this_coro::throw_if_cancelled(false);
    passed = co_await timers.wait(after);
}

TEST(Timers, AWaitEndsWithItsTimeOrItsCancellation) {
    net::io_context context{1};
    ManualTimers timers(context);
    for (const bool cancelled : {false, true}) {
        net::cancellation_signal cancel;
        std::optional<bool> passed;
        net::co_spawn(context, wait_for(timers, seconds{5}, passed),
                      net::bind_cancellation_slot(cancel.slot(), [](const std::exception_ptr& e) {
                          EXPECT_EQ(e, nullptr);
                      }));
        timers.advance(milliseconds{4'999});
        EXPECT_FALSE(passed);
        if (cancelled) {
            cancel.emit(net::cancellation_type::terminal);
            timers.advance(seconds{0});
        } else {
            timers.advance(milliseconds{1});
        }
        ASSERT_TRUE(passed);
        EXPECT_EQ(*passed, !cancelled);
        EXPECT_EQ(timers.waiting(), 0U);
    }
}

TEST(Backoff, DoublesUpToItsBoundWithJitter) {
    Backoff backoff({.first = milliseconds{100}, .longest = seconds{5}}, 7);
    double whole = 0.1;
    for (int i = 0; i < 100; ++i, whole = std::min(5.0, whole * 2)) {
        const double waited = std::chrono::duration<double>(backoff.next()).count();
        EXPECT_GE(waited, 0.499 * whole) << i;
        EXPECT_LE(waited, whole) << i;
    }
    EXPECT_EQ(backoff.tries(), 100U);
    Backoff other({.first = milliseconds{100}, .longest = seconds{5}}, 8);
    backoff.reset();
    EXPECT_NE(backoff.next(), other.next()) << "two who wait must not come back at once";
}

}  // namespace
}  // namespace paperd::daemon
