#include "daemon/run/data_age.h"

#include <gtest/gtest.h>

namespace paperd::daemon {
namespace {

Timestamp at(const char* text) { return *parse_timestamp(text); }

TEST(DataAge, ASimulatedFeedIsSilentAfterItsPaceAndTheGrace) {
    EXPECT_FALSE(why_stale(60, 60 + kDataGraceS));
    const auto why = why_stale(60, 61 + kDataGraceS);
    ASSERT_TRUE(why);
    EXPECT_EQ(*why,
              "the feed is silent: the newest slice came 91 s ago, and one is due every 60 s");
    EXPECT_FALSE(why_stale(0, kDataGraceS));
    EXPECT_TRUE(why_stale(0, kDataGraceS + 1));
}

TEST(DataAge, TheWorldsFeedOwesEveryBarThatHasClosed) {
    const auto calendar = Calendar::make(CalendarKind::new_york);
    ASSERT_FALSE(calendar.has_error()) << calendar.error().text;
    const auto minute = std::chrono::minutes{1};
    const auto stale = [&](const char* newest, const char* now) {
        return why_stale(*calendar, minute, at(newest), at(now)).has_value();
    };
    // Monday 2024-07-01, 9:30 to 16:00 in New York, is 13:30 to 20:00.
    EXPECT_FALSE(stale("2024-07-01T14:00:00Z", "2024-07-01T14:01:29Z"));
    EXPECT_TRUE(stale("2024-07-01T14:00:00Z", "2024-07-01T14:01:31Z"));
    EXPECT_FALSE(stale("2024-07-01T20:00:00Z", "2024-07-02T13:31:29Z")) << "closed over night";
    EXPECT_TRUE(stale("2024-07-01T20:00:00Z", "2024-07-02T13:31:31Z"));
    EXPECT_TRUE(stale("2024-07-01T19:59:00Z", "2024-07-02T03:00:00Z")) << "the last bar is owed";
    EXPECT_FALSE(stale("2024-07-05T20:00:00Z", "2024-07-08T13:00:00Z")) << "a weekend";
    EXPECT_TRUE(stale("2024-07-03T17:00:00Z", "2024-07-06T12:00:00Z")) << "a day is missing";
}

TEST(DataAge, ADailyFeedOwesTheDaysBarAfterItsClose) {
    const auto calendar = Calendar::make(CalendarKind::new_york);
    ASSERT_FALSE(calendar.has_error());
    const auto day = std::chrono::hours{24};
    const auto stale = [&](const char* newest, const char* now) {
        return why_stale(*calendar, day, at(newest), at(now)).has_value();
    };
    EXPECT_FALSE(stale("2024-07-01T20:00:00Z", "2024-07-02T19:00:00Z"));
    EXPECT_TRUE(stale("2024-07-01T20:00:00Z", "2024-07-02T20:01:00Z"));
}

}  // namespace
}  // namespace paperd::daemon
