// Bars of a random walk, a pure function of the seed.
#pragma once

#include <cmath>
#include <random>
#include <vector>

#include "execution/types/slice.h"

namespace paperd::strategy {

// One symbol's bars on consecutive days, ending 21:00 UTC; adj_close steps up now and then as
// dividends make it.
inline std::vector<Bar> random_bars(unsigned seed, int count, SymbolId symbol = {}) {
    std::mt19937 random(seed);
    std::normal_distribution<double> normal;
    std::vector<Bar> bars;
    double price = 40;
    double factor = 0.8;
    for (int t = 0; t < count; ++t) {
        const double open = price * std::exp(0.005 * normal(random));
        price *= std::exp(0.015 * normal(random));
        factor = t % 63 == 62 ? std::min(1.0, factor * 1.005) : factor;
        const double high = std::max(open, price) * (1 + 0.01 * std::abs(normal(random)));
        const double low = std::min(open, price) * (1 - 0.01 * std::abs(normal(random)));
        bars.push_back(
            Bar{.symbol = symbol,
                .closed_at = Timestamp{std::chrono::days(10'000 + t)} + std::chrono::hours(21),
                .open = Price::nearest(open),
                .high = Price::nearest(high),
                .low = Price::nearest(low),
                .close = Price::nearest(price),
                .adj_close = Price::nearest(price * factor),
                .volume = std::floor(1e6 * std::exp(0.4 * normal(random)))});
    }
    return bars;
}

inline Slice slice_of(std::int64_t id, std::vector<Bar> bars) {
    Slice slice;
    slice.id = id;
    slice.closed_at = bars.front().closed_at;
    slice.day = Day{std::chrono::floor<std::chrono::days>(slice.closed_at).time_since_epoch()};
    slice.bars = std::move(bars);
    return slice;
}

}  // namespace paperd::strategy
