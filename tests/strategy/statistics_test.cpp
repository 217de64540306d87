#include "strategy/statistics.h"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace paperd::strategy {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(Statistics, DividesByOneFewer) {
    const std::vector<double> w = {1, 2, 3, 4, 5, 6};
    EXPECT_DOUBLE_EQ(sum(w), 21);
    EXPECT_DOUBLE_EQ(mean(w), 3.5);
    EXPECT_DOUBLE_EQ(deviation(w), std::sqrt(3.5));
    EXPECT_TRUE(std::isnan(deviation(std::vector<double>{1})));
    EXPECT_TRUE(std::isnan(mean({})));
}

TEST(Statistics, ASpreadThatIsRoundingCountsAsNone) {
    const double base = 1e6;
    // 20 equal values but for one in its last bits: a spread of 2e-13 of the value.
    std::vector<double> w(20, base);
    w[7] = base * (1 + 1e-12);
    EXPECT_EQ(deviation(w), 0);
    w[7] = base * (1 + 1e-11);
    EXPECT_GT(deviation(w), 0);
    // 0.1 cannot be summed exactly: the mean differs from the values, the spread is still none.
    EXPECT_EQ(deviation(std::vector<double>(7, 0.1)), 0);
}

TEST(Statistics, ACorrelationNeedsSpreadInBoth) {
    const std::vector<double> a = {1, 2, 3, 5};
    const std::vector<double> b = {2, 4, 6, 10};
    const std::vector<double> c = {-1, -2, -3, -5};
    EXPECT_NEAR(correlation(a, b), 1, 1e-15);
    EXPECT_NEAR(correlation(a, c), -1, 1e-15);
    EXPECT_NEAR(correlation(a, std::vector<double>{1, -1, 1, -1}), -0.50709255283711, 1e-12);
    EXPECT_TRUE(std::isnan(correlation(a, std::vector<double>(4, 0.1))));
}

TEST(Statistics, AValueThatIsNoNumberLeavesNone) {
    const std::vector<double> w = {1, kNaN, 3, 4, 5};
    const std::vector<double> v = {1, 2, 3, 4, 5};
    EXPECT_TRUE(std::isnan(mean(w)));
    EXPECT_TRUE(std::isnan(deviation(w)));
    EXPECT_TRUE(std::isnan(correlation(w, v)));
    EXPECT_TRUE(std::isnan(correlation(v, w)));
    const std::vector<double> inf = {1, std::numeric_limits<double>::infinity(), 3};
    EXPECT_TRUE(std::isnan(deviation(inf)));
}

}  // namespace
}  // namespace paperd::strategy
