#include <gtest/gtest.h>

#include "storage/queries.h"
#include "tests/storage/sample_run.h"
#include "tests/storage/temporary_file.h"

namespace paperd::storage {
namespace {

using Counts = std::vector<std::pair<std::string, std::int64_t>>;

TEST(Summary, AddsUpTheWholeRun) {
    const TemporaryDirectory directory;
    ASSERT_TRUE(make_sample_run(directory.file()));
    const auto summary = summarise(directory.file());
    ASSERT_FALSE(summary.has_error()) << summary.error().text;
    EXPECT_EQ(summary->slices, 4);
    EXPECT_EQ(summary->slices_traded, 3);
    EXPECT_EQ(summary->in_sample_slices, 1);
    EXPECT_EQ(summary->bars, 7);
    EXPECT_EQ(summary->decisions, 6);
    EXPECT_EQ(summary->orders, 2);
    EXPECT_EQ(summary->fills, 2);
    EXPECT_DOUBLE_EQ(summary->starting_equity, 1000);
    EXPECT_DOUBLE_EQ(summary->equity, 988.94);
    EXPECT_NEAR(summary->return_fraction, -0.01106, 1e-15);
    EXPECT_NEAR(summary->drawdown_worst, 988.94 / 1015.15 - 1, 1e-15);
    EXPECT_DOUBLE_EQ(summary->delay_cost, 5);
    EXPECT_DOUBLE_EQ(summary->spread_cost, 0.5);
    EXPECT_DOUBLE_EQ(summary->slippage_cost, 0.3);
    EXPECT_DOUBLE_EQ(summary->impact_cost, 0.2);
    EXPECT_DOUBLE_EQ(summary->commission, 0.06);
    EXPECT_DOUBLE_EQ(summary->dividends, 20);
    EXPECT_DOUBLE_EQ(summary->borrow, 0);
    EXPECT_DOUBLE_EQ(summary->interest, 0);
    EXPECT_DOUBLE_EQ(summary->traded_notional, 404.8 + 103.8);
    // AAA 10 -> 9, BBB 19 (adjusted) -> 22, each with half.
    EXPECT_NEAR(summary->buy_and_hold_fraction, (9.0 / 10 - 1 + 22.0 / 19 - 1) / 2, 1e-15);
}

TEST(Summary, TellsDeniedTargetsFromReducedOnes) {
    const TemporaryDirectory directory;
    ASSERT_TRUE(make_sample_run(directory.file()));
    const auto summary = summarise(directory.file());
    ASSERT_FALSE(summary.has_error());
    EXPECT_EQ(summary->denied, (Counts{{"position_fraction", 1}}));
    EXPECT_EQ(summary->reduced, (Counts{{"gross_leverage", 2}}));
    EXPECT_EQ(summary->reasons, (Counts{{"ordered", 2},
                                        {"no_bar", 1},
                                        {"edge_below_cost", 1},
                                        {"regime_off", 1},
                                        {"position_fraction", 1}}));
}

}  // namespace
}  // namespace paperd::storage
