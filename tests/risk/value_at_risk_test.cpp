#include "risk/value_at_risk.h"

#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>
#include <vector>

#include <gtest/gtest.h>

namespace paperd::risk {
namespace {

double density(double z) { return std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi); }

double probability(double z) { return std::erfc(-z / std::numbers::sqrt2) / 2; }

TEST(ValueAtRisk, EwmaVolatilityIsTheForecastAfterTheLastReturn) {
    const std::array returns = {0.01, -0.02, 0.015, -0.005, 0.03};
    EXPECT_NEAR(ewma_volatility(returns, 0.94), 0.0128587524, 5e-11);
}

TEST(ValueAtRisk, EwmaIsSeededWithTheFirstSquaredReturn) {
    std::array one = {-0.03};
    EXPECT_DOUBLE_EQ(ewma_volatility(one, 0.94), 0.03);
}

TEST(ValueAtRisk, NormalMultipliersFollowFromTheDistribution) {
    EXPECT_NEAR(probability(kNormalVar95), 0.95, 1e-15);
    EXPECT_NEAR(probability(kNormalVar99), 0.99, 1e-15);
    EXPECT_NEAR(kNormalEs95, density(kNormalVar95) / 0.05, 1e-14);
    EXPECT_NEAR(kNormalEs99, density(kNormalVar99) / 0.01, 1e-13);
    EXPECT_NEAR(kNormalEs95, 2.062713, 5e-7);
    EXPECT_NEAR(kNormalEs99, 2.665214, 5e-7);
}

TEST(ValueAtRisk, ParametricMeasuresAreMultiplesOfTheVolatility) {
    const std::array returns = {0.01, -0.02, 0.015, -0.005, 0.03};
    const TailRisk tail = ewma_tail(returns, 0.94);
    const double s = 0.0128587524;
    EXPECT_NEAR(tail.var_95, 1.644854 * s, 1e-8);
    EXPECT_NEAR(tail.var_99, 2.326348 * s, 1e-8);
    EXPECT_NEAR(tail.es_95, 2.062713 * s, 1e-8);
    EXPECT_NEAR(tail.es_99, 2.665214 * s, 1e-8);
}

// 21 returns -0.10, -0.09, ..., 0.10: the 5% quantile lies at place 1, the 1% one at place 0.2.
std::vector<double> ladder() {
    std::vector<double> returns;
    for (int i = -10; i <= 10; ++i) {
        returns.push_back(i / 100.0);
    }
    return returns;
}

TEST(ValueAtRisk, HistoricalQuantileInterpolatesBetweenOrderStatistics) {
    std::vector<double> returns = ladder();
    const TailRisk tail = historical_tail(returns);
    EXPECT_NEAR(tail.var_95, 0.09, 1e-15);
    EXPECT_NEAR(tail.var_99, 0.098, 1e-15);
}

TEST(ValueAtRisk, HistoricalShortfallIsTheMeanAtOrBelowTheQuantile) {
    std::vector<double> returns = ladder();
    const TailRisk tail = historical_tail(returns);
    EXPECT_NEAR(tail.es_95, 0.095, 1e-15);
    EXPECT_NEAR(tail.es_99, 0.10, 1e-15);
}

TEST(ValueAtRisk, ReturnsEqualToTheQuantileCountInTheShortfall) {
    std::vector<double> returns(100, 0.0);
    returns[50] = -0.05;
    const TailRisk tail = historical_tail(returns);
    EXPECT_EQ(tail.var_95, 0);
    EXPECT_NEAR(tail.es_95, 0.05 / 100, 1e-18);
}

TEST(ValueAtRisk, TheOrderOfTheReturnsDoesNotMatterToTheHistoricalTail) {
    std::vector<double> returns = ladder();
    std::vector<double> descending(returns.rbegin(), returns.rend());
    const TailRisk ascending = historical_tail(returns);
    const TailRisk other = historical_tail(descending);
    EXPECT_EQ(ascending.var_95, other.var_95);
    EXPECT_EQ(ascending.var_99, other.var_99);
    EXPECT_EQ(ascending.es_95, other.es_95);
    EXPECT_EQ(ascending.es_99, other.es_99);
}

TEST(ValueAtRisk, OneReturnIsItsOwnTail) {
    std::array one = {-0.02};
    const TailRisk tail = historical_tail(one);
    EXPECT_EQ(tail.var_95, 0.02);
    EXPECT_EQ(tail.es_99, 0.02);
}

TEST(ValueAtRisk, TwoReturnsAreInterpolatedBetween) {
    std::array two = {0.02, -0.02};
    const TailRisk tail = historical_tail(two);
    EXPECT_NEAR(tail.var_95, 0.018, 1e-15);
    EXPECT_NEAR(tail.var_99, 0.0196, 1e-15);
}

TEST(ValueAtRisk, NothingBehindTheLastReturnIsLookedAt) {
    std::array values = {-0.02, std::numeric_limits<double>::quiet_NaN()};
    const TailRisk tail = historical_tail(std::span(values).first(1));
    EXPECT_EQ(tail.var_95, 0.02);
    EXPECT_EQ(tail.es_95, 0.02);
}

TEST(ValueAtRisk, AGainAtTheQuantileIsANegativeLoss) {
    std::array gains = {0.01, 0.02, 0.03};
    EXPECT_LT(historical_tail(gains).var_95, 0);
}

TEST(ValueAtRiskDeathTest, NoReturnsAreAProgrammersError) {
    EXPECT_DEATH(static_cast<void>(historical_tail({})), "no returns");
    EXPECT_DEATH(static_cast<void>(ewma_volatility({}, 0.94)), "no returns");
}

}  // namespace
}  // namespace paperd::risk
