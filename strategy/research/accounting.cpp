#include "strategy/research/accounting.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "execution/types/check.h"
#include "strategy/rings.h"
#include "strategy/statistics.h"

namespace paperd::strategy {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double population_covariance(std::span<const double> a, std::span<const double> b) {
    const double mean_a = mean(a);
    const double mean_b = mean(b);
    double total = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        total += (a[i] - mean_a) * (b[i] - mean_b);
    }
    return total / static_cast<double>(a.size());
}

struct Tail {
    double var;
    double es;
};

Tail tail_95(std::span<const double> returns) {
    SortedRing sorted(returns.size());
    for (const double r : returns) {
        sorted.push(r);
    }
    const double percentile = sorted.quantile(0.05);
    double total = 0;
    double count = 0;
    for (const double r : returns) {
        if (r <= percentile) {
            total += r;
            ++count;
        }
    }
    return {.var = -percentile, .es = -total / count};
}

}  // namespace

double ResearchWeight::change_to(double weight, double cost_per_turnover) {
    return cost_per_turnover * std::abs(weight - std::exchange(weight_, weight));
}

std::vector<double> net_returns(std::span<const double> weights,
                                std::span<const double> next_returns, double cost_per_turnover) {
    CHECK(weights.size() == next_returns.size(), "one return for each weight");
    std::vector<double> net(weights.size());
    ResearchWeight held;
    for (std::size_t t = 0; t < weights.size(); ++t) {
        const double cost = held.change_to(weights[t], cost_per_turnover);
        net[t] = held.earned(next_returns[t]) - cost;
    }
    return net;
}

Metrics metrics_of(std::span<const double> returns, std::span<const double> benchmark,
                   double periods) {
    CHECK(benchmark.empty() || benchmark.size() == returns.size(),
          "a benchmark has one return for each of the strategy's");
    if (returns.empty()) {
        return {kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN};
    }
    double equity = 1;
    double peak = 1;
    double drawdown = 0;
    double squares_down = 0;
    double gains = 0;
    double losses = 0;
    double wins = 0;
    double moves = 0;
    for (const double r : returns) {
        equity *= 1 + r;
        peak = std::max(peak, equity);
        drawdown = std::min(drawdown, equity / peak - 1);
        squares_down += std::min(r, 0.0) * std::min(r, 0.0);
        gains += std::max(r, 0.0);
        losses -= std::min(r, 0.0);
        wins += r > 0 ? 1 : 0;
        moves += r != 0 ? 1 : 0;
    }
    const auto count = static_cast<double>(returns.size());
    const double average = mean(returns);
    // Returns that are all one number have no spread, whatever their sums leave of it.
    const bool spreads = returns.size() > 1 && deviation(returns) > 0;
    const double spread = spreads ? std::sqrt(population_covariance(returns, returns)) : 0;
    const double year = std::sqrt(periods);
    const Tail tail = tail_95(returns);

    Metrics m;
    m.total_return = equity - 1;
    m.annual_return = std::pow(equity, periods / count) - 1;
    m.volatility = spread * year;
    m.sharpe = average / spread * year;
    m.sortino = average / std::sqrt(squares_down / count) * year;
    m.max_drawdown = drawdown;
    m.calmar = m.annual_return / std::abs(drawdown);
    m.win_rate = wins / moves;
    m.profit_factor = gains / losses;
    m.var_95 = tail.var;
    m.es_95 = tail.es;
    m.beta = benchmark.empty() ? kNaN
                               : population_covariance(returns, benchmark) /
                                     population_covariance(benchmark, benchmark);
    return m;
}

}  // namespace paperd::strategy
