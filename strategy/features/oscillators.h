// Indicators of closes that several sets share.
#pragma once

#include <span>

namespace paperd::strategy {

// RSI of the last n changes with simple means of gains and losses (not Wilder's smoothing), 0 to
// 100: 100 without a loss, NaN without any change or with fewer than n + 1 closes.
[[nodiscard]] double rsi(std::span<const double> close, std::size_t n);

// Bollinger's bands over a full window: mean +- 2 standard deviations.
struct Bands {
    double upper = 0;  // relative to the newest close
    double lower = 0;  // likewise
    double position =
        0;  // of the newest close between them: 0 lower, 1 upper; not finite when flat
};

[[nodiscard]] Bands bollinger(std::span<const double> close);

}  // namespace paperd::strategy
