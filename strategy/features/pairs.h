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

// close1, close2: adjusted, aligned; the first `past` rows are the training part. Returns the rows
// after it, row-major in the order of kPairsColumns, NaN where undefined. Errors: fewer than two
// training rows, no row after them, a window below 2.
Result<std::vector<double>> pairs_features(std::span<const double> close1,
                                           std::span<const double> close2, std::size_t past,
                                           const PairSettings& settings);

}  // namespace paperd::strategy
