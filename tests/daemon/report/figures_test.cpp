// What is computed of an account's days: worked by hand, and at the edges.
#include "daemon/report/figures.h"

#include <cmath>

#include <gtest/gtest.h>

#include "daemon/report/month_table.h"
#include "daemon/report/verdict.h"

namespace paperd::daemon {
namespace {

constexpr int kDays = 252;

Day day(int number) { return day_from_number(19'000 + number); }

std::vector<strategy::DayValue> account(double start, const std::vector<double>& returns) {
    std::vector<strategy::DayValue> days;
    for (std::size_t i = 0; i < returns.size(); ++i) {
        start *= 1 + returns[i];
        days.push_back({day(static_cast<int>(i)), start});
    }
    return days;
}

// 1 % and -1 % by turns, `n` of them, times `scale`.
std::vector<double> swings(std::size_t n, double scale = 1) {
    std::vector<double> returns(n);
    for (std::size_t i = 0; i < n; ++i) {
        returns[i] = scale * (i % 2 == 0 ? 0.01 : -0.01);
    }
    return returns;
}

TEST(Figures, OfAYearWorkedByHand) {
    // 252 days: 126 of +2 % and 126 of -1 %. Mean 0.5 %, deviation 1.5 %, so Sharpe 1/3 a day.
    // Squared losses: 0.0001 on half the days, d = sqrt(0.00005) = 0.7071 %.
    std::vector<double> returns;
    for (int i = 0; i < kDays; ++i) {
        returns.push_back(i % 2 == 0 ? 0.02 : -0.01);
    }
    const ReturnFigures figures = figures_of(returns, kDays);
    const double root = std::sqrt(252.0);
    EXPECT_EQ(figures.days, 252U);
    EXPECT_NEAR(figures.total, std::pow(1.02 * 0.99, 126) - 1, 1e-12);
    EXPECT_NEAR(figures.cagr, figures.total, 1e-12) << "a year to the day";
    EXPECT_NEAR(figures.volatility, 0.015 * root, 1e-12);
    EXPECT_NEAR(figures.sharpe, root / 3, 1e-12);
    EXPECT_NEAR(figures.sharpe_error, std::sqrt((1 + 1.0 / 18) / 252) * root, 1e-12);
    EXPECT_NEAR(figures.sortino, 0.005 / std::sqrt(0.00005) * root, 1e-12);
    EXPECT_NEAR(figures.max_drawdown, -0.01, 1e-12);
    EXPECT_NEAR(figures.mean, 1.26, 1e-12);
    EXPECT_TRUE(std::isfinite(figures.mean_t));
    EXPECT_TRUE(
        std::isnan(figures_of(std::vector<double>(returns.begin(), returns.end() - 1), kDays).cagr))
        << "less than a year is not annualised";
    EXPECT_TRUE(std::isnan(figures_of(returns, 365).cagr));
}

TEST(Figures, OneDayHasAReturnAndNothingElse) {
    const ReturnFigures figures = figures_of(std::vector<double>{0.01}, kDays);
    EXPECT_NEAR(figures.total, 0.01, 1e-15);
    EXPECT_EQ(figures.max_drawdown, 0);
    for (const double unknown :
         {figures.cagr, figures.volatility, figures.sharpe, figures.sharpe_error, figures.sortino,
          figures.sortino_error, figures.mean, figures.mean_t}) {
        EXPECT_TRUE(std::isnan(unknown));
    }
    EXPECT_TRUE(std::isnan(figures_of({}, kDays).total));
}

TEST(Figures, AConstantSeriesHasNoRatio) {
    const ReturnFigures figures = figures_of(std::vector<double>(300, 0.001), kDays);
    EXPECT_EQ(figures.volatility, 0);
    EXPECT_GT(figures.cagr, 0.28);
    for (const double unknown : {figures.sharpe, figures.sharpe_error, figures.sortino,
                                 figures.sortino_error, figures.mean_t}) {
        EXPECT_TRUE(std::isnan(unknown));
    }
}

TEST(Comparison, TheBenchmarkAtTheStrategysVolatility) {
    // The strategy swings a quarter as much as the benchmark: a quarter of the equity in that is
    // the same.
    const auto own = account(1000, swings(40, 0.25));
    const auto benchmark = account(1000, swings(40));
    const Comparison beside = compare(1000, own, benchmark, kDays);
    EXPECT_NEAR(beside.share, 0.25, 1e-12);
    EXPECT_NEAR(beside.at_own_volatility.total, beside.own.total, 1e-12);
    EXPECT_NEAR(beside.fit.beta, 0.25, 1e-12);
    EXPECT_NEAR(beside.alpha, 0, 1e-12);
    EXPECT_NEAR(beside.benchmark.total, std::pow(1.01 * 0.99, 20) - 1, 1e-12);
}

TEST(Comparison, OverTheDaysThatBothHave) {
    auto benchmark = account(1000, swings(60));
    benchmark.erase(benchmark.begin() + 30, benchmark.end());
    const Comparison beside = compare(1000, account(1000, swings(60, 2)), benchmark, kDays);
    EXPECT_EQ(beside.own.days, 30U);
    EXPECT_EQ(beside.benchmark.days, 30U);
    EXPECT_NEAR(beside.fit.beta, 2, 1e-12);
    benchmark.erase(benchmark.begin() + 10, benchmark.end());
    const Comparison few = compare(1000, account(1000, swings(60, 2)), benchmark, kDays);
    EXPECT_EQ(few.own.days, 10U);
    EXPECT_TRUE(std::isnan(few.fit.beta));
    EXPECT_TRUE(std::isnan(few.share));
}

TEST(Comparison, ABenchmarkThatDoesNotMoveExplainsNothing) {
    const auto flat = account(1000, std::vector<double>(40, 0));
    const Comparison beside = compare(1000, account(1000, swings(40)), flat, kDays);
    EXPECT_TRUE(std::isnan(beside.fit.beta));
    EXPECT_TRUE(std::isnan(beside.alpha));
    EXPECT_TRUE(std::isnan(beside.share));
}

TEST(Comparison, EndsWithTheFirstThatHasNothingLeft) {
    auto own = account(1000, swings(40));
    for (std::size_t i = 25; i < own.size(); ++i) {
        own[i].equity = -5;
    }
    const Comparison beside = compare(1000, own, account(1000, swings(40)), kDays);
    EXPECT_EQ(beside.own.days, 26U);
    EXPECT_LT(beside.own.total, -1);
    EXPECT_TRUE(std::isnan(beside.own.cagr));
    EXPECT_TRUE(std::isfinite(beside.fit.beta));
}

Evidence traded(const ReturnFigures& own, const Comparison* comparison = nullptr) {
    return {.fills = 3, .own = own, .comparison = comparison};
}

Comparison with_alpha(double alpha, double t) {
    Comparison comparison;
    comparison.alpha = alpha;
    comparison.fit = {.alpha = alpha / kDays, .beta = 0.1, .alpha_t = t};
    return comparison;
}

TEST(Verdict, SaysInWordsWhatCanBeSaid) {
    const ReturnFigures long_run = figures_of(swings(100), kDays);
    const Comparison none = with_alpha(-0.001, -0.4);
    EXPECT_EQ(verdict(traded(long_run, &none)),
              "alpha -0.1 % a year, t -0.4: not distinguishable from luck");
    const Comparison good = with_alpha(0.05, 2.04);
    EXPECT_EQ(verdict(traded(long_run, &good)),
              "alpha +5.0 % a year, t +2.0: more than luck, if nothing else was tried");
    const Comparison bad = with_alpha(-0.08, -2.5);
    EXPECT_EQ(verdict(traded(long_run, &bad)), "alpha -8.0 % a year, t -2.5: worse than luck");
    ReturnFigures alone = long_run;
    alone.mean = 0.012;
    alone.mean_t = 0.31;
    EXPECT_EQ(verdict(traded(alone)),
              "return +1.2 % a year, t +0.3: not distinguishable from luck");
}

TEST(Verdict, SaysWhereThereIsNothingToJudge) {
    const ReturnFigures long_run = figures_of(swings(100), kDays);
    EXPECT_EQ(verdict({.own = {}}), "nothing was traded: there is no slice after the warm-up");
    EXPECT_EQ(verdict({.own = long_run}), "no trade was made: there is nothing to judge");
    EXPECT_EQ(verdict(traded(figures_of(swings(1), kDays))), "one day: too short to say anything");
    EXPECT_EQ(verdict(traded(figures_of(swings(19), kDays))), "19 days: too short to say anything");
    EXPECT_EQ(verdict(traded(figures_of(std::vector<double>(30, 0.001), kDays))),
              "the equity moved the same every day: there is nothing to judge");
    const auto held = account(1000, swings(40));
    const Comparison same = compare(1000, held, held, kDays);
    EXPECT_EQ(verdict(traded(same.own, &same)),
              "buy-and-hold of its symbols, which is the benchmark: nothing to judge");
    Evidence lost = traded(long_run);
    lost.lost = strategy::DayValue{.day = *parse_day("2020-03-16"), .equity = -12.5};
    EXPECT_EQ(verdict(lost), "the account is lost: its equity was -12.50 at the end of 2020-03-16");
}

TEST(Verdict, NeverCountsTrainingDaysAsEvidence) {
    const Comparison good = with_alpha(0.05, 2.04);
    Evidence evidence = traded(figures_of(swings(100), kDays), &good);
    evidence.in_sample = 0.001;
    EXPECT_EQ(verdict(evidence),
              "alpha +5.0 % a year, t +2.0: no evidence, 1 % of it is in-sample");
}

TEST(MonthTable, HasALineAYearAndItsReturnAtTheEnd) {
    // 1.1 x 0.9 = 0.99 in 2019; 2020 multiplies by 20.
    using namespace std::chrono;
    const std::vector<strategy::MonthReturn> months = {
        {year{2019} / November, 0.1}, {year{2019} / December, -0.1}, {year{2020} / January, 19}};
    EXPECT_EQ(month_table(months),
              "        Jan    Feb    Mar    Apr    May    Jun    Jul    Aug    Sep    Oct    Nov"
              "    Dec     year\n"
              "2019      .      .      .      .      .      .      .      .      .      . +10.00"
              " -10.00    -1.00\n"
              "2020  +1900      .      .      .      .      .      .      .      .      .      ."
              "      .    +1900\n");
    EXPECT_EQ(month_table({}), "");
}

}  // namespace
}  // namespace paperd::daemon
