// Volatility, median volumes and the two spread estimates of one symbol over its lookback, kept so
// that asking for them after every bar is cheap. A pure function of the lookback's bars: rebuilding
// it from them gives the same bits.
#pragma once

#include <cstddef>

#include "execution/types/market_stats.h"
#include "strategy/rings.h"

namespace paperd::strategy {

inline constexpr std::size_t kSpreadBars = 21;  // a month of estimates is averaged

// One bar as the estimates need it: adjusted prices and their logs, volume, and the adjustment in
// the prices.
struct StatsBar {
    StatsBar() = default;
    StatsBar(double high_price, double low_price, double close_price, double bar_volume,
             double bar_factor);

    double high = 0;
    double low = 0;
    double close = 0;
    double volume = 0;
    double factor = 1;  // adjusted / unadjusted
    double log_high = 0;
    double log_low = 0;
    double log_close = 0;
};

// Corwin and Schultz (Journal of Finance 67(2), 2012): ln((1 + S/2) / (1 - S/2)) of two bars'
// ranges, S the spread as a fraction of price; the second bar is shifted by its gap to the first
// one's close. May be negative.
[[nodiscard]] double corwin_schultz_alpha(const StatsBar& first, const StatsBar& second);

// S of that alpha: 2 (e^a - 1) / (1 + e^a).
[[nodiscard]] double corwin_schultz(double alpha);

// One term of Abdi and Ranaldo (Review of Financial Studies 30(12), 2017):
// (c_t - eta_t)(c_t - eta_{t+1}) in logs, eta the middle of the log range. Known at t+1's close.
[[nodiscard]] double abdi_ranaldo_term(const StatsBar& first, const StatsBar& second);

// sqrt(4 x mean term); a negative mean counts as 0.
[[nodiscard]] double abdi_ranaldo(double mean_term);

class RollingStats {
public:
    explicit RollingStats(std::size_t lookback);

    // The next bar of the series; the first one after clear() has none before it.
    void push(const StatsBar& bar);

    void clear();

    [[nodiscard]] MarketStats compute() const;

private:
    MirroredRing returns_;  // simple, of adjusted closes; one fewer than bars
    SortedRing volumes_;
    SortedRing dollar_volumes_;    // volume x typical price as traded
    MirroredRing corwin_schultz_;  // of each pair of neighbours, negatives as 0
    MirroredRing abdi_ranaldo_;
    StatsBar newest_;  // once there is one
};

}  // namespace paperd::strategy
