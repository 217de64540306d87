// How sure the figures of a series of daily returns are, and what is left of them beside a
// benchmark. Pure functions of the returns; figures are fractions of one period (a day). What has
// no meaning is NaN, never 0.
#pragma once

#include <cstddef>
#include <limits>
#include <span>

namespace paperd::strategy {

// Of a Sharpe ratio of one period from n returns: sqrt((1 + sharpe^2 / 2) / n), for independent
// normal returns (Lo, Financial Analysts Journal 2002). For ratios of a year multiply both by
// sqrt(periods).
double sharpe_error(double sharpe, std::size_t n);

// Of mean / d, d^2 = mean(min(r, 0)^2), by the delta method for independent returns of any shape:
// the deviation of (r - mean) / d - sortino (min(r, 0)^2 - d^2) / (2 d^2) over all returns, divided
// by sqrt(n). NaN without a loss.
double sortino_error(std::span<const double> returns);

// floor(4 (n / 100)^(2/9)): the usual rule for the Bartlett kernel (Newey and West 1994).
std::size_t newey_west_lags(std::size_t n);

struct Regression {
    double alpha = std::numeric_limits<double>::quiet_NaN();
    double beta = std::numeric_limits<double>::quiet_NaN();
    double alpha_t = std::numeric_limits<double>::quiet_NaN();
    // All of the returns are alpha + beta x the benchmark's, to rounding: then t has no meaning.
    bool exact = false;
};

// Ordinary least squares of returns on as many of a benchmark. t is alpha over its standard error
// by Newey and West (1987): Bartlett weights 1 - lag / (lags + 1), and n / (n - 2) for the two
// coefficients; lags 0 is White's error. Nothing is known below three returns, or where the
// benchmark does not move.
Regression regress(std::span<const double> returns, std::span<const double> benchmark,
                   std::size_t lags);

// The mean over its standard error, as above with n / (n - 1). NaN below two returns, or where they
// do not move.
double mean_t(std::span<const double> returns, std::size_t lags);

}  // namespace paperd::strategy
