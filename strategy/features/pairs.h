// Spread features and mean-reversion labels of two symbols (reference: features.pairs). A batch:
// the part up to train_until fixes each leg's z-score and the spread's mean and deviation, and the
// label looks `window` bars ahead.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "execution/types/result.h"
#include "execution/types/timestamp.h"

namespace paperd::strategy {

struct PairSettings {
    Day train_until{};        // the last day of the training part
    int window = 7;           // bars, of the rolling columns and of the label
    double threshold = 0.03;  // label 1: |spread - its mean| falls below this within the window
};

inline constexpr std::array<std::string_view, 8> kPairsColumns = {
    "spread",       "z_score",     "z_score_lag1", "spread_lag1",
    "rolling_mean", "rolling_std", "volatility",   "label"};

// What the training part fixes: each leg's z-score, and the spread's (first z - second z).
struct PairScalers {
    double first_mean = 0;
    double first_std = 1;  // n - 1, as the reference
    double second_mean = 0;
    double second_std = 1;
    double spread_mean = 0;
    double spread_std = 1;

    bool operator==(const PairScalers&) const = default;
};

// A leg that never moved has no z-score, hence no spread.
inline double pair_spread(const PairScalers& fit, double close1, double close2) {
    return (close1 - fit.first_mean) / fit.first_std - (close2 - fit.second_mean) / fit.second_std;
}

// close1, close2: adjusted, aligned, of the training part; at least two rows.
PairScalers fit_pair(std::span<const double> close1, std::span<const double> close2);

// close1, close2: adjusted, aligned; the first `past` rows are the training part. Returns the rows
// after it, row-major in the order of kPairsColumns, NaN where undefined. Errors: fewer than two
// training rows, no row after them, a window below 2.
Result<std::vector<double>> pairs_features(std::span<const double> close1,
                                           std::span<const double> close2, std::size_t past,
                                           const PairSettings& settings);

}  // namespace paperd::strategy
