// What stale data does in the engine: which orders stop working, what the decisions say, and that
// all of it is stored, found again by verify, and survives a restart.
#include <sstream>

#include <gtest/gtest.h>

#include "daemon/engine/recovery.h"
#include "daemon/engine/verify.h"
#include "tests/support/jobs.h"
#include "tests/support/process.h"
#include "tests/support/runs.h"

namespace paperd::daemon {
namespace {

constexpr SymbolId kSilent = symbol_id(1);

std::string hold_job() {
    // Orders so large that they work over many bars.
    return "market:\n"
           "  symbols: [TRADES, SILENT]\n"
           "  interval: 1m\n"
           "  warmup_days: 0\n"
           "account:\n"
           "  starting_cash: 1000000\n"
           "strategy:\n"
           "  kind: buy_and_hold\n"
           "risk:\n"
           "  stale_after_bars: 3\n"
           "  order_to_volume_max: off\n"
           "execution:\n"
           "  participation_cap: 0.1\n"
           "storage:\n"
           "  checkpoint_slices: 7\n"
           "server:\n"
           "  enabled: false\n";
}

Slice minute_slice(int minute, bool both) {
    Slice slice;
    slice.id = minute;
    slice.day = Day{std::chrono::year{2024} / 7 / 1};
    slice.closed_at = Timestamp{std::chrono::sys_days{std::chrono::year{2024} / 7 / 1}} +
                      std::chrono::hours{14} + std::chrono::minutes{minute};
    for (std::size_t i = 0; i < (both ? 2U : 1U); ++i) {
        slice.bars.push_back({.symbol = symbol_id(i),
                              .closed_at = slice.closed_at,
                              .open = Price::whole(100),
                              .high = Price::whole(101),
                              .low = Price::whole(99),
                              .close = Price::whole(100),
                              .adj_close = Price::whole(100),
                              .volume = 1000});
    }
    return slice;
}

// SILENT has bars in minutes 1 to 3 and from 12 on.
std::vector<Slice> silence() {
    std::vector<Slice> slices;
    for (int minute = 1; minute <= 15; ++minute) {
        slices.push_back(minute_slice(minute, minute <= 3 || minute >= 12));
    }
    return slices;
}

class StaleData : public testing::Test {
protected:
    StaleData() : plan_(support::plan_for(hold_job(), {"TRADES", "SILENT"})) {}

    std::vector<Step> run(const std::vector<Slice>& slices) {
        auto engine = make_engine(plan_);
        std::vector<Step> steps;
        for (const Slice& slice : slices) {
            auto step = (*engine)->on_slice(slice);
            EXPECT_FALSE(step.has_error()) << (step.has_error() ? step.error().text : "");
            if (step.has_error()) {
                break;
            }
            steps.push_back(std::move(*step));
        }
        return steps;
    }

    RunPlan plan_;
};

TEST_F(StaleData, EndsTheWorkOfAnOrderThatWouldIncrease) {
    const auto steps = run(silence());
    ASSERT_EQ(steps.size(), 15U);
    // The newest of the symbol's orders that the minute changed.
    const auto order_in = [&](int minute) -> const Order* {
        const Order* newest = nullptr;
        for (const Order& order : steps[static_cast<std::size_t>(minute - 1)].orders) {
            newest = order.symbol == kSilent ? &order : newest;
        }
        return newest;
    };
    const auto decision = [&](int minute) {
        return steps[static_cast<std::size_t>(minute - 1)].decisions[1];
    };
    ASSERT_NE(order_in(3), nullptr);
    EXPECT_EQ(order_in(3)->state, OrderState::working);
    for (const int minute : {4, 5, 6}) {
        EXPECT_EQ(decision(minute).reason, Reason::no_bar) << minute;
    }
    // Minute 7: the last bar is four bars old.
    ASSERT_NE(order_in(7), nullptr);
    EXPECT_EQ(order_in(7)->state, OrderState::cancelled);
    EXPECT_EQ(order_in(7)->reason, Reason::cancelled_by_risk);
    ASSERT_EQ(steps[6].adjustments.size(), 1U);
    const RiskAdjustment& row = steps[6].adjustments[0];
    EXPECT_EQ(row.symbol, kSilent);
    EXPECT_EQ(row.rule, Reason::stale_data);
    EXPECT_EQ(row.limit, 3);
    EXPECT_EQ(row.before, 4);
    for (int minute = 7; minute <= 11; ++minute) {
        EXPECT_EQ(decision(minute).reason, Reason::stale_data) << minute;
        EXPECT_EQ(decision(minute).signal.reason, Reason::no_bar) << minute;
        EXPECT_GT(decision(minute).target_quantity.raw(), 0) << "the position is held";
    }
    EXPECT_TRUE(steps[7].adjustments.empty()) << "nothing is left to drop";
    // Minute 12: nothing decided on the old data fills; what was bought before is held as it is.
    for (const Fill& fill : steps[11].fills) {
        EXPECT_NE(fill.symbol, kSilent);
    }
    EXPECT_EQ(decision(12).reason, Reason::holding);
}

TEST_F(StaleData, OfAHeldPositionIsOneIncidentUntilDataReturns) {
    const auto steps = run(silence());
    std::vector<std::pair<std::int64_t, std::string>> found;
    for (const Step& step : steps) {
        for (const Incident& incident : step.incidents) {
            EXPECT_EQ(incident.symbol, kSilent);
            found.emplace_back(step.slice_id, incident.kind);
        }
    }
    const std::vector<std::pair<std::int64_t, std::string>> expected = {{7, "stale_data"},
                                                                        {12, "data_gap"}};
    EXPECT_EQ(found, expected);
}

TEST_F(StaleData, AnIncreaseDecidedOnALateSliceIsRefused) {
    std::vector<Slice> slices = {minute_slice(1, true), minute_slice(2, true)};
    slices[0].late = std::chrono::minutes{10};
    const auto steps = run(slices);
    for (const Decision& decision : steps.at(0).decisions) {
        EXPECT_EQ(decision.reason, Reason::stale_data);
        EXPECT_EQ(decision.target_quantity.raw(), 0);
    }
    EXPECT_TRUE(steps[0].orders.empty());
    EXPECT_EQ(steps.at(1).decisions[0].reason, Reason::ordered);
}

TEST_F(StaleData, IsTheSameAfterARestartInTheMiddleAndForVerify) {
    std::vector<Slice> slices = silence();
    slices[13].late = std::chrono::minutes{10};
    const support::TempDir dir;
    ASSERT_TRUE(support::run_some(plan_, dir.path("whole.db"), slices, slices.size()));
    for (std::size_t i = 0; i < slices.size(); ++i) {
        ASSERT_TRUE(support::run_some(plan_, dir.path("parts.db"), slices, 1)) << i;
    }
    EXPECT_EQ(support::trading_tables(dir.path("whole.db")),
              support::trading_tables(dir.path("parts.db")));
    std::ostringstream out;
    const auto same = verify_database(dir.path("parts.db"), {.replay = true, .progress = {}}, out);
    ASSERT_FALSE(same.has_error()) << same.error().text;
    EXPECT_TRUE(*same) << out.str();
}

}  // namespace
}  // namespace paperd::daemon
