// The life of orders over whole runs of the synthetic market: tight limits and orders that wait do
// not starve each other, market-on-close orders wait for the close, and no order closes what the
// strategy wants to keep.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "daemon/engine/run_plan.h"
#include "tests/support/jobs.h"
#include "tests/support/runs.h"

namespace paperd::daemon {
namespace {

struct WholeRun {
    std::vector<Slice> slices;
    std::vector<Step> steps;

    [[nodiscard]] std::size_t fills() const {
        std::size_t count = 0;
        for (const Step& step : steps) {
            count += step.fills.size();
        }
        return count;
    }
};

WholeRun run_job(const std::string& yaml) {
    WholeRun run;
    Universe symbols;
    run.slices = support::slices_of(yaml, symbols);
    const auto engine = make_engine(support::plan_for(yaml, symbols));
    EXPECT_FALSE(engine.has_error());
    for (const Slice& slice : run.slices) {
        auto step = (*engine)->on_slice(slice);
        EXPECT_FALSE(step.has_error()) << (step.has_error() ? step.error().text : "");
        run.steps.push_back(std::move(*step));
    }
    return run;
}

// Sixty symbols, long and short, of which each wants a share of 4 / 60.
std::string panel_job(const std::string& more) {
    std::string symbols;
    for (int i = 0; i < 60; ++i) {
        symbols += fmt::format("{}S{:03}", i == 0 ? "" : ", ", i);
    }
    return "title: a panel\nseed: 3\nmarket:\n  symbols: [" + symbols +
           "]\n  interval: 1m\n  feed: synthetic\n  warmup_days: 0\n  synthetic:\n    seed: 9\n"
           "    first_day: 2024-07-01\n    days: 2\n"
           "strategy:\n  kind: sma_cross\n  gross_budget: 4\n  allow_short: true\n"
           "  sma_fast_bars: 20\n  sma_slow_bars: 60\nserver:\n  enabled: false\n" +
           more;
}

TEST(Orders, APanelUnderTightLimitsTradesWithLimitOrders) {
    const WholeRun run =
        run_job(panel_job("risk:\n  net_leverage_max: 0.4\n  turnover_day_max: 0.5\n"
                          "execution:\n  order_type: limit\n"));
    EXPECT_GT(run.fills(), 50U);
    for (std::size_t i = 0; i < run.steps.size(); ++i) {
        const Equity& equity = run.steps[i].equity;
        EXPECT_LE(std::abs(equity.net.to_double()), 0.45 * equity.equity.to_double())
            << "slice " << i + 1;
    }
}

// A turnover of 0.0005 of equity a day is less than the band of one symbol (0.01 x 4 / 60 =
// 0.00067); ten times as much is seven bands, for sixty that want their share.
TEST(Orders, ATurnoverOfAFewBandsIsTradedByThoseFew) {
    const WholeRun starved = run_job(panel_job("risk:\n  turnover_day_max: 0.0005\n"));
    EXPECT_EQ(starved.fills(), 0U);
    const WholeRun run = run_job(panel_job("risk:\n  turnover_day_max: 0.005\n"));
    EXPECT_GE(run.fills(), 7U);
}

TEST(Orders, MarketOnCloseOrdersOfMinutesWaitForTheClose) {
    const WholeRun run =
        run_job(support::synthetic_job(2, "execution:\n  order_type: market_on_close\n"));
    std::int64_t oldest = 0;
    for (std::size_t i = 0; i < run.steps.size(); ++i) {
        for (const Fill& fill : run.steps[i].fills) {
            EXPECT_TRUE(run.slices[i].last_of_session);
            oldest = std::max(oldest, run.slices[i].id - fill.decision_slice);
        }
    }
    EXPECT_GE(run.fills(), 4U);
    EXPECT_GE(oldest, 10) << "the order of the signal, and not one of the last minute";
}

// A position that its own orders close and open again, while the strategy wanted it all along.
void expect_no_round_trip_of_its_own(const WholeRun& run, std::size_t symbols) {
    constexpr std::size_t kMinutes = 2;
    const auto sign = [](auto value) { return value > 0 ? 1 : value < 0 ? -1 : 0; };
    for (std::size_t symbol = 0; symbol < symbols; ++symbol) {
        Quantity held;
        int side_before = 0;
        std::size_t closed = run.steps.size();
        for (std::size_t i = 0; i < run.steps.size(); ++i) {
            const int before = sign(held.raw());
            for (const Fill& fill : run.steps[i].fills) {
                held += index(fill.symbol) == symbol ? fill.quantity : Quantity{};
            }
            const int after = sign(held.raw());
            if (before != 0 && after == 0) {
                closed = i;
                side_before = before;
            }
            if (before == 0 && after != 0 && after == side_before && i - closed <= kMinutes) {
                bool wanted = true;
                for (std::size_t k = closed - std::min(closed, kMinutes); k <= i; ++k) {
                    wanted = wanted && sign(run.steps[k].decisions[symbol].signal.weight) == after;
                }
                EXPECT_FALSE(wanted) << "symbol " << symbol << ", slice " << i + 1;
            }
        }
    }
}

TEST(Orders, NothingIsClosedAndOpenedAgainByItsOwnOrders) {
    for (const char* type : {"market", "limit", "stop", "market_on_close"}) {
        for (const char* cap : {"0.1", "0.001"}) {
            SCOPED_TRACE(fmt::format("{} {}", type, cap));
            const WholeRun run = run_job(support::synthetic_job(
                2,
                fmt::format("execution:\n  order_type: {}\n  participation_cap: {}\n", type, cap)));
            EXPECT_GT(run.fills(), 0U);
            expect_no_round_trip_of_its_own(run, 3);
        }
    }
}

TEST(Orders, ADecisionKeepsTheNumbersThatItWasJudgedBy) {
    const WholeRun run = run_job(support::synthetic_job(1));
    std::size_t ordered = 0;
    std::size_t left_alone = 0;
    for (const Step& step : run.steps) {
        for (const Decision& decision : step.decisions) {
            const DecisionNumbers& numbers = decision.numbers;
            ordered += decision.reason == Reason::ordered ? 1 : 0;
            if (decision.reason == Reason::ordered) {
                EXPECT_TRUE(numbers.has(DecisionNumber::wanted_change));
            }
            if (decision.reason == Reason::below_band) {
                ++left_alone;
                EXPECT_LT(std::abs(numbers.get(DecisionNumber::wanted_change)),
                          numbers.get(DecisionNumber::band));
                // 0.01 x 1.5 / 3 of equity.
                EXPECT_NEAR(numbers.get(DecisionNumber::band),
                            0.005 * step.equity.equity.to_double(), 1e-6);
            }
            EXPECT_FALSE(numbers.has(DecisionNumber::edge)) << "no model, no gate";
        }
    }
    EXPECT_GT(ordered, 10U);
    EXPECT_GT(left_alone, 10U);
}

}  // namespace
}  // namespace paperd::daemon
