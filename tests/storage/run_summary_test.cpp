#include "storage/run_summary.h"

#include <gtest/gtest.h>

#include "storage/database.h"
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

TEST(Summary, FollowsEachDaysReturnFromTheDepositOn) {
    const TemporaryDirectory directory;
    ASSERT_TRUE(make_sample_run(directory.file()));
    const auto summary = summarise(directory.file());
    ASSERT_FALSE(summary.has_error());
    ASSERT_EQ(summary->day_returns.size(), 3U);
    EXPECT_NEAR(summary->day_returns[0], 0, 1e-15);
    EXPECT_NEAR(summary->day_returns[1], 0.01515, 1e-15);
    EXPECT_NEAR(summary->day_returns[2], 988.94 / 1015.15 - 1, 1e-15);
}

TEST(Summary, CountsIncidentsWhatWasSetAsideAndWhatDidNotCome) {
    const TemporaryDirectory directory;
    ASSERT_TRUE(make_sample_run(directory.file()));
    {
        auto database = Database::open(directory.file(), OpenMode::read_write, 100);
        const auto r = database->execute(
            "DELETE FROM incidents; INSERT INTO incidents (slice_id, at_ns, severity, kind, text) "
            "VALUES (1, 0, 1, 'bad_row', 'a:1'), (1, 0, 1, 'bad_row', 'a:2'), "
            "(1, 0, 0, 'out_of_session', '7 bars outside the session were set aside'), "
            "(NULL, 0, 2, 'command_dropped', 'of a process, not of the run')");
        ASSERT_FALSE(r.has_error()) << r.error().text;
    }
    const auto summary = summarise(directory.file());
    ASSERT_FALSE(summary.has_error()) << summary.error().text;
    EXPECT_EQ(summary->incidents, (Counts{{"bad_row", 2}, {"out_of_session", 1}}));
    EXPECT_EQ(summary->bad_rows, 2);
    EXPECT_EQ(summary->out_of_session, "7 bars outside the session were set aside");
    // BBB has no bar on the 6th.
    EXPECT_EQ(summary->holes.bars, 5);
    EXPECT_EQ(summary->holes.missing, 1);
    EXPECT_EQ(summary->holes.holes, 1);
    EXPECT_EQ(summary->holes.longest, 1);
    EXPECT_EQ(summary->holes.symbol, "BBB");
    EXPECT_EQ(timestamp_text(summary->holes.after), "2020-01-03T21:00:00Z");
}

TEST(Summary, FindsMissingMinutesInsideADayOnly) {
    const TemporaryDirectory directory;
    ASSERT_TRUE(make_sample_run(directory.file()));
    {
        // The last two slices of one day, 24 minutes apart; between the days nothing is missing.
        auto database = Database::open(directory.file(), OpenMode::read_write, 100);
        const auto r = database->execute(
            "UPDATE runs SET interval_ns = 60000000000;"
            "UPDATE slices SET day = day + 1 WHERE slice_id = 3;"
            "UPDATE slices SET closed_at_ns = (SELECT closed_at_ns FROM slices WHERE slice_id = 3) "
            "+ 24 * 60000000000 WHERE slice_id = 4");
        ASSERT_FALSE(r.has_error()) << r.error().text;
    }
    const auto summary = summarise(directory.file());
    ASSERT_FALSE(summary.has_error());
    EXPECT_EQ(summary->holes.missing, 23);
    EXPECT_EQ(summary->holes.longest, 23);
    EXPECT_EQ(summary->holes.symbol, "AAA");
}

}  // namespace
}  // namespace paperd::storage
