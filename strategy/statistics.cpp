#include "strategy/statistics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "execution/types/check.h"

namespace paperd::strategy {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kLanes = 8;

// Sum of f(i) for i < n in eight lanes: the additions do not wait for each other, and their order
// is a function of n alone.
template <class F>
double lanes(std::size_t n, F f) {
    std::array<double, kLanes> part{};
    std::size_t i = 0;
    for (; i + kLanes <= n; i += kLanes) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            part[lane] += f(i + lane);
        }
    }
    for (std::size_t lane = 0; i + lane < n; ++lane) {
        part[lane] += f(i + lane);
    }
    return ((part[0] + part[4]) + (part[1] + part[5])) +
           ((part[2] + part[6]) + (part[3] + part[7]));
}

double largest(std::span<const double> w) {
    double most = 0;
    for (const double value : w) {
        most = std::max(most, std::abs(value));
    }
    return most;
}

double squares_about(double centre, std::span<const double> w) {
    return lanes(w.size(), [&](std::size_t i) {
        const double d = w[i] - centre;
        return d * d;
    });
}

// No |value| exceeds |centre| + sqrt(squares), so the largest is looked for only where that bound
// leaves room for doubt.
double deviation_of(double squares, double centre, std::span<const double> w) {
    const double value = std::sqrt(squares / static_cast<double>(w.size() - 1));
    if (value > 2 * kNoSpread * (std::abs(centre) + std::sqrt(squares))) {
        return value;
    }
    return value <= kNoSpread * largest(w) ? 0.0 : value;
}

}  // namespace

double sum(std::span<const double> window) {
    return lanes(window.size(), [&](std::size_t i) { return window[i]; });
}

double mean(std::span<const double> window) {
    return window.empty() ? kNaN : sum(window) / static_cast<double>(window.size());
}

Moments moments(std::span<const double> window) {
    if (window.size() < 2) {
        return {.mean = mean(window), .deviation = kNaN};
    }
    const double centre = mean(window);
    return {.mean = centre,
            .deviation = deviation_of(squares_about(centre, window), centre, window)};
}

double deviation(std::span<const double> window) { return moments(window).deviation; }

double correlation(std::span<const double> a, std::span<const double> b) {
    CHECK(a.size() == b.size(), "a correlation needs two windows of one length");
    if (a.size() < 2) {
        return kNaN;
    }
    const double mean_a = mean(a);
    const double mean_b = mean(b);
    const double aa = squares_about(mean_a, a);
    const double bb = squares_about(mean_b, b);
    if (!(deviation_of(aa, mean_a, a) > 0) || !(deviation_of(bb, mean_b, b) > 0)) {
        return kNaN;
    }
    const double ab =
        lanes(a.size(), [&](std::size_t i) { return (a[i] - mean_a) * (b[i] - mean_b); });
    return ab / std::sqrt(aa * bb);
}

}  // namespace paperd::strategy
