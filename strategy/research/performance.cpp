#include "strategy/research/performance.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "execution/types/check.h"
#include "strategy/statistics.h"

namespace paperd::strategy {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool moves(std::span<const double> values) { return deviation(values) > 0; }

// The standard error of an estimate that is off by the sum of these parts: the long-run variance of
// their sum with Bartlett's weights, which is never below 0.
double error_of_sum(std::span<const double> parts, std::size_t lags) {
    const std::size_t n = parts.size();
    double variance = 0;
    for (std::size_t lag = 0; lag <= std::min(lags, n - 1); ++lag) {
        double products = 0;
        for (std::size_t t = lag; t < n; ++t) {
            products += parts[t] * parts[t - lag];
        }
        const double weight = 1 - static_cast<double>(lag) / static_cast<double>(lags + 1);
        variance += (lag == 0 ? 1 : 2 * weight) * products;
    }
    return std::sqrt(variance);
}

}  // namespace

double sharpe_error(double sharpe, std::size_t n) {
    return std::sqrt((1 + sharpe * sharpe / 2) / static_cast<double>(n));
}

double sortino_error(std::span<const double> returns) {
    if (returns.empty()) {
        return kNaN;
    }
    const auto n = static_cast<double>(returns.size());
    const double average = mean(returns);
    const auto loss_squared = [](double r) { return std::min(r, 0.0) * std::min(r, 0.0); };
    double squares = 0;
    for (const double r : returns) {
        squares += loss_squared(r);
    }
    const double down_squared = squares / n;
    if (!(down_squared > 0)) {
        return kNaN;
    }
    const double down = std::sqrt(down_squared);
    const double sortino = average / down;
    double variance = 0;
    for (const double r : returns) {
        const double influence =
            (r - average) / down - sortino * (loss_squared(r) - down_squared) / (2 * down_squared);
        variance += influence * influence;
    }
    return std::sqrt(variance / n / n);
}

std::size_t newey_west_lags(std::size_t n) {
    return static_cast<std::size_t>(4 * std::pow(static_cast<double>(n) / 100, 2.0 / 9));
}

Regression regress(std::span<const double> returns, std::span<const double> benchmark,
                   std::size_t lags) {
    CHECK(returns.size() == benchmark.size(), "a benchmark has one return for each of the others");
    const std::size_t n = returns.size();
    if (n < 3 || !moves(benchmark)) {
        return {};
    }
    const double mean_r = mean(returns);
    const double mean_b = mean(benchmark);
    double bb = 0;
    double br = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const double b = benchmark[i] - mean_b;
        bb += b * b;
        br += b * (returns[i] - mean_r);
    }
    Regression fit;
    fit.beta = br / bb;
    fit.alpha = mean_r - fit.beta * mean_b;
    // alpha is off by the sum of the residuals x (1 / n - mean_b (b - mean_b) / bb).
    std::vector<double> parts(n);
    double most = 0;
    double largest = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const double residual = returns[i] - fit.alpha - fit.beta * benchmark[i];
        parts[i] = residual * (1 / static_cast<double>(n) - mean_b * (benchmark[i] - mean_b) / bb);
        most = std::max(most, std::abs(residual));
        largest = std::max(largest, std::abs(returns[i]));
    }
    fit.exact = most <= kNoSpread * largest;
    if (!fit.exact) {
        const auto count = static_cast<double>(n);
        fit.alpha_t = fit.alpha / (error_of_sum(parts, lags) * std::sqrt(count / (count - 2)));
    }
    return fit;
}

double mean_t(std::span<const double> returns, std::size_t lags) {
    if (returns.size() < 2 || !moves(returns)) {
        return kNaN;
    }
    const auto n = static_cast<double>(returns.size());
    const double average = mean(returns);
    std::vector<double> parts(returns.begin(), returns.end());
    for (double& part : parts) {
        part = (part - average) / n;
    }
    return average / (error_of_sum(parts, lags) * std::sqrt(n / (n - 1)));
}

}  // namespace paperd::strategy
