#include "strategy/features/oscillators.h"

#include <algorithm>
#include <cstddef>
#include <limits>

#include "strategy/statistics.h"

namespace paperd::strategy {

double rsi(std::span<const double> close, std::size_t n) {
    if (close.size() <= n) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const auto window = close.last(n + 1);
    double gain = 0;
    double loss = 0;
    for (std::size_t i = 1; i <= n; ++i) {
        const double change = window[i] - window[i - 1];
        gain += std::max(change, 0.0);
        loss -= std::min(change, 0.0);
    }
    return 100 - 100 / (1 + gain / loss);
}

Bands bollinger(std::span<const double> close) {
    const double newest = close.back();
    const auto [centre, width] = moments(close);
    return {.upper = (centre + 2 * width) / newest - 1,
            .lower = (centre - 2 * width) / newest - 1,
            .position = (newest - (centre - 2 * width)) / (4 * width)};
}

}  // namespace paperd::strategy
