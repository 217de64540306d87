// One-bar value at risk and expected shortfall of a return series; losses are positive fractions.
// Historical: VaR = -q_{1-a}(r) with linear interpolation (type 7), ES = -mean(r <= q). Parametric:
// EWMA variance (RiskMetrics 1996, lambda, seeded with the first squared return), zero mean: VaR =
// z s, ES = s phi(z) / (1 - a).
#pragma once

#include <span>

namespace paperd::risk {

struct TailRisk {
    double var_95 = 0;
    double var_99 = 0;
    double es_95 = 0;
    double es_99 = 0;
};

// returns: oldest first, at least one.
TailRisk historical_tail(std::span<const double> returns);
TailRisk ewma_tail(std::span<const double> returns, double lambda);
double ewma_volatility(std::span<const double> returns,
                       double lambda);  // forecast after the last return

}  // namespace paperd::risk
