// One-bar value at risk and expected shortfall of a return series; losses are positive fractions
// (a negative VaR says that even the quantile is a gain).
//
// Historical: VaR = -q(1 - a) with q the quantile by linear interpolation between order statistics
// at (n - 1)(1 - a) (type 7 of Hyndman & Fan 1996, numpy's default); ES = -mean(r where r <= q).
// Parametric: zero mean, EWMA variance s^2 = lambda s^2 + (1 - lambda) r^2 seeded with the first
// squared return (RiskMetrics 1996): VaR = z s, ES = s phi(z) / (1 - a).
#pragma once

#include <span>

namespace paperd::risk {

// Standard normal: z at 95% and 99%, and phi(z) / (1 - a).
inline constexpr double kNormalVar95 = 1.6448536269514727;
inline constexpr double kNormalVar99 = 2.3263478740408411;
inline constexpr double kNormalEs95 = 2.0627128075074260;
inline constexpr double kNormalEs99 = 2.6652142203458048;

struct TailRisk {
    double var_95 = 0;
    double var_99 = 0;
    double es_95 = 0;
    double es_99 = 0;
};

// returns: at least one, finite, in any order. Sorts them.
TailRisk historical_tail(std::span<double> returns);

// returns: oldest first, at least one. lambda in (0, 1).
TailRisk ewma_tail(std::span<const double> returns, double lambda);

// The forecast after the last return.
double ewma_volatility(std::span<const double> returns, double lambda);

}  // namespace paperd::risk
