// The views, asked as Grafana or the sqlite3 shell would.
#include <gtest/gtest.h>

#include "storage/database.h"
#include "tests/storage/insert_text.h"
#include "tests/storage/sample_run.h"
#include "tests/storage/temporary_file.h"

namespace paperd::storage {
namespace {

class Views : public testing::Test {
protected:
    void SetUp() override { ASSERT_TRUE(make_sample_run(directory_.file())); }

    // All rows, columns separated by '|'; doubles with 10 significant digits.
    std::string ask(const std::string& select) {
        auto database = Database::open(directory_.file(), OpenMode::read_write, 100);
        std::string columns;
        auto names = database->prepare("SELECT name FROM pragma_table_xinfo('asked')");
        EXPECT_FALSE(database->execute("CREATE TEMP VIEW asked AS " + select).has_error());
        while (*names->step()) {
            columns += (columns.empty() ? "" : " || '|' || ") +
                       ("CASE typeof(" + names->column_text(0) +
                        ") WHEN 'real' THEN printf('%.10g', " + names->column_text(0) +
                        ") WHEN 'null' THEN '-' ELSE " + names->column_text(0) + " END");
        }
        auto rows = database->prepare("SELECT " + columns + " FROM asked");
        EXPECT_FALSE(rows.has_error()) << rows.error().text;
        std::string text;
        while (*rows->step()) {
            text += rows->column_text(0) + "\n";
        }
        return text;
    }

    std::string columns_of(const std::string& view) {
        auto database = Database::open(directory_.file(), OpenMode::read_only, 100);
        return *database->text("SELECT group_concat(name) FROM pragma_table_xinfo('" + view + "')");
    }

    void execute(const std::string& sql) {
        auto database = Database::open(directory_.file(), OpenMode::read_write, 100);
        const auto r = database->execute(sql);
        ASSERT_FALSE(r.has_error()) << r.error().text;
    }

    // Of order 2, in slice 4.
    void fill(const char* id, const char* at_ns, const char* quantity, const char* price,
              const char* commission) {
        execute(insert_text("fills", {{"fill_id", id},
                                      {"slice_id", "4"},
                                      {"order_id", "2"},
                                      {"decision_id", "196608"},
                                      {"at_ns", at_ns},
                                      {"quantity_e8", quantity},
                                      {"price_e8", price},
                                      {"commission_e8", commission}}));
    }

