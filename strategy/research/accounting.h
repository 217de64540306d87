// Research accounting: what weights would have earned from close to close, and the usual metrics of
// a series of returns (reference: finance.net_returns and finance.metrics). The engine's own
// accounting is shown beside it, never mixed with it.
#pragma once

#include <span>
#include <vector>

namespace paperd::strategy {

// One symbol's weight, as research accounts for it: it earns the simple return from close to close
// as it stands, and a change costs cost_per_turnover x |change|. Starts flat. Figures are fractions
// of equity.
class ResearchWeight {
public:
    // The cost of the change.
    double change_to(double weight, double cost_per_turnover);

    // Flat at no cost, where nothing is earned or paid across a cut of the series.
    void cut() { weight_ = 0; }

    [[nodiscard]] double earned(double simple_return) const { return weight_ * simple_return; }

    [[nodiscard]] double weight() const { return weight_; }

private:
    double weight_ = 0;
};

// What weights[t] earns of next_returns[t], less the cost of the change to it. The spans have one
// length.
std::vector<double> net_returns(std::span<const double> weights,
                                std::span<const double> next_returns, double cost_per_turnover);

// Conventions: population standard deviation, compounding equity, risk-free rate 0. A ratio without
// a meaning is NaN (no returns at all, 0/0) or infinite (gains but no losses), never 0.
struct Metrics {
    double total_return = 0;
    double annual_return = 0;
    double volatility = 0;  // a year
    double sharpe = 0;
    double sortino = 0;       // downside deviation over all returns
    double max_drawdown = 0;  // <= 0; equity starts at 1
    double calmar = 0;
    double win_rate = 0;  // of the returns that are not 0
    double profit_factor = 0;
    double var_95 = 0;  // minus the 5th percentile, linear interpolation
    double es_95 = 0;   // minus the mean of the returns at or below it
    double beta = 0;    // to the benchmark; NaN without one
};

// returns: one a period; benchmark: empty, or of the same length; periods: a year.
Metrics metrics_of(std::span<const double> returns, std::span<const double> benchmark = {},
                   double periods = 252);

}  // namespace paperd::strategy
