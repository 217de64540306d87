#include "strategy/market_stats.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <random>

#include <gtest/gtest.h>

namespace paperd::strategy {
namespace {

StatsBar bar_of(double high, double low, double close, double volume = 0, double factor = 1) {
    return {high, low, close, volume, factor};
}

double estimate(const StatsBar& first, const StatsBar& second) {
    return corwin_schultz(corwin_schultz_alpha(first, second));
}

TEST(MarketStats, CorwinSchultzGivesTheGoldenValues) {
    EXPECT_NEAR(estimate(bar_of(101, 99, 100), bar_of(101.2, 99.4, 100)), 0.0118130273, 5e-11);
    // A gap above the close before is taken out; what is left may be negative.
    const StatsBar before = bar_of(101, 99, 100.5);
    EXPECT_NEAR(estimate(before, bar_of(104, 102, 103)), -0.0160927375, 5e-11);
    // A gap below, likewise.
    EXPECT_NEAR(estimate(before, bar_of(98, 96, 97)), estimate(before, bar_of(100.5, 98.5, 97)),
                1e-15);
}

TEST(MarketStats, CorwinSchultzIsThePapersFormula) {
    const StatsBar first = bar_of(50.7, 49.8, 50.1);
    const StatsBar second = bar_of(51.2, 50.0, 50.9);
    const auto square = [](double x) { return x * x; };
    const double beta = square(std::log(50.7 / 49.8)) + square(std::log(51.2 / 50.0));
    const double gamma = square(std::log(51.2 / 49.8));
    const double scale = 3 - 2 * std::sqrt(2.0);
    const double alpha = (std::sqrt(2 * beta) - std::sqrt(beta)) / scale - std::sqrt(gamma / scale);
    EXPECT_NEAR(corwin_schultz_alpha(first, second), alpha, 1e-13);
    EXPECT_NEAR(corwin_schultz(alpha), 2 * (std::exp(alpha) - 1) / (1 + std::exp(alpha)), 1e-15);
}

TEST(MarketStats, AbdiRanaldoGivesTheGoldenValue) {
    const double term = abdi_ranaldo_term(bar_of(101, 99, 100.9), bar_of(101.2, 99.4, 100));
    EXPECT_NEAR(abdi_ranaldo(term), 0.0147103958, 5e-11);
    EXPECT_EQ(abdi_ranaldo(-1e-6), 0);
}

TEST(MarketStats, AreUnknownBeforeThereIsEnough) {
    RollingStats rolling(10);
    EXPECT_EQ(rolling.compute().median_volume, 0);
    rolling.push(bar_of(11, 9, 10, 300));
    EXPECT_EQ(rolling.compute().median_volume, 300);
    EXPECT_DOUBLE_EQ(rolling.compute().median_dollar_volume, 3000);
    EXPECT_EQ(rolling.compute().spread_corwin_schultz, 0);
    rolling.push(bar_of(11, 9, 10.5, 100));
    EXPECT_EQ(rolling.compute().volatility, 0);  // one return has no deviation
    EXPECT_EQ(rolling.compute().median_volume, 200);
    EXPECT_GT(rolling.compute().spread_corwin_schultz, 0);
}

TEST(MarketStats, TheDollarVolumeIsOfPricesAsTraded) {
    RollingStats rolling(10);
    rolling.push(bar_of(5.5, 4.5, 5, 100, 0.5));
    EXPECT_DOUBLE_EQ(rolling.compute().median_dollar_volume, 1000);
}

TEST(MarketStats, AreThoseOfTheLookbackComputedTheSlowWay) {
    constexpr unsigned kSeed = 31;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    std::normal_distribution<double> normal;
    constexpr std::size_t kLookback = 30;
    RollingStats rolling(kLookback);
    std::deque<StatsBar> bars;
    double price = 50;
    for (int t = 0; t < 200; ++t) {
        price *= std::exp(0.02 * normal(random));
        const StatsBar bar =
            bar_of(price * 1.01, price * 0.985, price, std::exp(normal(random)), 0.9);
        rolling.push(bar);
        bars.push_back(bar);
        if (bars.size() > kLookback) {
            bars.pop_front();
        }
    }
    std::vector<double> volumes;
    std::vector<double> returns;
    double corwin = 0;
    double abdi = 0;
    for (std::size_t i = 0; i < bars.size(); ++i) {
        volumes.push_back(bars[i].volume);
        if (i > 0) {
            returns.push_back(bars[i].close / bars[i - 1].close - 1);
        }
        if (i + kSpreadBars >= bars.size()) {
            corwin += std::max(0.0, estimate(bars[i - 1], bars[i])) / kSpreadBars;
            abdi += abdi_ranaldo_term(bars[i - 1], bars[i]) / kSpreadBars;
        }
    }
    std::ranges::sort(volumes);
    double average = 0;
    for (const double r : returns) {
        average += r / static_cast<double>(returns.size());
    }
    double squares = 0;
    for (const double r : returns) {
        squares += (r - average) * (r - average);
    }
    const MarketStats stats = rolling.compute();
    EXPECT_NEAR(stats.volatility, std::sqrt(squares / (kLookback - 2)), 1e-15);
    EXPECT_DOUBLE_EQ(stats.median_volume, (volumes[14] + volumes[15]) / 2);
    EXPECT_NEAR(stats.spread_corwin_schultz, corwin, 1e-15);
    EXPECT_GT(corwin, 0);
    EXPECT_NEAR(stats.spread_abdi_ranaldo, abdi_ranaldo(abdi), 1e-15);
}

}  // namespace
}  // namespace paperd::strategy
