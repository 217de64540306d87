#include "strategy/research/performance.h"

#include <cmath>

#include <gtest/gtest.h>

#include "execution/types/random.h"
#include "strategy/research/accounting.h"
#include "strategy/statistics.h"
#include "tests/strategy/golden_json.h"
#include "tests/support/paths.h"

namespace paperd::strategy {
namespace {

TEST(Performance, AlphaAndItsTWorkedByHand) {
    // Benchmark 0, 2, 0, 2: mean 1, deviations -1, 1, -1, 1, their squares sum to 4.
    // Returns 1, 4, 3, 4: mean 3, deviations -2, 1, 0, 1, products 2 + 1 + 0 + 1 = 4.
    // beta = 4 / 4 = 1, alpha = 3 - 1 x 1 = 2, residuals -1, 0, 1, 0.
    // alpha is off by the sum of residual x (1/4 - 1 x deviation / 4) = residual x (1/2 or 0):
    // parts -1/2, 0, 1/2, 0.
    const std::vector<double> benchmark = {0, 2, 0, 2};
    const std::vector<double> returns = {1, 4, 3, 4};
    // Without lags: variance 1/4 + 1/4 = 1/2, x n / (n - 2) = 2: 1; t = 2 / 1.
    const Regression white = regress(returns, benchmark, 0);
    EXPECT_DOUBLE_EQ(white.beta, 1);
    EXPECT_DOUBLE_EQ(white.alpha, 2);
    EXPECT_DOUBLE_EQ(white.alpha_t, 2);
    EXPECT_FALSE(white.exact);
    // Two lags, weights 2/3 and 1/3: products 0 at lag 1, -1/2 x 1/2 at lag 2.
    // Variance 1/2 + 2 x 1/3 x -1/4 = 1/3, x 2 = 2/3; t = 2 / sqrt(2/3).
    EXPECT_DOUBLE_EQ(regress(returns, benchmark, 2).alpha_t, 2 / std::sqrt(2.0 / 3));
}

TEST(Performance, TheMeansTWorkedByHand) {
    // 1 and 3: mean 2, parts -1/2 and 1/2, variance 1/2, x n / (n - 1) = 2: 1.
    EXPECT_DOUBLE_EQ(mean_t(std::vector<double>{1, 3}, 0), 2);
}

TEST(Performance, RatioErrorsWorkedByHand) {
    // A year of days at a Sharpe of 1 a year: 1/252 of a squared Sharpe a day.
    const double of_a_day = 1 / std::sqrt(252.0);
    EXPECT_NEAR(sharpe_error(of_a_day, 252) * std::sqrt(252.0), std::sqrt(1 + 1 / 504.0), 1e-15);
    // 1, 1, -1, 3: mean 1, squared losses 0, 0, 1, 0 with mean 1/4, so d = 1/2 and the ratio is 2.
    // (r - 1) / d = 0, 0, -4, 4, less 2 (squared loss - 1/4) / (1/2) = -1, -1, 3, -1:
    // influences 1, 1, -7, 5, squares 76; error sqrt(76 / 4) / sqrt(4).
    EXPECT_DOUBLE_EQ(sortino_error(std::vector<double>{1, 1, -1, 3}), std::sqrt(76.0) / 4);
}

TEST(Performance, WhatHasNoMeaningIsNotANumber) {
    const std::vector<double> idle(30, 0.001);  // its sums do not give 0.001 back
    std::vector<double> moving(30);
    for (std::size_t i = 0; i < moving.size(); ++i) {
        moving[i] = i % 2 == 0 ? 0.01 : -0.01;
    }
    EXPECT_TRUE(std::isnan(regress(moving, idle, 2).beta));
    EXPECT_TRUE(std::isnan(regress(moving, idle, 2).alpha_t));
    EXPECT_TRUE(std::isnan(mean_t(idle, 2)));
    EXPECT_TRUE(std::isnan(mean_t(std::vector<double>{0.1}, 2)));
    EXPECT_TRUE(std::isnan(mean_t({}, 2)));
    EXPECT_TRUE(std::isnan(sortino_error(idle)));
    EXPECT_TRUE(std::isnan(sortino_error({})));
    EXPECT_TRUE(std::isnan(regress({}, {}, 2).alpha));
    EXPECT_TRUE(std::isnan(regress(std::vector<double>{1, 2}, std::vector<double>{2, 1}, 2).beta));
    EXPECT_FALSE(std::isfinite(metrics_of(idle).sharpe));
    EXPECT_EQ(metrics_of(idle).volatility, 0);
    // A constant beside a benchmark that moves is all alpha; there is nothing to compare it with.
    const Regression constant = regress(idle, moving, 2);
    EXPECT_NEAR(constant.alpha, 0.001, 1e-15);
    EXPECT_NEAR(constant.beta, 0, 1e-15);
    EXPECT_TRUE(constant.exact);
    EXPECT_TRUE(std::isnan(constant.alpha_t));
}

TEST(Performance, LagsFollowTheUsualRule) {
    EXPECT_EQ(newey_west_lags(0), 0U);
    EXPECT_EQ(newey_west_lags(20), 2U);    // 4 x 0.2^(2/9) = 2.80
    EXPECT_EQ(newey_west_lags(99), 3U);    // 3.99
    EXPECT_EQ(newey_west_lags(2516), 8U);  // 4 x 25.16^(2/9) = 8.19
}

void expect_golden_beta(const std::string& path) {
    const auto json = golden::read_json(path);
    const auto net = golden::numbers(json.at("net_returns"));
    const auto next = golden::numbers(json.at("next_returns"));
    const auto& metrics = json.at("metrics").as_object();
    const Regression fit = regress(net, next, newey_west_lags(net.size()));
    EXPECT_NEAR(fit.beta, metrics.at("beta").to_number<double>(), 1e-9);
    EXPECT_NEAR(fit.alpha, mean(net) - fit.beta * mean(next), 1e-12);
}

TEST(Performance, BetaEqualsTheReference) {
    expect_golden_beta(support::golden_path("synthetic/finance.json"));
}

TEST(Performance, BetaEqualsTheReferenceOnRealReturns) {
    PAPERD_NEEDS_SHARED(path, "golden/AAPL/finance.json");
    expect_golden_beta(path);
}

// Independent and nearly normal: twelve uniform draws have a variance of one.
std::vector<double> noise(std::uint64_t seed, std::uint64_t purpose, std::size_t n) {
    std::vector<double> made(n);
    for (std::size_t i = 0; i < n; ++i) {
        double draw = -6;
        for (std::uint64_t part = 0; part < 12; ++part) {
            draw += draw_uniform(seed, i, 12 * purpose + part);
        }
        made[i] = 0.01 * draw;
    }
    return made;
}

// Leverage and a fee change alpha by what they are, and leverage changes no t.
TEST(Performance, AlphaMovesWithTheReturnsAndItsTWithNothing) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        SCOPED_TRACE(seed);
        const std::size_t n = 20 + seed * 7;
        const std::vector<double> benchmark = noise(seed, 0, n);
        std::vector<double> returns = noise(seed, 1, n);
        const Regression before = regress(returns, benchmark, 4);
        for (std::size_t i = 0; i < n; ++i) {
            returns[i] = 3 * (returns[i] + 2 * benchmark[i]);
        }
        const Regression levered = regress(returns, benchmark, 4);
        EXPECT_NEAR(levered.beta, 3 * (before.beta + 2), 1e-9);
        EXPECT_NEAR(levered.alpha, 3 * before.alpha, 1e-12);
        EXPECT_NEAR(levered.alpha_t, before.alpha_t, 1e-6);
        for (double& r : returns) {
            r -= 0.0001;
        }
        EXPECT_NEAR(regress(returns, benchmark, 4).alpha, 3 * before.alpha - 0.0001, 1e-12);
    }
}

// Luck alone is called more than luck (|t| >= 2) about once in twenty times: 2.3 % on either side,
// a little more for the lags.
TEST(Performance, LuckIsSeldomTakenForSkill) {
    constexpr std::uint64_t kRounds = 2000;
    int taken_alpha = 0;
    int taken_mean = 0;
    for (std::uint64_t seed = 1; seed <= kRounds; ++seed) {
        const std::vector<double> returns = noise(seed, 2, 252);
        const double t = regress(returns, noise(seed, 3, 252), 4).alpha_t;
        taken_alpha += std::abs(t) >= 2 ? 1 : 0;
        taken_mean += std::abs(mean_t(returns, 4)) >= 2 ? 1 : 0;
    }
    // Five standard deviations of a count around 6 % are 2.7 % of the rounds.
    EXPECT_NEAR(taken_alpha, 0.058 * kRounds, 0.03 * kRounds);
    EXPECT_NEAR(taken_mean, 0.058 * kRounds, 0.03 * kRounds);
}

}  // namespace
}  // namespace paperd::strategy
