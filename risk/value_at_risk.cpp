#include "risk/value_at_risk.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "execution/types/check.h"

namespace paperd::risk {
namespace {

struct Loss {
    double var = 0;
    double es = 0;
};

// tail = 1 - confidence.
Loss loss_beyond(std::span<const double> sorted, double tail) {
    const double place = static_cast<double>(sorted.size() - 1) * tail;
    const auto below = static_cast<std::size_t>(place);
    const auto above = std::min(below + 1, sorted.size() - 1);
    const double quantile =
        sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
    // Ascending order makes the sum independent of the order the returns came in.
    double sum = 0;
    std::size_t count = 0;
    while (count < sorted.size() && sorted[count] <= quantile) {
        sum += sorted[count];
        ++count;
    }
    return {-quantile, -sum / static_cast<double>(count)};
}

}  // namespace

TailRisk historical_tail(std::span<double> returns) {
    CHECK(!returns.empty(), "the tail of no returns");
    std::sort(returns.begin(), returns.end());
    const Loss at_95 = loss_beyond(returns, 0.05);
    const Loss at_99 = loss_beyond(returns, 0.01);
    return {at_95.var, at_99.var, at_95.es, at_99.es};
}

TailRisk ewma_tail(std::span<const double> returns, double lambda) {
    const double s = ewma_volatility(returns, lambda);
    return {kNormalVar95 * s, kNormalVar99 * s, kNormalEs95 * s, kNormalEs99 * s};
}

double ewma_volatility(std::span<const double> returns, double lambda) {
    CHECK(!returns.empty(), "the volatility of no returns");
    double variance = returns[0] * returns[0];
    for (const double r : returns.subspan(1)) {
        variance = lambda * variance + (1 - lambda) * r * r;
    }
    return std::sqrt(variance);
}

}  // namespace paperd::risk
