// The text of a summary: the numbers where they belong, words where there are too few.
#include "daemon/report/summary.h"

#include <sstream>

#include <gtest/gtest.h>

#include "tests/support/jobs.h"
#include "tests/support/process.h"
#include "tests/support/runs.h"

namespace paperd::daemon {
namespace {

config::Config daily() {
    config::Config config;
    config.interval = BarInterval::day_1;
    return config;
}

// A day's equity each, from 2023-01-02 on, without a holiday.
storage::RunSummary account(const std::vector<double>& equity) {
    storage::RunSummary summary;
    summary.run.currency = "USD";
    summary.run.symbols = {"AAA", "BBB"};
    summary.complete = true;
    summary.starting_equity = 1000;
    summary.fills = 30;
    summary.orders = 31;
    for (const double value : equity) {
        const Day day = *parse_day("2023-01-02") +
                        std::chrono::days{static_cast<int>(summary.curve.days.size())};
        summary.curve.days.push_back({day, value});
        summary.curve.equity = value;
    }
    summary.slices = summary.slices_traded = static_cast<std::int64_t>(equity.size());
    summary.return_fraction = summary.curve.equity / 1000 - 1;
    return summary;
}

// 1 % up and 1 % down by turns.
std::vector<double> swinging(std::size_t days) {
    std::vector<double> equity;
    double value = 1000;
    for (std::size_t i = 0; i < days; ++i) {
        value *= i % 2 == 0 ? 1.01 : 0.99;
        equity.push_back(value);
    }
    return equity;
}

// What stands behind the label.
std::string after(const std::string& text, const std::string& label) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(label + " ")) {
            const std::size_t begin = line.find_first_not_of(' ', label.size());
            return begin == std::string::npos ? "" : line.substr(begin);
        }
    }
    ADD_FAILURE() << "no line '" << label << "' in\n" << text;
    return {};
}

void expect_readable(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        EXPECT_LE(line.size(), 100U) << line;
        EXPECT_EQ(line.find("nan"), std::string::npos) << line;
        EXPECT_EQ(line.find("inf"), std::string::npos) << line;
    }
}

TEST(SummaryText, ShortRunsGetWordsInsteadOfRatios) {
    const std::string text = summary_text(account({1010}), daily(), {});
    EXPECT_TRUE(text.starts_with("one day: too short to say anything\n")) << text;
    EXPECT_EQ(after(text, "period"), "2023-01-02 to 2023-01-02: 1 day");
    EXPECT_EQ(after(text, "return"), "+1.00 %");
    EXPECT_EQ(after(text, "figures of a year"), "n < 20: not shown for 1 day");
    EXPECT_EQ(text.find("Sharpe"), std::string::npos) << text;
    EXPECT_EQ(text.find("CAGR"), std::string::npos) << text;
    EXPECT_EQ(text.find("by month"), std::string::npos) << text;
    expect_readable(text);
}

TEST(SummaryText, HasEachNumberWithItsUnit) {
    storage::RunSummary summary = account(swinging(252));
    summary.traded_notional = 50'000;
    summary.costs = {.delay = 0, .spread = 12.5, .slippage = 0, .impact = 0, .commission = 5};
    summary.booked = {{"dividend", 1234.5}, {"margin_interest", -7.25}};
    summary.curve.equity_mean = 1000;
    summary.curve.gross_mean = 0.256;
    summary.curve.net_mean = -0.1;
    summary.curve.days_in_market = 63;
    summary.curve.drawdown = {.fraction = -0.05,
                              .peak = *parse_day("2023-01-03"),
                              .trough = *parse_day("2023-02-01"),
                              .recovered = {}};
    summary.round_trips = {
        .closed = 20, .won = 12, .gains = 300, .losses = 200, .slices_mean = 4.25, .open = 2};
    summary.stale_fraction = 0.08;
    summary.decisions.gate = {.increases = 10, .below_cost = 9};
    summary.decisions.denied = {{"daily_loss", 3}};
    summary.incidents = {{"data_gap", 2}};
    const std::string text = summary_text(summary, daily(), {});
    // A day's 1 %: deviation 1 % x sqrt(252) = 15.87 %; the year's return is (1.01 x 0.99)^126 - 1.
    EXPECT_EQ(after(text, "CAGR"), "-1.25 % a year");
    EXPECT_EQ(after(text, "volatility"), "15.87 % a year");
    EXPECT_EQ(after(text, "Sharpe ratio"), "0.00 +- 1.00 a year");
    EXPECT_EQ(after(text, "worst drawdown"),
              "-5.00 %: from 2023-01-03 to 2023-02-01, not recovered");
    EXPECT_EQ(after(text, "exposure"), "gross 25.6 %, net -10.0 % of equity on average");
    EXPECT_NE(text.find("in the market on 63 of 252 days (25.0 %)\n"), std::string::npos) << text;
    EXPECT_EQ(after(text, "turnover"), "50.00 times the mean equity a year");
    EXPECT_EQ(after(text, "stale prices"),
              "8.0 % of the equity is held without a bar on the last day");
    EXPECT_EQ(after(text, "round trips"), "20 closed, 2 positions open");
    EXPECT_NE(text.find("60.0 % won, profit factor 1.50, held 4.2 slices on average\n"),
              std::string::npos)
        << text;
    EXPECT_EQ(after(text, "  spread"), "12.50      2.50 bp");
    EXPECT_EQ(after(text, "  dividend"), "1,234.50");
    EXPECT_EQ(after(text, "  margin interest"), "-7.25");
    EXPECT_EQ(after(text, "denied by risk"), "daily_loss                           3");
    EXPECT_EQ(after(text, "cost gate"),
              "9 of 10 increases by a forecast had less edge than their round trip costs:");
    EXPECT_EQ(after(text, "incidents by kind"), "data_gap                             2");
    EXPECT_NE(text.find("Returns by month, %\n"), std::string::npos) << text;
    EXPECT_EQ(text.find("buy-and-hold"), std::string::npos) << "there is no benchmark";
    expect_readable(text);
}

