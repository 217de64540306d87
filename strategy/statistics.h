// Statistics of one full window, computed afresh in two passes: the same window gives the same bits
// wherever and whenever it is asked, because the order of the sums depends on nothing but the
// window. A NaN or infinity in the window comes out as NaN.
#pragma once

#include <span>

namespace paperd::strategy {

// A standard deviation at or below this part of the window's largest |value| is rounding, not
// spread, and counts as 0.
inline constexpr double kNoSpread = 1e-12;

[[nodiscard]] double sum(std::span<const double> window);

// NaN for an empty window.
[[nodiscard]] double mean(std::span<const double> window);

struct Moments {
    double mean = 0;
    double deviation = 0;
};

// mean() and deviation() in one.
[[nodiscard]] Moments moments(std::span<const double> window);

// Standard deviation with n - 1; NaN below two values, 0 where there is no spread.
[[nodiscard]] double deviation(std::span<const double> window);

// Pearson's correlation of two windows of one length; NaN where either has no spread.
[[nodiscard]] double correlation(std::span<const double> a, std::span<const double> b);

}  // namespace paperd::strategy
