// How long a paced feed waits: the bar's interval / speed between the slices of a session, whatever
// lies between them.
#include <chrono>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "daemon/feeds/feed.h"

namespace paperd::daemon {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

Slice slice_at(int day, int minute, bool warmup = false) {
    Slice slice;
    slice.day = Day{std::chrono::year{2024} / 7 / 1} + std::chrono::days{day};
    slice.closed_at = Timestamp{std::chrono::sys_days{std::chrono::year{2024} / 7 / 1}} +
                      std::chrono::days{day} + minutes{minute};
    slice.warmup = warmup;
    return slice;
}

// Wall time that the whole feed takes.
milliseconds drain(std::vector<Slice> slices, double speed, Nanoseconds bar_length) {
    const std::size_t count = slices.size();
    auto feed = make_paced_feed(make_history_feed(std::move(slices)), speed, bar_length);
    boost::asio::io_context context;
    std::size_t got = 0;
    const auto begin = std::chrono::steady_clock::now();
    boost::asio::co_spawn(
        context,
        [&]() -> boost::asio::awaitable<void> {
            for (;;) {
                const auto slice = co_await feed->next();
                if (slice.has_error() || !slice->has_value()) {
                    co_return;
                }
                ++got;
            }
        },
        [](const std::exception_ptr& failure) { EXPECT_FALSE(failure); });
    context.run();
    EXPECT_EQ(got, count);
    return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
}

TEST(PacedFeed, WaitsOneIntervalWhateverLiesBetweenTwoSlicesOfASession) {
    // A minute is 60 ms; 100 minutes without a bar count as one.
    const auto spent =
        drain({slice_at(0, 1), slice_at(0, 101), slice_at(0, 102)}, 1000, minutes{1});
    EXPECT_GE(spent, milliseconds{120});
    EXPECT_LT(spent, milliseconds{3000});
}

TEST(PacedFeed, SkipsClosedHoursAndWarmup) {
    const auto spent = drain({slice_at(0, 1, true), slice_at(0, 2, true), slice_at(0, 3),
                              slice_at(1, 1), slice_at(2, 1)},
                             1, minutes{1});
    EXPECT_LT(spent, milliseconds{30'000});
}

TEST(PacedFeed, CountsADailyBarAsOneSecond) {
    const auto spent =
        drain({slice_at(0, 0), slice_at(1, 0), slice_at(4, 0)}, 10, std::chrono::hours{24});
    EXPECT_GE(spent, milliseconds{200});
    EXPECT_LT(spent, milliseconds{3000});
}

}  // namespace
}  // namespace paperd::daemon
