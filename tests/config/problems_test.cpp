#include "config/problems.h"

#include <gtest/gtest.h>

namespace paperd::config {
namespace {

const std::vector<std::string> kNames = {"gross_leverage_max", "net_leverage_max", "dt", "to",
                                         "sma_fast_bars",      "sma_slow_bars"};

TEST(Problems, AreReportedByLineAndInTheOrderFoundWithinOne) {
    Problems problems;
    problems.add(7, "later");
    problems.add(2, "first");
    problems.add(7, "latest");
    EXPECT_EQ(problems.count(), 3U);
    EXPECT_EQ(problems.report("a.yaml"), "a.yaml:2: first\na.yaml:7: later\na.yaml:7: latest");
}

TEST(NearestName, FindsSlipsOfTheFinger) {
    EXPECT_EQ(nearest_name("gross_levrage_max", kNames), "gross_leverage_max");
    EXPECT_EQ(nearest_name("Net_Leverage_Max", kNames), "net_leverage_max");
    EXPECT_EQ(nearest_name("td", kNames), "dt") << "a swap of neighbours counts one";
    EXPECT_EQ(nearest_name("tox", kNames), "to");
    EXPECT_EQ(nearest_name("sma_slow_bar", kNames), "sma_slow_bars");
}

TEST(NearestName, FindsTheBeginningOfALongerName) {
    EXPECT_EQ(nearest_name("gross", kNames), "gross_leverage_max");
}

TEST(NearestName, FindsNothingWhereNothingIsNear) {
    EXPECT_EQ(nearest_name("participation", kNames), "");
    EXPECT_EQ(nearest_name("", kNames), "");
    EXPECT_EQ(nearest_name(std::string(100'000, 'x'), kNames), "");
}

}  // namespace
}  // namespace paperd::config
