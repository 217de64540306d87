#include "daemon/report/figures.h"

#include <cmath>

#include "strategy/research/accounting.h"
#include "strategy/statistics.h"

namespace paperd::daemon {

ReturnFigures figures_of(std::span<const double> returns, int days_a_year) {
    ReturnFigures figures{.days = returns.size()};
    if (returns.empty()) {
        return figures;
    }
    const strategy::Metrics metrics = strategy::metrics_of(returns, {}, days_a_year);
    figures.total = metrics.total_return;
    figures.max_drawdown = metrics.max_drawdown;
    if (returns.size() >= static_cast<std::size_t>(days_a_year)) {
        figures.cagr = metrics.annual_return;
    }
    if (returns.size() < kDaysForRatios) {
        return figures;
    }
    const double root = std::sqrt(days_a_year);
    figures.volatility = metrics.volatility;
    figures.mean = strategy::mean(returns) * days_a_year;
    figures.mean_t = strategy::mean_t(returns, strategy::newey_west_lags(returns.size()));
    if (std::isfinite(metrics.sharpe)) {
        figures.sharpe = metrics.sharpe;
        figures.sharpe_error = strategy::sharpe_error(metrics.sharpe / root, returns.size()) * root;
    }
    if (std::isfinite(metrics.sortino)) {
        figures.sortino = metrics.sortino;
        figures.sortino_error = strategy::sortino_error(returns) * root;
    }
    return figures;
}

Comparison compare(double start, std::span<const strategy::DayValue> own,
                   std::span<const strategy::DayValue> benchmark, int days_a_year) {
    const strategy::PairedReturns paired = strategy::paired_returns(start, own, benchmark);
    Comparison comparison;
    comparison.own = figures_of(paired.own, days_a_year);
    comparison.benchmark = figures_of(paired.benchmark, days_a_year);
    if (paired.own.size() < kDaysForRatios) {
        return comparison;
    }
    comparison.lags = strategy::newey_west_lags(paired.own.size());
    comparison.fit = strategy::regress(paired.own, paired.benchmark, comparison.lags);
    comparison.alpha = comparison.fit.alpha * days_a_year;
    if (comparison.benchmark.volatility > 0) {
        comparison.share = comparison.own.volatility / comparison.benchmark.volatility;
        std::vector<double> scaled = paired.benchmark;
        for (double& r : scaled) {
            r *= comparison.share;
        }
        comparison.at_own_volatility = figures_of(scaled, days_a_year);
    }
    return comparison;
}

}  // namespace paperd::daemon
