#include "storage/queries.h"

#include <clocale>
#include <filesystem>
#include <locale>
#include <sstream>

#include <gtest/gtest.h>

#include "storage/database.h"
#include "storage/run_summary.h"
#include "storage/stored_run.h"
#include "tests/storage/sample_run.h"
#include "tests/storage/temporary_file.h"

namespace paperd::storage {
namespace {

class Queries : public testing::Test {
protected:
    static void SetUpTestSuite() {
        directory_ = new TemporaryDirectory();
        ASSERT_TRUE(make_sample_run(directory_->file()));
    }

    static void TearDownTestSuite() { delete directory_; }

    static std::string ask(const char* name, const QueryFilter& filter = {},
                           OutputFormat format = OutputFormat::csv) {
        std::ostringstream out;
        const auto r = print_query(directory_->file(), name, filter, format, out);
        EXPECT_FALSE(r.has_error()) << r.error().text;
        return out.str();
    }

    static Error error_of(const char* name, const QueryFilter& filter) {
        std::ostringstream out;
        const auto r = print_query(directory_->file(), name, filter, OutputFormat::csv, out);
        EXPECT_TRUE(r.has_error());
        EXPECT_EQ(out.str(), "");
        return r.has_error() ? r.error() : fail("");
    }

    static TemporaryDirectory* directory_;
};

TemporaryDirectory* Queries::directory_ = nullptr;

TEST_F(Queries, StandOnASampleThatObeysTheLaws) {
    const auto run = StoredRun::open(directory_->file());
    for (const std::string& violation : *(*run)->check_laws(10)) {
        ADD_FAILURE() << violation;
    }
}

TEST_F(Queries, SayWhichPositionIsBeyondMoney) {
    const std::string copy = directory_->file("absurd.db");
    std::filesystem::copy_file(directory_->file(), copy);
    {
        auto database = Database::open(copy, OpenMode::read_write, 100);
        ASSERT_FALSE(database->execute("UPDATE positions SET quantity_e8 = 9000000000000000000")
                         .has_error());
    }
    for (const OutputFormat format : {OutputFormat::csv, OutputFormat::json, OutputFormat::table}) {
        std::ostringstream out;
        const auto r = print_query(copy, "positions", {}, format, out);
        ASSERT_TRUE(r.has_error());
        EXPECT_NE(r.error().text.find(copy + ": AAA: its value is beyond the range of money"),
                  std::string::npos)
            << r.error().text;
    }
    // The rest of what is printed of such a file does not abort either.
    EXPECT_FALSE(summarise(copy).has_error());
}

TEST_F(Queries, ListTrades) {
    EXPECT_EQ(ask("trades"),
              "fill_id,time,symbol,side,quantity,price,reference_price,delay_cost,spread_cost,"
              "slippage_cost,impact_cost,commission,currency,order_id,decision_id\n"
              "1,2020-01-06T14:30:00Z,AAA,buy,40,10.12,10.1,4,0.4,0.2,0.2,0.05,USD,1,131072\n"
              "2,2020-01-07T14:30:00Z,AAA,sell,10,10.38,10.4,1,0.1,0.1,0,0.01,USD,2,196608\n");
}

TEST_F(Queries, ListOrders) {
    EXPECT_EQ(ask("orders"),
              "order_id,time,symbol,side,type,time_in_force,quantity,filled,limit_price,"
              "stop_price,state,reason,since,decision_id\n"
              "1,2020-01-03T21:00:00Z,AAA,buy,market,gtc,40,40,,,filled,filled,"
              "2020-01-06T21:00:00Z,131072\n"
              "2,2020-01-06T21:00:00Z,AAA,sell,market,gtc,40,10,,,working,partially_filled,"
              "2020-01-07T21:00:00Z,196608\n");
}

TEST_F(Queries, ListDecisions) {
    EXPECT_EQ(ask("decisions"),
              "decision_id,time,symbol,prediction,uncertainty,signal_weight,approved_weight,"
              "target_quantity,reason,in_sample\n"
              "131072,2020-01-03T21:00:00Z,AAA,0.01,,0.5,0.4,40,ordered,1\n"
              "131073,2020-01-03T21:00:00Z,BBB,0.0001,0.02,0.2,0.2,0,edge_below_cost,1\n"
              "196608,2020-01-06T21:00:00Z,AAA,-0.02,,-0.1,0,0,ordered,0\n"
              "196609,2020-01-06T21:00:00Z,BBB,,,,0,0,no_bar,0\n"
              "262144,2020-01-07T21:00:00Z,AAA,0.03,,0.9,0.27,30,position_fraction,0\n"
              "262145,2020-01-07T21:00:00Z,BBB,0.02,,0,0,0,regime_off,0\n");
}

TEST_F(Queries, ListPositionsAtTheLastSliceOrAtTheEndOfTheSpan) {
    const std::string header =
        "symbol,quantity,cost,price,value,unrealized,realized,currency,since,priced_at,stale\n";
    EXPECT_EQ(
        ask("positions"),
        header + "AAA,30,303.6,9,270,-33.6,2.6,USD,2020-01-06T21:00:00Z,2020-01-07T21:00:00Z,0\n");
    EXPECT_EQ(
        ask("positions", {.to = "2020-01-06"}),
        header + "AAA,40,404.8,10.5,420,15.2,0,USD,2020-01-06T21:00:00Z,2020-01-06T21:00:00Z,0\n");
    EXPECT_EQ(ask("positions", {.to = "2020-01-03"}), header);
    EXPECT_EQ(ask("positions", {.from = "2020-01-07"}), header);
    EXPECT_EQ(ask("positions", {.symbol = "BBB"}), header);
}

TEST_F(Queries, SayWhenAPositionsPriceIsOfAnEarlierDay) {
    const std::string copy = directory_->file("stale.db");
    std::filesystem::copy_file(directory_->file(), copy);
    {
        auto database = Database::open(copy, OpenMode::read_write, 100);
        ASSERT_FALSE(
            database->execute("PRAGMA foreign_keys=OFF; DELETE FROM bars WHERE bar_id = 4 << 24")
                .has_error());
    }
    std::ostringstream out;
    ASSERT_FALSE(print_query(copy, "positions", {}, OutputFormat::csv, out).has_error());
    EXPECT_NE(out.str().find("AAA,30,303.6,10.5,315,11.4,2.6,USD,2020-01-06T21:00:00Z,"
                             "2020-01-06T21:00:00Z,1\n"),
              std::string::npos)
        << out.str();
    // 315 of the 988.94 that the account is worth.
    EXPECT_NEAR(summarise(copy)->stale_fraction, 315 / 988.94, 1e-12);
    EXPECT_EQ(summarise(directory_->file())->stale_fraction, 0);
}

TEST_F(Queries, ListEquityWithoutWarmUp) {
    EXPECT_EQ(ask("equity"),
              "time,cash,value,equity,gross,net,drawdown,currency\n"
              "2020-01-03T21:00:00Z,1000,0,1000,0,0,0,USD\n"
              "2020-01-06T21:00:00Z,595.15,420,1015.15,420,420,0,USD\n"
              "2020-01-07T21:00:00Z,718.94,270,988.94,270,270,-0.025818844505738014,USD\n");
}

TEST_F(Queries, FilterByDayTimeAndSymbolBothEndsIncluded) {
    EXPECT_EQ(ask("trades", {.from = "2020-01-07"}),
              ask("trades", {.from = "2020-01-07T21:00:00Z"}));
    EXPECT_EQ(ask("decisions",
                  {.from = "2020-01-06T21:00:00Z", .to = "2020-01-06T21:00:00Z", .symbol = "BBB"}),
              "decision_id,time,symbol,prediction,uncertainty,signal_weight,approved_weight,"
              "target_quantity,reason,in_sample\n"
              "196609,2020-01-06T21:00:00Z,BBB,,,,0,0,no_bar,0\n");
    EXPECT_EQ(ask("equity", {.from = "2020-01-04", .to = "2020-01-06"}),
              "time,cash,value,equity,gross,net,drawdown,currency\n"
              "2020-01-06T21:00:00Z,595.15,420,1015.15,420,420,0,USD\n");
    EXPECT_EQ(ask("equity", {.from = "2021-01-01"}),
              "time,cash,value,equity,gross,net,drawdown,currency\n");
    EXPECT_EQ(ask("orders", {.to = "2019-12-31"}), ask("orders", {.symbol = "BBB"}));
}

TEST_F(Queries, PrintJsonAsObjectsWithNumbersAndNulls) {
    EXPECT_EQ(ask("decisions", {.to = "2020-01-03", .symbol = "AAA"}, OutputFormat::json),
              "[\n  {\"decision_id\": 131072, \"time\": \"2020-01-03T21:00:00Z\", "
              "\"symbol\": \"AAA\", \"prediction\": 0.01, \"uncertainty\": null, "
              "\"signal_weight\": 0.5, \"approved_weight\": 0.4, \"target_quantity\": 40, "
              "\"reason\": \"ordered\", \"in_sample\": 1}\n]\n");
    EXPECT_EQ(ask("trades", {.symbol = "BBB"}, OutputFormat::json), "[]\n");
}

TEST_F(Queries, PrintAnAlignedTable) {
    EXPECT_EQ(ask("equity", {}, OutputFormat::table),
              "time                     cash   value   equity   gross     net   drawdown  "
              "currency\n"
              "2020-01-03T21:00:00Z  1000.00    0.00  1000.00    0.00    0.00   0.000000  USD\n"
              "2020-01-06T21:00:00Z   595.15  420.00  1015.15  420.00  420.00   0.000000  USD\n"
              "2020-01-07T21:00:00Z   718.94  270.00   988.94  270.00  270.00  -0.025819  USD\n");
    EXPECT_EQ(
        ask("positions", {.symbol = "BBB"}, OutputFormat::table),
        "symbol  quantity  cost  price  value  unrealized  realized  currency  since  priced_at  "
        "stale\n"
        "(no rows)\n");
}

TEST_F(Queries, DoNotDependOnTheLocale) {
    struct CommaPoint : std::numpunct<char> {
        char do_decimal_point() const override { return ','; }

        char do_thousands_sep() const override { return '.'; }

        std::string do_grouping() const override { return "\3"; }
    };

    const std::string before = ask("equity") + ask("decisions");
    const std::locale old = std::locale::global(std::locale(std::locale(), new CommaPoint));
    std::setlocale(LC_NUMERIC, "de_DE.UTF-8");
    const std::string after = ask("equity") + ask("decisions");
    std::setlocale(LC_NUMERIC, "C");
    std::locale::global(old);
    EXPECT_EQ(after, before);
}

TEST_F(Queries, RefuseWhatTheyCannotAnswer) {
    for (const auto& [name, filter, text] :
         {std::tuple{"songs", QueryFilter{}, "there is no query 'songs'"},
          std::tuple{"trades", QueryFilter{.symbol = "ZZZ"},
                     "this run has no symbol 'ZZZ'; it has AAA, BBB"},
          std::tuple{"trades", QueryFilter{.from = "2020-02-30"}, "'2020-02-30' is not a date"},
          std::tuple{"trades", QueryFilter{.from = "2020-01-07", .to = "2020-01-06"},
                     "--from 2020-01-07 is after --to 2020-01-06; exchange them"},
          std::tuple{"trades",
                     QueryFilter{.from = "2020-01-06T21:00:01Z", .to = "2020-01-06T21:00:00Z"},
                     "is after --to"},
          std::tuple{"trades", QueryFilter{.from = "2020-01-07", .to = "2020-01-06T21:00:00Z"},
                     "is after --to"},
          std::tuple{"trades", QueryFilter{.to = "noon"}, "'noon' is neither a day nor a UTC time"},
          std::tuple{"equity", QueryFilter{.symbol = "AAA"}, "leave --symbol out"}}) {
        const Error error = error_of(name, filter);
        EXPECT_EQ(error.kind, ErrorKind::usage);
        EXPECT_NE(error.text.find(text), std::string::npos) << error.text;
    }
}

}  // namespace
}  // namespace paperd::storage
