// What daily returns say of an account, in figures of a year; and beside a benchmark. Pure
// functions. What is not known for want of days, or has no meaning, is NaN.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "strategy/research/day_series.h"
#include "strategy/research/performance.h"

namespace paperd::daemon {

// Fewer daily returns than this say nothing of a ratio a year.
inline constexpr std::size_t kDaysForRatios = 20;

inline constexpr double kNotKnown = std::numeric_limits<double>::quiet_NaN();

// Conventions: simple returns, risk-free rate 0, population deviation, a year of the calendar's
// days (strategy/research/accounting.h). Errors are standard errors
// (strategy/research/performance.h).
struct ReturnFigures {
    std::size_t days = 0;
    double total = kNotKnown;
    double cagr = kNotKnown;  // from a whole year of days on: what is shorter is not annualised
    double volatility = kNotKnown;
    double sharpe = kNotKnown;
    double sharpe_error = kNotKnown;
    double sortino = kNotKnown;
    double sortino_error = kNotKnown;
    double max_drawdown = kNotKnown;  // by the ends of days
    double mean = kNotKnown;          // a year: the mean daily return x its days
    double mean_t = kNotKnown;
};

ReturnFigures figures_of(std::span<const double> returns, int days_a_year);

// Over the days that both accounts have.
struct Comparison {
    ReturnFigures own;
    ReturnFigures benchmark;
    // The benchmark with so much of the equity in it, rebalanced daily at no cost, that its
    // volatility is the strategy's; the rest earns nothing, and what lies above 1 is lent for
    // nothing.
    double share = kNotKnown;
    ReturnFigures at_own_volatility;
    double alpha = kNotKnown;  // a year: the daily alpha x its days
    strategy::Regression fit;  // of daily returns
    std::size_t lags = 0;      // of fit's errors
};

// `start`: what both began with.
Comparison compare(double start, std::span<const strategy::DayValue> own,
                   std::span<const strategy::DayValue> benchmark, int days_a_year);

}  // namespace paperd::daemon