TEST(SummaryText, PutsTheBenchmarkBesideIt) {
    const storage::RunSummary summary = account(swinging(252));
    std::vector<strategy::DayValue> benchmark;
    double value = 1000;
    for (const storage::AccountDay& day : summary.curve.days) {
        // Twice the swings, and 0.1 % a day: alpha is -0.1 % / 2 of it, x 252 = -12.6 % a year.
        value *= 1.001 + (benchmark.size() % 2 == 0 ? 0.02 : -0.02);
        benchmark.push_back({day.day, value});
    }
    const std::string text = summary_text(summary, daily(), benchmark);
    EXPECT_NE(text.find("Beside buy-and-hold of the same symbols (252 days of both)\n"),
              std::string::npos)
        << text;
    EXPECT_EQ(after(text, "beta"), "0.500");
    EXPECT_EQ(after(text, "alpha"),
              "-12.60 % a year, t has no meaning: nothing is left beside the benchmark");
    EXPECT_NE(text.find("with 50.0 % of the equity in it, the rest earning nothing\n"),
              std::string::npos)
        << text;
    expect_readable(text);
}

TEST(SummaryText, ABenchmarkOfAFewDaysHasAReturnAndNoRatio) {
    const storage::RunSummary summary = account(swinging(19));
    std::vector<strategy::DayValue> benchmark;
    for (const storage::AccountDay& day : summary.curve.days) {
        benchmark.push_back({day.day, 1100});
    }
    const std::string text = summary_text(summary, daily(), benchmark);
    EXPECT_EQ(after(text, "buy-and-hold"), "+10.00 %");
    EXPECT_EQ(after(text, "alpha and beta"), "n < 20: not shown for 19 days");
    expect_readable(text);
}

TEST(SummaryText, StaysWithinAScreenWhateverTheNumbers) {
    storage::RunSummary summary = account({});
    std::vector<strategy::DayValue> benchmark;
    double wild = 1000;
    for (int i = 0; i < 700; ++i) {
        summary.curve.days.push_back({*parse_day("2021-01-01") + std::chrono::days{i}, wild});
        benchmark.push_back({summary.curve.days.back().day, 1e6 / wild});
        wild *= i % 7 == 0 ? 2 : 0.9;
    }
    summary.curve.equity = wild;
    summary.in_sample_slices = summary.slices_traded = 1;
    expect_readable(summary_text(summary, daily(), benchmark));
}

TEST(SummaryText, ALostAccountIsSaidToBeLost) {
    std::vector<double> equity = swinging(300);
    equity[280] = -3;
    equity[281] = 50;
    const std::string text = summary_text(account(equity), daily(), {});
    EXPECT_TRUE(
        text.starts_with("the account is lost: its equity was -3.00 at the end of "
                         "2023-10-09\n"))
        << text;
    EXPECT_EQ(after(text, "CAGR"), "not shown: less than a year, or nothing is left");
    expect_readable(text);
}

TEST(SummaryText, HugeAndNegativeAmountsAreGrouped) {
    storage::RunSummary summary = account({1234567.891});
    summary.booked = {{"dividend", -1234567.891}, {"interest", -0.001}, {"borrow", 999.5}};
    const std::string text = summary_text(summary, daily(), {});
    EXPECT_EQ(after(text, "equity"), "1,000.00 -> 1,234,567.89 USD");
    EXPECT_EQ(after(text, "  dividend"), "-1,234,567.89");
    EXPECT_EQ(after(text, "  interest"), "0.00");
    EXPECT_EQ(after(text, "  borrow"), "999.50");
}

TEST(Report, IsMadeOfTheDatabaseAlone) {
    const support::TempDir dir;
    const std::string db = dir.path("a.db");
    Universe symbols;
    const std::string yaml = support::synthetic_job(2);
    const std::vector<Slice> slices = support::slices_of(yaml, symbols);
    // It reads a run that goes on as well as one that is complete.
    ASSERT_TRUE(support::run_some(support::plan_for(yaml, symbols), db, slices, 400));
    std::ostringstream part;
    ASSERT_FALSE(print_report(db, part).has_error());
    EXPECT_NE(part.str().find("the run is not complete"), std::string::npos) << part.str();
    ASSERT_TRUE(support::run_some(support::plan_for(yaml, symbols), db, slices, slices.size()));
    std::ostringstream whole;
    ASSERT_FALSE(print_report(db, whole).has_error());
    EXPECT_NE(whole.str().find("2 days: too short to say anything\n"), std::string::npos)
        << whole.str();
    EXPECT_NE(whole.str().find("Research accounting and the engine"), std::string::npos);
    expect_readable(whole.str());
    EXPECT_TRUE(print_report(dir.path("none.db"), whole).has_error());
}

}  // namespace
}  // namespace paperd::daemon
