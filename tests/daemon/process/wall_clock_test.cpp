#include "daemon/process/wall_clock.h"

#include <gtest/gtest.h>

namespace paperd::daemon {
namespace {

TEST(WallClock, IsBetweenTheYears2024And2200) {
    EXPECT_GT(timestamp_text(wall_now()), "2024");
    EXPECT_LT(timestamp_text(wall_now()), "2200");
}

TEST(Stopwatch, NeverRunsBackwards) {
    const Stopwatch watch;
    double last = watch.seconds();
    EXPECT_GE(last, 0);
    for (int i = 0; i < 1000; ++i) {
        const double now = watch.seconds();
        ASSERT_GE(now, last);
        last = now;
    }
}

}  // namespace
}  // namespace paperd::daemon
