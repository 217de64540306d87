#include "daemon/engine/benchmark.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/jobs.h"
#include "tests/support/process.h"
#include "tests/support/runs.h"

namespace paperd::daemon {
namespace {

// The last equity of each day that a run over these slices stores or would store.
std::vector<DayEquity> days_of(const RunPlan& plan, const std::vector<Slice>& slices) {
    auto engine = make_engine(plan);
    std::vector<DayEquity> days;
    for (const Slice& slice : slices) {
        const auto step = (*engine)->on_slice(slice);
        EXPECT_FALSE(step.has_error());
        if (slice.warmup) {
            continue;
        }
        if (days.empty() || days.back().day != slice.day) {
            days.emplace_back().day = slice.day;
        }
        days.back().equity = step->equity.equity;
        days.back().gross = step->equity.gross;
        days.back().fills += static_cast<std::int64_t>(step->fills.size());
        for (const Fill& fill : step->fills) {
            days.back().costs +=
                fill.spread_cost + fill.slippage_cost + fill.impact_cost + fill.commission;
        }
    }
    return days;
}

std::vector<DayEquity> benchmark_of(const RunPlan& plan, const std::vector<Slice>& slices) {
    const support::TempDir dir;
    EXPECT_TRUE(support::run_some(plan, dir.path("a.db"), slices, slices.size()));
    auto days = run_benchmark(dir.path("a.db"));
    EXPECT_FALSE(days.has_error()) << (days.has_error() ? days.error().text : "");
    return days.has_error() ? std::vector<DayEquity>{} : std::move(*days);
}

// What the header says that a job has to say.
const std::string kYardstick =
    "risk:\n"
    "  position_fraction_max: 1\n  gross_leverage_max: 1\n  net_leverage_max: 1\n"
    "  gross_leverage_before_var_max: 1\n"
    "  var_historical_95_max: off\n  es_historical_99_max: off\n  var_ewma_95_max: off\n"
    "  turnover_day_max: off\n  order_to_volume_max: off\n  price_collar: off\n"
    "  daily_loss_max: off\n  drawdown_max: off\n"
    "execution:\n  rebalance_band: 0\n";

TEST(Benchmark, OfAnyStrategyIsTheReplayOfTheJobThatBuysAndHolds) {
    Universe symbols;
    const std::string job = support::synthetic_job(3, "execution:\n  order_type: limit\n");
    std::vector<Slice> slices = support::slices_of(job, symbols);
    slices[500].commands = {{1, CommandKind::flatten, slices[500].closed_at, "not the market's"}};
    const auto days = benchmark_of(support::plan_for(job, symbols), slices);

    slices[500].commands.clear();
    std::string holding = support::synthetic_job(3, kYardstick);
    const std::string sma = "  kind: sma_cross\n";
    holding.replace(holding.find(sma), sma.size(), "  kind: buy_and_hold\n");
    const auto replayed = days_of(support::plan_for(holding, symbols), slices);
    ASSERT_EQ(days.size(), 3U);
    EXPECT_EQ(days, replayed);
    // It is invested, at the cost of one purchase a symbol (in parts).
    EXPECT_GE(days[0].fills, 3);
    EXPECT_EQ(days[1].fills + days[2].fills, 0);
    EXPECT_GT(days[0].costs.raw(), 0);
    EXPECT_NEAR(days[0].gross.to_double() / days[0].equity.to_double(), 0.99, 0.02);
}

TEST(Benchmark, OfAJobThatBuysAndHoldsIsTheRunItself) {
    Universe symbols;
    std::string job = support::synthetic_job(2, "risk:\n  position_fraction_max: 0.2\n");
    const std::string sma = "  kind: sma_cross\n";
    job.replace(job.find(sma), sma.size(), "  kind: buy_and_hold\n");
    const std::vector<Slice> slices = support::slices_of(job, symbols);
    const RunPlan plan = support::plan_for(job, symbols);
    const auto days = benchmark_of(plan, slices);
    ASSERT_EQ(days.size(), 2U);
    EXPECT_EQ(days, days_of(plan, slices));
    EXPECT_LT(days[1].gross.to_double() / days[1].equity.to_double(), 0.62);
}

#ifdef PAPERD_WITH_TORCH
TEST(Benchmark, OfAModelsRunWarmsUpAndNeedsNoModel) {
    Universe symbols;
    const std::string job = support::hybrid_job();
    const std::vector<Slice> slices = support::slices_of(job, symbols);
    ASSERT_TRUE(slices.front().warmup);
    const auto days = benchmark_of(support::plan_for(job, symbols), slices);
    const auto traded = std::ranges::count(slices, false, &Slice::warmup);
    EXPECT_EQ(static_cast<std::ptrdiff_t>(days.size()), traded);
    EXPECT_EQ(days.front().fills, 0) << "it is ordered on the first day, and filled on the second";
    EXPECT_GE(days[1].fills, 1);
}
#endif

TEST(Benchmark, OfNoDatabaseIsAnError) {
    const support::TempDir dir;
    EXPECT_TRUE(run_benchmark(dir.path("none.db")).has_error());
}

}  // namespace
}  // namespace paperd::daemon
