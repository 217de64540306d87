// That the synthetic market looks like one: its statistics over many draws, with fixed seeds.
#include "daemon/feeds/synthetic_prices.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace paperd::daemon {
namespace {

constexpr std::uint64_t kSeed = 7;
constexpr std::size_t kMinutes = 390;

Day day(int number) { return day_from_number(18'000 + number); }

double mean(const std::vector<double>& x) {
    return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

double correlation(const std::vector<double>& x, const std::vector<double>& y) {
    const double mx = mean(x);
    const double my = mean(y);
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        xx += (x[i] - mx) * (x[i] - mx);
        yy += (y[i] - my) * (y[i] - my);
        xy += (x[i] - mx) * (y[i] - my);
    }
    return xy / std::sqrt(xx * yy);
}

double deviation(const std::vector<double>& x) {
    const double m = mean(x);
    double sum = 0;
    for (const double value : x) {
        sum += (value - m) * (value - m);
    }
    return std::sqrt(sum / static_cast<double>(x.size()));
}

std::vector<double> minute_returns(const MinutePath& path) {
    std::vector<double> returns;
    for (std::size_t m = 0; m < path.close.size(); ++m) {
        returns.push_back(path.close[m] - path.open[m]);
    }
    return returns;
}

TEST(SyntheticPrices, SymbolsHaveRealisticMagnitudes) {
    for (int i = 0; i < 500; ++i) {
        SCOPED_TRACE(i);
        const SyntheticSymbol symbol = make_synthetic_symbol(kSeed, "S" + std::to_string(i));
        EXPECT_GE(symbol.first_price, 50);
        EXPECT_LE(symbol.first_price, 400);
        EXPECT_GE(symbol.volatility_day * std::sqrt(252.0), 0.15 - 1e-12);
        EXPECT_LE(symbol.volatility_day * std::sqrt(252.0), 0.40);
        EXPECT_GE(symbol.volume_minute, 8'000);
        EXPECT_LE(symbol.volume_minute, 40'000);
        // An order of a tenth of a million is at most a quarter of a mean minute's turnover.
        EXPECT_LT(100'000 / (symbol.first_price * symbol.volume_minute), 0.25 + 1e-9);
    }
}

TEST(SyntheticPrices, StormsComeInStretches) {
    int storms = 0;
    int stormy_days = 0;
    bool stormy = false;
    constexpr int kDays = 20'000;
    for (int i = 0; i < kDays; ++i) {
        const bool now = stormy_day(kSeed, day(i), stormy);
        storms += now && !stormy ? 1 : 0;
        stormy_days += now ? 1 : 0;
        stormy = now;
    }
    EXPECT_NEAR(static_cast<double>(stormy_days) / storms, 3, 0.25);
    EXPECT_NEAR(static_cast<double>(kDays - stormy_days) / storms, 8, 0.7);
}

TEST(SyntheticPrices, AStormyDayMovesMoreThanACalmOne) {
    const SyntheticSymbol symbol = make_synthetic_symbol(kSeed, "AAPL");
    std::vector<double> calm;
    std::vector<double> stormy;
    for (int i = 0; i < 4'000; ++i) {
        const DayMove a = day_move(kSeed, symbol, day(i), false);
        const DayMove b = day_move(kSeed, symbol, day(i), true);
        calm.push_back(a.overnight + a.intraday);
        stormy.push_back(b.overnight + b.intraday);
    }
    EXPECT_NEAR(deviation(calm) / symbol.volatility_day, 0.6, 0.03);
    EXPECT_NEAR(deviation(stormy) / symbol.volatility_day, 1.6, 0.08);
}

TEST(SyntheticPrices, SymbolsShareACommonFactor) {
    const SyntheticSymbol a = make_synthetic_symbol(kSeed, "AAPL");
    const SyntheticSymbol b = make_synthetic_symbol(kSeed, "MSFT");
    std::vector<double> days_a;
    std::vector<double> days_b;
    std::vector<double> minutes_a;
    std::vector<double> minutes_b;
    for (int i = 0; i < 3'000; ++i) {
        days_a.push_back(day_move(kSeed, a, day(i), false).intraday);
        days_b.push_back(day_move(kSeed, b, day(i), false).intraday);
    }
    for (int i = 0; i < 20; ++i) {
        const DayShape shape = make_day_shape(kSeed, day(i), kMinutes);
        for (auto [symbol, out] : {std::pair{&a, &minutes_a}, std::pair{&b, &minutes_b}}) {
            const double close = day_move(kSeed, *symbol, day(i), false).intraday;
            const auto returns =
                minute_returns(make_minute_path(kSeed, *symbol, day(i), false, shape, 0, 0, close));
            out->insert(out->end(), returns.begin(), returns.end());
        }
    }
    const double expected = a.loading * b.loading;
    EXPECT_GT(expected, 0.2);
    EXPECT_NEAR(correlation(days_a, days_b), expected, 0.06);
    EXPECT_NEAR(correlation(minutes_a, minutes_b), expected, 0.04);
}

TEST(SyntheticPrices, OpeningAndClosingAreBusy) {
    const DayShape shape = make_day_shape(kSeed, day(0), kMinutes);
    const auto part = [](const std::vector<double>& x, std::size_t from, std::size_t count) {
        return mean({x.begin() + static_cast<std::ptrdiff_t>(from),
                     x.begin() + static_cast<std::ptrdiff_t>(from + count)});
    };
    EXPECT_NEAR(mean(shape.volume_shape), 1, 1e-12);
    EXPECT_NEAR(mean(shape.variance_share) * kMinutes, 1, 1e-12);
    EXPECT_GT(part(shape.volume_shape, 0, 15), 2 * part(shape.volume_shape, 150, 90));
    EXPECT_GT(part(shape.volume_shape, 375, 15), 2 * part(shape.volume_shape, 150, 90));
    EXPECT_GT(part(shape.variance_share, 0, 15), 2 * part(shape.variance_share, 150, 90));
    EXPECT_GT(part(shape.variance_share, 375, 15), 1.5 * part(shape.variance_share, 150, 90));
}

TEST(SyntheticPrices, TheHumpsAreInTheBars) {
    const SyntheticSymbol symbol = make_synthetic_symbol(kSeed, "AAPL");
    std::vector<double> volume(kMinutes, 0);
    std::vector<double> range(kMinutes, 0);
    for (int i = 0; i < 60; ++i) {
        const DayShape shape = make_day_shape(kSeed, day(i), kMinutes);
        const double open = std::log(symbol.first_price);
        const MinutePath path =
            make_minute_path(kSeed, symbol, day(i), false, shape, 0, open, open);
        for (std::size_t m = 0; m < kMinutes; ++m) {
            const MinuteBar bar = make_minute_bar(kSeed, symbol, day(i), false, shape, path, m);
            volume[m] += bar.volume / 60;
            range[m] += (bar.high - bar.low).to_double() / 60;
        }
    }
    EXPECT_NEAR(mean(volume) / symbol.volume_minute, 1, 0.05);
    EXPECT_GT(volume[0], 2.5 * volume[195]);
    EXPECT_GT(volume[389], 2.5 * volume[195]);
    EXPECT_GT(range[0], 1.5 * range[195]);
    EXPECT_GT(range[389], 1.15 * range[195]);
}

TEST(SyntheticPrices, ADaysPathLeadsFromItsOpenToItsClose) {
    const SyntheticSymbol symbol = make_synthetic_symbol(kSeed, "XOM");
    for (int i = 0; i < 20; ++i) {
        SCOPED_TRACE(i);
        const DayShape shape = make_day_shape(kSeed, day(i), kMinutes);
        const MinutePath path =
            make_minute_path(kSeed, symbol, day(i), true, shape, 0.01, 4.5, 4.52);
        EXPECT_EQ(path.open.front(), 4.5);
        EXPECT_NEAR(path.close.back(), 4.52, 1e-12);
    }
}

TEST(SyntheticPrices, GapsAreOddAndLarge) {
    const SyntheticSymbol symbol = make_synthetic_symbol(kSeed, "XOM");
    const double mean_minute =
        symbol.volatility_day * 0.6 * std::sqrt(0.75 / static_cast<double>(kMinutes));
    int gaps = 0;
    int minutes = 0;
    for (int i = 0; i < 100; ++i) {
        const DayShape shape = make_day_shape(kSeed, day(i), kMinutes);
        const MinutePath path = make_minute_path(kSeed, symbol, day(i), false, shape, 0.01, 0, 0);
        for (std::size_t m = 1; m < kMinutes; ++m) {
            const double gap = std::abs(path.open[m] - path.close[m - 1]) / mean_minute;
            ++minutes;
            if (gap > 1e-6) {
                ++gaps;
                EXPECT_GE(gap, 5 - 1e-6);
                EXPECT_LE(gap, 12 + 1e-6);
            }
        }
    }
    EXPECT_NEAR(static_cast<double>(gaps) / minutes, 0.01, 0.002);
}

}  // namespace
}  // namespace paperd::daemon