    TemporaryDirectory directory_;
};

TEST_F(Views, HaveTheColumnsOfTheQueries) {
    EXPECT_EQ(columns_of("trades"),
              "fill_id,time,symbol,side,quantity,price,reference_price,delay_cost,spread_cost,"
              "slippage_cost,impact_cost,commission,currency,order_id,decision_id");
    EXPECT_EQ(
        columns_of("open_positions"),
        "symbol,quantity,cost,price,value,unrealized,realized,currency,since,priced_at,stale");
    EXPECT_EQ(columns_of("equity_curve"),
              "time,cash,value,equity,gross,net,drawdown,currency,unix_time");
}

TEST_F(Views, ShowTradesPositionsAndEquityAsDecimals) {
    EXPECT_EQ(ask("SELECT * FROM trades"),
              "1|2020-01-06T14:30:00Z|AAA|buy|40|10.12|10.1|4|0.4|0.2|0.2|0.05|USD|1|131072\n"
              "2|2020-01-07T14:30:00Z|AAA|sell|10|10.38|10.4|1|0.1|0.1|0|0.01|USD|2|196608\n");
    EXPECT_EQ(ask("SELECT * FROM open_positions"),
              "AAA|30|303.6|9|270|-33.6|2.6|USD|2020-01-06T21:00:00Z|2020-01-07T21:00:00Z|0\n");
    EXPECT_EQ(ask("SELECT * FROM equity_curve"),
              "2020-01-03T21:00:00Z|1000|0|1000|0|0|0|USD|1578085200\n"
              "2020-01-06T21:00:00Z|595.15|420|1015.15|420|420|0|USD|1578344400\n"
              "2020-01-07T21:00:00Z|718.94|270|988.94|270|270|-0.02581884451|USD|1578430800\n");
}

TEST_F(Views, ShowEachDaysProfitWithoutTheDeposit) {
    EXPECT_EQ(ask("SELECT * FROM daily_pnl"),
              "2020-01-03|0|0|1000|0|1|USD|1\n"
              "2020-01-06|15.15|0.01515|1015.15|0|1|USD|0\n"
              "2020-01-07|-26.21|-0.02581884451|988.94|-0.02581884451|1|USD|0\n");
}

TEST_F(Views, BreakTheCostsDownBySymbol) {
    execute(
        "INSERT INTO ledger VALUES ((4 << 24) + 9, 5, 1, NULL, -25000000);"
        "INSERT INTO ledger VALUES ((4 << 24) + 10, 6, NULL, NULL, 50000000);"
        "INSERT INTO ledger VALUES ((4 << 24) + 11, 8, NULL, NULL, -75000000);"
        "INSERT INTO ledger VALUES ((4 << 24) + 12, 9, 1, NULL, 12500000)");
    EXPECT_EQ(ask("SELECT * FROM cost_breakdown"),
              "AAA|2|508.6|5|0.5|0.3|0.2|0.06|0|20|0|0|0|USD|19.66181675|11|5.5\n"
              "BBB|0|0|0|0|0|0|0|0.25|0|0|0|0.125|USD|-|-|-\n"
              "-|0|0|0|0|0|0|0|0|0|0.5|0.75|0|USD|-|-|-\n");
}

TEST_F(Views, PairFillsIntoRoundTripsAlsoThroughZero) {
    EXPECT_EQ(ask("SELECT * FROM round_trips"), "");
    // 30 are left of the sample: close them, go through zero and back, and leave a short open.
    fill("3", "1578407400000000000", "-5000000000", "1100000000", "10000000");
    fill("4", "1578430800000000000", "2000000000", "1000000000", "10000000");
    fill("5", "1578430800000000000", "-7000000000", "1000000000", "0");
    // Long 40: bought at 10.12; sold 10 at 10.38 and 30 at 11, with 3/5 of the third commission;
    // the dividend of 20 is of what was held at the close before.
    // Short 20: sold at 11, bought back at 10 within the slice, at its close.
    EXPECT_EQ(ask("SELECT * FROM round_trips"),
              "AAA|long|2020-01-06T14:30:00Z|2020-01-07T14:30:00Z|3|40|10.12|10.845|29|0.12|20|0|0|"
              "48.88|USD|1|1\n"
              "AAA|short|2020-01-07T14:30:00Z|2020-01-07T21:00:00Z|2|20|11|10|20|0.14|0|0|0|19.86|"
              "USD|0|0\n");
}

// The long 40 of AAA were all that was held at the close of slice 3, worth 420, and gross was 420:
// the whole interest of slice 4 is theirs. With gross at 840 (another position as large) half is.
// A borrow fee of slice 4 is the symbol's own. Entries of slice 3, before its fills, are of a time
// when nothing was held.
TEST_F(Views, GiveRoundTripsTheirShareOfInterest) {
    fill("3", "1578407400000000000", "-3000000000", "1100000000", "0");
    execute(
        "INSERT INTO ledger VALUES ((3 << 24) + 9, 6, NULL, NULL, 700000000),"
        "((4 << 24) + 9, 5, 0, NULL, -25000000), ((4 << 24) + 10, 6, NULL, NULL, -50000000)");
    const char* const asked =
        "SELECT dividends, borrow, interest, gross_pnl, commission, pnl FROM round_trips";
    // 10 x 10.38 + 30 x 11 - 40 x 10.12 = 29; 29 - 0.06 + 20 - 0.25 - 0.5 = 48.19.
    EXPECT_EQ(ask(asked), "20|-0.25|-0.5|29|0.06|48.19\n");
    execute("UPDATE equity SET gross_e8 = 84000000000 WHERE slice_id = 3");
    EXPECT_EQ(ask(asked), "20|-0.25|-0.25|29|0.06|48.44\n");
}

// What is of no slice tells how the run was made, but an error is never hidden.
TEST_F(Views, ListIncidentsOfSlicesAndErrors) {
    execute(
        "INSERT INTO incidents (slice_id, at_ns, severity, kind, symbol_id, text) VALUES "
        "(3, 1578344400000000000, 1, 'data_gap', 0, 'late'),"
        "(NULL, 1578344400000000000, 2, 'commit_paused', NULL, 'disk'),"
        "(NULL, 1578344400000000000, 0, 'recovered', NULL, 'again')");
    EXPECT_EQ(ask("SELECT * FROM incident_list"),
              "2020-01-06T21:00:00Z|AAA|warning|data_gap|late|3\n"
              "2020-01-06T21:00:00Z|-|error|commit_paused|disk|-\n");
}

// The sample's 30 AAA without their newest bar: they count at the close of the day before, 10.5.
TEST_F(Views, SayWhichPositionsAreStale) {
    execute("PRAGMA foreign_keys=OFF; DELETE FROM bars WHERE bar_id = 4 << 24");
    EXPECT_EQ(ask("SELECT symbol, price, value, priced_at, stale FROM open_positions"),
              "AAA|10.5|315|2020-01-06T21:00:00Z|1\n");
}

// Long 40 at 10.12, then 3 for 2 at a close of 10.5: 60 shares, 20 of them for nothing; 10 sold at
// 10.38 as in the sample, 50 at 8. Bought 404.8 for 60: 6.746666667 a share; sold 103.8 + 400 for
// 60: 8.396666667. Profit 503.8 - 404.8 = 99.
TEST_F(Views, RoundTripsGoThroughASplit) {
    execute(
        "INSERT INTO corporate_actions VALUES ((4 << 24) + 1, 0, 3, 700000000, 4000000000, "
        "6000000000, 0)");
    fill("3", "1578407400000000000", "-5000000000", "800000000", "0");
    EXPECT_EQ(ask("SELECT side, fills, quantity, entry_price, exit_price, gross_pnl FROM "
                  "round_trips"),
              "long|3|60|6.746666667|8.396666667|99\n");
}

TEST_F(Views, SayWhyForEveryDecision) {
    EXPECT_EQ(ask("SELECT time, symbol, close, risk_rules, reason, order_id FROM why"),
              "2020-01-03T21:00:00Z|AAA|10|gross_leverage|ordered|1\n"
              "2020-01-03T21:00:00Z|BBB|20|-|edge_below_cost|-\n"
              "2020-01-06T21:00:00Z|AAA|10.5|-|ordered|2\n"
              "2020-01-06T21:00:00Z|BBB|-|-|no_bar|-\n"
              "2020-01-07T21:00:00Z|AAA|9|gross_leverage, position_fraction|position_fraction|-\n"
              "2020-01-07T21:00:00Z|BBB|22|-|regime_off|-\n");
}

}  // namespace
}  // namespace paperd::storage
