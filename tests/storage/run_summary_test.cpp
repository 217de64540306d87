#include "storage/run_summary.h"

#include <span>

#include <gtest/gtest.h>

#include "storage/database.h"
#include "tests/storage/insert_text.h"
#include "tests/storage/sample_run.h"
#include "tests/storage/temporary_file.h"

namespace paperd::storage {
namespace {

TEST(Summary, AddsUpTheWholeRun) {
    const TemporaryDirectory directory;
    ASSERT_TRUE(make_sample_run(directory.file()));
    const auto summary = summarise(directory.file());
    ASSERT_FALSE(summary.has_error()) << summary.error().text;
    EXPECT_EQ(summary->slices, 4);
    EXPECT_EQ(summary->slices_traded, 3);
    EXPECT_EQ(summary->in_sample_slices, 1);
    EXPECT_EQ(summary->holes.stored, 7);
    EXPECT_EQ(summary->decisions.decisions, 6);
    EXPECT_EQ(summary->orders, 2);
    EXPECT_EQ(summary->fills, 2);
    EXPECT_TRUE(summary->complete);
    EXPECT_EQ(summary->run.config_text, "title: sample\n");
    EXPECT_DOUBLE_EQ(summary->starting_equity, 1000);
    EXPECT_DOUBLE_EQ(summary->curve.equity, 988.94);
    EXPECT_NEAR(summary->return_fraction, -0.01106, 1e-15);
    EXPECT_DOUBLE_EQ(summary->costs.delay, 5);
    EXPECT_DOUBLE_EQ(summary->costs.spread, 0.5);
    EXPECT_DOUBLE_EQ(summary->costs.slippage, 0.3);
    EXPECT_DOUBLE_EQ(summary->costs.impact, 0.2);
    EXPECT_DOUBLE_EQ(summary->costs.commission, 0.06);
    EXPECT_DOUBLE_EQ(summary->traded_notional, 404.8 + 103.8);
    ASSERT_EQ(summary->booked.size(), 1U);
    EXPECT_EQ(summary->booked[0].first, "dividend");
    EXPECT_DOUBLE_EQ(summary->booked[0].second, 20);
}

TEST(Summary, BooksEachKindOfInterestApart) {
    const TemporaryDirectory directory;
    ASSERT_TRUE(make_sample_run(directory.file()));
    {
        auto database = Database::open(directory.file(), OpenMode::read_write, 100);
        const auto r = database->execute(
            "INSERT INTO ledger VALUES ((4 << 24) + 9, 5, 1, NULL, -25000000),"
            "((4 << 24) + 10, 6, NULL, NULL, 50000000), ((4 << 24) + 11, 4, 0, NULL, -500000000),"
            "((4 << 24) + 12, 7, 0, NULL, 900000000)");
        ASSERT_FALSE(r.has_error()) << r.error().text;
    }
    const auto summary = summarise(directory.file());
    ASSERT_FALSE(summary.has_error());
    // What a settlement pays is the worth of the position that it ends: no income.
    EXPECT_EQ(
        summary->booked,
        (std::vector<std::pair<std::string, double>>{
            {"dividend", 20}, {"dividend_reversal", -5}, {"borrow", -0.25}, {"interest", 0.5}}));
}

TEST(Summary, WeighsWhatIsHeldAtPricesOfAnEarlierDay) {
    const TemporaryDirectory directory;
    ASSERT_TRUE(make_sample_run(directory.file()));
    EXPECT_EQ(summarise(directory.file())->stale_fraction, 0);
    {
        auto database = Database::open(directory.file(), OpenMode::read_write, 100);
        const auto r = database->execute("UPDATE bars SET flags = 1 WHERE bar_id = 4 << 24");
        ASSERT_FALSE(r.has_error()) << r.error().text;
    }
    // AAA's bar of the 7th is synthetic now: its 30 count at the 6th's close of 10.5.
    EXPECT_NEAR(summarise(directory.file())->stale_fraction, 30 * 10.5 / 988.94, 1e-15);
}

TEST(Summary, CountsRoundTripsByWhatTheViewSays) {
    const TemporaryDirectory directory;
    ASSERT_TRUE(make_sample_run(directory.file()));
    auto before = summarise(directory.file());
    ASSERT_FALSE(before.has_error());
    EXPECT_EQ(before->round_trips.closed, 0);
    EXPECT_EQ(before->round_trips.open, 1);
    {
        // The long ends with 48.88, a short in one slice with 19.86 (tests/storage/views_test.cpp),
        // and another one, sold at 10 and bought at 12 for 0.1, with -4.1.
        auto database = Database::open(directory.file(), OpenMode::read_write, 100);
        const auto fill = [&](const char* id, const char* quantity, const char* price,
                              const char* commission) {
            const auto r = database->execute(insert_text("fills", {{"fill_id", id},
                                                                   {"slice_id", "4"},
                                                                   {"order_id", "2"},
                                                                   {"decision_id", "196608"},
                                                                   {"quantity_e8", quantity},
                                                                   {"price_e8", price},
                                                                   {"commission_e8", commission}}));
            ASSERT_FALSE(r.has_error()) << r.error().text;
        };
        fill("3", "-5000000000", "1100000000", "10000000");
        fill("4", "2000000000", "1000000000", "10000000");
        fill("5", "-200000000", "1000000000", "0");
        fill("6", "200000000", "1200000000", "10000000");
    }
    const auto summary = summarise(directory.file());
    ASSERT_FALSE(summary.has_error());
    EXPECT_EQ(summary->round_trips.closed, 3);
    EXPECT_EQ(summary->round_trips.won, 2);
    EXPECT_NEAR(summary->round_trips.gains, 48.88 + 19.86, 1e-9);
    EXPECT_NEAR(summary->round_trips.losses, 4.1, 1e-9);
    EXPECT_NEAR(summary->round_trips.slices_mean, 1.0 / 3, 1e-15);  // 1, 0 and 0
}

std::vector<std::byte> packed(const DecisionNumbers& numbers) {
    const auto bytes = std::as_bytes(numbers.packed());
    return {bytes.begin(), bytes.end()};
}

TEST(Summary, CountsTheIncreasesThatTheGateWouldHaveStopped) {
    const TemporaryDirectory directory;
    ASSERT_TRUE(make_sample_run(directory.file()));
    const auto gate_with = [&](std::int64_t decision, double edge, double round_trip) {
        {
            DecisionNumbers numbers;
            numbers.set(DecisionNumber::edge, edge);
            numbers.set(DecisionNumber::round_trip, round_trip);
            const auto bytes = packed(numbers);
            auto database = Database::open(directory.file(), OpenMode::read_write, 100);
            auto update =
                database->prepare("UPDATE decisions SET numbers = ? WHERE decision_id = ?");
            update->bind_blob(1, bytes);
            update->bind_int(2, decision);
            EXPECT_FALSE(update->run().has_error());
        }
        return summarise(directory.file())->decisions.gate;
    };
    // From nothing to 40 AAA with an edge of 0.02 for a round trip of 0.008.
    EXPECT_EQ(summarise(directory.file())->decisions.gate.increases, 1);
    {
        auto database = Database::open(directory.file(), OpenMode::read_write, 100);
        ASSERT_FALSE(database->execute("UPDATE decisions SET numbers = x''").has_error());
    }
    EXPECT_EQ(summarise(directory.file())->decisions.gate.increases, 0) << "no numbers, no count";
    // From nothing to 40 AAA: an increase, whose edge pays its round trip.
    EXPECT_EQ(gate_with(2 << 16, 0.002, 0.002).increases, 1);
    EXPECT_EQ(gate_with(2 << 16, 0.002, 0.002).below_cost, 0);
    EXPECT_EQ(gate_with(2 << 16, 0.0019, 0.002).below_cost, 1);
    // From 40 to nothing is none, and neither is a decision without an order.
    EXPECT_EQ(gate_with(3 << 16, 0.0019, 0.002).increases, 1);
    EXPECT_EQ(gate_with((2 << 16) + 1, 0.0019, 0.002).increases, 1);
    {
        // Through zero, to 10 short: the opening is an increase.
        auto database = Database::open(directory.file(), OpenMode::read_write, 100);
        ASSERT_FALSE(database
                         ->execute("UPDATE decisions SET target_quantity_e8 = -1000000000 "
                                   "WHERE decision_id = 3 << 16")
                         .has_error());
    }
    EXPECT_EQ(summarise(directory.file())->decisions.gate.increases, 2);
    EXPECT_EQ(summarise(directory.file())->decisions.gate.below_cost, 2);
}

TEST(Summary, TellsDeniedTargetsFromReducedOnes) {
    const TemporaryDirectory directory;
    ASSERT_TRUE(make_sample_run(directory.file()));
    const auto summary = summarise(directory.file());
    ASSERT_FALSE(summary.has_error());
    EXPECT_EQ(summary->decisions.denied, (Counts{{"position_fraction", 1}}));
    EXPECT_EQ(summary->decisions.reduced, (Counts{{"gross_leverage", 2}}));
    EXPECT_EQ(summary->decisions.reasons, (Counts{{"ordered", 2},
                                                  {"no_bar", 1},
                                                  {"edge_below_cost", 1},
                                                  {"regime_off", 1},
                                                  {"position_fraction", 1}}));
}

TEST(Summary, WhatExecutionCutShortIsNotRisks) {
    const TemporaryDirectory directory;
    ASSERT_TRUE(make_sample_run(directory.file()));
    {
        auto database = Database::open(directory.file(), OpenMode::read_write, 100);
        const auto r = database->execute(
            "INSERT INTO risk_adjustments (adjustment_id, decision_id, rule) VALUES "
            "((3 << 24) + 7, 3 << 16, " +
            std::to_string(static_cast<int>(Reason::edge_below_cost)) + ")");
        ASSERT_FALSE(r.has_error()) << r.error().text;
    }
    const auto summary = summarise(directory.file());
    ASSERT_FALSE(summary.has_error());
    EXPECT_EQ(summary->decisions.denied, (Counts{{"position_fraction", 1}}));
    EXPECT_EQ(summary->decisions.reduced, (Counts{{"gross_leverage", 2}}));
    EXPECT_EQ(summary->decisions.cut_short, (Counts{{"edge_below_cost", 1}}));
}

TEST(Summary, FollowsTheAccountFromDayToDay) {
    const TemporaryDirectory directory;
    ASSERT_TRUE(make_sample_run(directory.file()));
    const auto summary = summarise(directory.file());
    ASSERT_FALSE(summary.has_error());
    const AccountCurve& curve = summary->curve;
    ASSERT_EQ(curve.days.size(), 3U);
    EXPECT_EQ(day_text(curve.days[1].day), "2020-01-06");
    EXPECT_DOUBLE_EQ(curve.days[0].equity, 1000);
    EXPECT_DOUBLE_EQ(curve.days[1].equity, 1015.15);
    EXPECT_DOUBLE_EQ(curve.days[2].equity, 988.94);
    EXPECT_EQ(timestamp_text(curve.first), "2020-01-03T21:00:00Z");
    EXPECT_EQ(timestamp_text(curve.last), "2020-01-07T21:00:00Z");
    EXPECT_NEAR(curve.equity_mean, (1000 + 1015.15 + 988.94) / 3, 1e-9);
    EXPECT_NEAR(curve.gross_mean, (0 + 420 / 1015.15 + 270 / 988.94) / 3, 1e-15);
    EXPECT_DOUBLE_EQ(curve.net_mean, curve.gross_mean);
    EXPECT_EQ(curve.days_in_market, 2);
    EXPECT_NEAR(curve.drawdown.fraction, 988.94 / 1015.15 - 1, 1e-15);
    EXPECT_EQ(day_text(curve.drawdown.peak), "2020-01-06");
    EXPECT_EQ(day_text(curve.drawdown.trough), "2020-01-07");
    EXPECT_FALSE(curve.drawdown.recovered);
}

TEST(Summary, TheWorstDrawdownEndsWhereItsPeakIsReachedAgain) {
    const TemporaryDirectory directory;
    ASSERT_TRUE(make_sample_run(directory.file()));
    {
        // 1000 -> 900 -> 1000; what the stored peak says, which `resume` lowers, is not asked.
        auto database = Database::open(directory.file(), OpenMode::read_write, 100);
        const auto r = database->execute(
            "UPDATE equity SET equity_e8 = 90000000000, net_e8 = -42000000000, "
            "peak_e8 = 90000000000 WHERE slice_id = 3;"
            "UPDATE equity SET equity_e8 = 100000000000 WHERE slice_id = 4");
        ASSERT_FALSE(r.has_error()) << r.error().text;
    }
    const auto summary = summarise(directory.file());
    ASSERT_FALSE(summary.has_error());
    const Drawdown& worst = summary->curve.drawdown;
    EXPECT_NEAR(worst.fraction, -0.1, 1e-15);
    EXPECT_EQ(day_text(worst.peak), "2020-01-03");
    EXPECT_EQ(day_text(worst.trough), "2020-01-06");
    ASSERT_TRUE(worst.recovered);
    EXPECT_EQ(day_text(*worst.recovered), "2020-01-07");
    EXPECT_NEAR(summary->curve.net_mean, (-420.0 / 900 + 270.0 / 1000) / 3, 1e-15);
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
            "(NULL, 0, 2, 'command_dropped', 'an error is never hidden')");
        ASSERT_FALSE(r.has_error()) << r.error().text;
    }
    const auto summary = summarise(directory.file());
    ASSERT_FALSE(summary.has_error()) << summary.error().text;
    EXPECT_EQ(summary->incidents,
              (Counts{{"bad_row", 2}, {"command_dropped", 1}, {"out_of_session", 1}}));
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
