#include "strategy/research/day_series.h"

#include <gtest/gtest.h>

namespace paperd::strategy {
namespace {

Day day(int month, int of_month) { return Day{std::chrono::year{2024} / month / of_month}; }

TEST(DaySeries, ReturnsBeginWithTheDeposit) {
    const std::vector<DayValue> days = {{day(1, 2), 100}, {day(1, 3), 110}, {day(1, 4), 99}};
    const auto returns = day_returns(100, days);
    ASSERT_EQ(returns.size(), 3U);
    EXPECT_DOUBLE_EQ(returns[0], 0);
    EXPECT_NEAR(returns[1], 0.1, 1e-15);
    EXPECT_NEAR(returns[2], -0.1, 1e-15);
    EXPECT_NEAR(total_return(returns), -0.01, 1e-15);
    EXPECT_TRUE(day_returns(100, {}).empty());
    EXPECT_TRUE(day_returns(0, days).empty());
    EXPECT_EQ(total_return({}), 0);
}

TEST(DaySeries, NothingIsEarnedOnAnAccountThatIsLost) {
    // 100 -> -20 is -120 %; what is -20 -> 30 would be no return at all.
    const std::vector<DayValue> days = {{day(1, 30), 100}, {day(1, 31), -20}, {day(2, 1), 30}};
    const auto returns = day_returns(100, days);
    ASSERT_EQ(returns.size(), 2U);
    EXPECT_NEAR(returns[1], -1.2, 1e-15);
    const auto months = month_returns(100, days);
    ASSERT_EQ(months.size(), 1U);
    EXPECT_NEAR(months[0].value, -1.2, 1e-15);
    EXPECT_EQ(paired_returns(100, days, days).own.size(), 2U);
}

TEST(DaySeries, ABenchmarkWithFewerDaysIsComparedOverThoseThatBothHave) {
    const std::vector<DayValue> own = {
        {day(1, 2), 100}, {day(1, 3), 110}, {day(1, 4), 121}, {day(1, 5), 242}};
    // No 3rd, and it ends on the 4th: from the 2nd to the 4th own is 121 / 100 - 1 = 21 %.
    const std::vector<DayValue> benchmark = {{day(1, 1), 90}, {day(1, 2), 100}, {day(1, 4), 150}};
    const PairedReturns paired = paired_returns(100, own, benchmark);
    ASSERT_EQ(paired.own.size(), 2U);
    ASSERT_EQ(paired.benchmark.size(), 2U);
    EXPECT_DOUBLE_EQ(paired.own[0], 0);
    EXPECT_NEAR(paired.own[1], 0.21, 1e-15);
    EXPECT_DOUBLE_EQ(paired.benchmark[0], 0);
    EXPECT_DOUBLE_EQ(paired.benchmark[1], 0.5);
    EXPECT_TRUE(paired_returns(100, own, {}).own.empty());
}

TEST(DaySeries, MonthsGoFromOneMonthsEndToTheNext) {
    // January 100 -> 110; February has no day; March 110 -> 99 -> 121.
    const std::vector<DayValue> days = {
        {day(1, 2), 105}, {day(1, 31), 110}, {day(3, 1), 99}, {day(3, 28), 121}};
    const auto months = month_returns(100, days);
    ASSERT_EQ(months.size(), 2U);
    EXPECT_EQ(months[0].month, std::chrono::year{2024} / 1);
    EXPECT_NEAR(months[0].value, 0.1, 1e-15);
    EXPECT_EQ(months[1].month, std::chrono::year{2024} / 3);
    EXPECT_NEAR(months[1].value, 0.1, 1e-15);
}

}  // namespace
}  // namespace paperd::strategy
