// What `run`, `replay` and the questions to a trade database say and print, as a user sees it.
#include <filesystem>

#include <gtest/gtest.h>

#include "storage/database.h"
#include "tests/daemon/said.h"
#include "tests/support/jobs.h"
#include "tests/support/paths.h"

namespace paperd {
namespace {

using support::expect_said;
using support::run_paperd;

class RunCommands : public testing::Test {
protected:
    [[nodiscard]] std::string write_job(const std::string& text) const {
        support::write_file(dir_.path("job.yaml"), text);
        return dir_.path("job.yaml");
    }

    // The golden bars, traded without a model.
    [[nodiscard]] std::string replay_job(const std::string& symbols = "[SYNTH_A, SYNTH_B]",
                                         const std::string& bars = {}) const {
        return "market:\n  symbols: " + symbols +
               "\n  interval: 1d\n  feed: files\n  calendar: always_open\n  on_bad_row: "
               "quarantine\n  bars: " +
               (bars.empty() ? support::golden_path("synthetic") : bars) +
               "\nstrategy:\n  kind: sma_cross\n";
    }

    [[nodiscard]] std::string db() const { return dir_.path("a.db"); }

    support::TempDir dir_;
};

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

TEST_F(RunCommands, WithoutADatabaseSayHowToNameOne) {
    const std::string live = write_job(support::synthetic_job(1));
    expect_said(run_paperd({"run", "-c", live}), 2, {live, "no database to write", "--db FILE"});
    const std::string replayed = write_job(replay_job());
    expect_said(run_paperd({"replay", "-c", replayed}), 2,
                {replayed, "no database to write", "--db FILE"});
}

TEST_F(RunCommands, AReplayWithoutBarsSaysHowToNameThem) {
    const std::string job =
        write_job(support::exchanged(replay_job(), support::golden_path("synthetic"), "\"\""));
    expect_said(run_paperd({"replay", "-c", job, "--db", db()}), 2,
                {job, "no bars to replay", "--bars DIR"});
}

TEST_F(RunCommands, ACompleteRunSaysSoAndIsLeftAlone) {
    const std::string job = write_job(support::synthetic_job(1));
    ASSERT_EQ(run_paperd({"run", "-c", job, "--db", db()}).exit_code, 0);
    const std::string before = support::trading_tables(db());
    const auto again = run_paperd({"run", "-c", job, "--db", db()});
    EXPECT_EQ(again.exit_code, 0) << again.err;
    EXPECT_EQ(again.out, "") << "a journal gets lines with a level only";
    EXPECT_NE(again.err.find("the run is complete"), std::string::npos) << again.err;
    EXPECT_NE(again.err.find("already=true"), std::string::npos) << again.err;
    EXPECT_EQ(support::trading_tables(db()), before);
}

TEST_F(RunCommands, AReplayEndsWithWhatTheReportSays) {
    const std::string job = write_job(replay_job());
    const auto replayed = run_paperd({"replay", "-c", job, "--db", db()});
    ASSERT_EQ(replayed.exit_code, 0) << replayed.err;
    std::filesystem::remove(job);  // the database alone is read
    const auto report = run_paperd({"report", "--db", db()});
    ASSERT_EQ(report.exit_code, 0) << report.err;
    EXPECT_TRUE(replayed.out.starts_with(report.out)) << report.out << "\n---\n" << replayed.out;
    EXPECT_NE(report.out.find(" a year, t "), std::string::npos) << report.out;
    EXPECT_EQ(run_paperd({"report", "--db", db(), "--out", "a.html"}).exit_code, 2);
}

TEST_F(RunCommands, WhatAReplaySetsAsideIsStoredAsIncidents) {
    std::filesystem::create_directory(dir_.path("bars"));
    std::string rows = support::read_file(support::golden_path("synthetic/SYNTH_A.csv"));
    const std::string bad = "2019-03-01,";
    rows.replace(rows.find("\n" + bad) + 1, bad.size(), bad + "x");
    support::write_file(dir_.path("bars/SYNTH_A.csv"), rows);
    const std::string job = write_job(replay_job("[SYNTH_A, GONE]", dir_.path("bars")));
    const auto result = run_paperd(
        {"replay", "-c", job, "--db", db(), "--from", "2019-02-01", "--to", "2019-04-30"});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    auto database = storage::Database::open(db(), storage::OpenMode::read_only, 1000);
    ASSERT_FALSE(database.has_error()) << database.error().text;
    const auto incident = [&](const std::string& kind) {
        return database->text("SELECT text FROM incidents WHERE kind = '" + kind + "'").value();
    };
    EXPECT_NE(incident("bad_row").find("SYNTH_A.csv:"), std::string::npos) << incident("bad_row");
    EXPECT_EQ(incident("no_bars"), "GONE has no bar in the span");
    EXPECT_EQ(
        database->integer("SELECT count(*) FROM decisions WHERE (decision_id & 65535) = 1").value(),
        database->integer("SELECT count(*) FROM equity").value())
        << "a symbol without a bar has its decision row in every slice";
}

// Two days of SPLT, 400 and then 100, and of STAY: what a job's splits and closures do, and that
// the database alone tells of it.
TEST_F(RunCommands, AReplayTakesSplitsAndClosuresFromTheJob) {
    const auto day = [&](const std::string& symbol, const std::string& date, int price) {
        std::filesystem::create_directories(dir_.path("bars/" + symbol));
        std::string rows = "timestamp,open,high,low,close,volume\n";
        for (int minute = 0; minute < 90; ++minute) {
            const std::string p = std::to_string(price);
            rows += date + "T1" + std::to_string(5 + minute / 60) + ":" +
                    (minute % 60 < 10 ? "0" : "") + std::to_string(minute % 60) + ":00Z," + p +
                    "," + p + "," + p + "," + p + ",1000000\n";
        }
        support::write_file(dir_.path("bars/" + symbol + "/" + date + ".csv"), rows);
    };
    for (const char* const date : {"2019-12-18", "2019-12-19", "2019-12-20"}) {
        day("SPLT", date, std::string(date) == "2019-12-18" ? 400 : 100);
        day("STAY", date, 50);
    }
    const auto job = [&](const std::string& more) {
        return write_job("market: {symbols: [SPLT, STAY], interval: 1m, feed: files, bars: bars" +
                         more + "}\nstrategy: {kind: buy_and_hold, gross_budget: 0.5}\n");
    };
    const std::string with_splits = job(", splits: splits.csv, closures: [2019-12-20]");
    expect_said(run_paperd({"replay", "-c", with_splits, "--db", db()}), 2,
                {with_splits + ":1:", "market.splits is '" + dir_.path("splits.csv") + "'", ""});
    support::write_file(dir_.path("splits.csv"), "symbol,ex_date,ratio\nSPLT,2019-12-19,four\n");
    expect_said(run_paperd({"replay", "-c", with_splits, "--db", db()}), 2,
                {dir_.path("splits.csv") + ":2:", "'four' is not a decimal number", ""});
    support::write_file(dir_.path("splits.csv"),
                        "symbol,ex_date,ratio\nSPLT,2019-12-19,4\nELSE,2019-12-19,2\n");
    const auto replayed = run_paperd({"replay", "-c", with_splits, "--db", db()});
    ASSERT_EQ(replayed.exit_code, 0) << replayed.err;
    auto database = storage::Database::open(db(), storage::OpenMode::read_only, 1000);
    ASSERT_FALSE(database.has_error()) << database.error().text;
    EXPECT_EQ(database->integer("SELECT slice_id FROM splits").value(), 91);
    EXPECT_EQ(database->integer("SELECT max(slice_id) FROM slices").value(), 180)
        << "2019-12-20 was closed";
    EXPECT_EQ(database->text("SELECT text FROM incidents WHERE kind = 'out_of_session'").value(),
              "180 bars outside the session were set aside");
    EXPECT_EQ(database->integer("SELECT count(*) FROM incidents WHERE kind = 'series_cut'").value(),
              0);
    EXPECT_NEAR(
        static_cast<double>(
            database->integer("SELECT equity_e8 FROM equity ORDER BY slice_id DESC").value()) /
            1e14,
        1, 2e-3);
    const auto verified = run_paperd({"verify", "--db", db(), "--replay"});
    EXPECT_EQ(verified.exit_code, 0) << verified.out;
}

// Yahoo's rows are ours under another header.
TEST_F(RunCommands, AVendorsFileTradesAsOursDoesAndIsSaidAloud) {
    const std::string ours = support::read_file(support::golden_path("synthetic/SYNTH_A.csv"));
    const std::string yahoos =
        "Date,Open,High,Low,Close,Adj Close,Volume" + ours.substr(ours.find('\n'));
    const auto trades_of = [&](const std::string& folder, const std::string& text) {
        std::filesystem::create_directory(dir_.path(folder));
        support::write_file(dir_.path(folder + "/SYNTH_A.csv"), text);
        const std::string file = dir_.path(folder + ".db");
        const auto replayed =
            run_paperd({"replay", "-c", write_job(replay_job("[SYNTH_A]", dir_.path(folder))),
                        "--db", file, "--to", "2019-12-31"});
        EXPECT_EQ(replayed.exit_code, 0) << replayed.err;
        const auto trades = run_paperd({"trades", "--db", file, "--format", "csv"});
        EXPECT_GT(std::count(trades.out.begin(), trades.out.end(), '\n'), 2);
        return std::pair(trades.out, replayed.err);
    };
    const auto [own_trades, own_log] = trades_of("own", ours);
    const auto [trades, log] = trades_of("yahoo", yahoos);
    EXPECT_EQ(trades, own_trades);
    const std::string said =
        "SYNTH_A.csv is of Yahoo (prices split-adjusted, dividends from its adjusted close)";
    EXPECT_NE(log.find("foreign_bars"), std::string::npos) << log;
    EXPECT_NE(log.find(said), std::string::npos) << log;
    EXPECT_EQ(own_log.find("foreign_bars"), std::string::npos) << own_log;
    const auto incidents =
        run_paperd({"incidents", "--db", dir_.path("yahoo.db"), "--format", "csv"});
    EXPECT_EQ(incidents.exit_code, 0) << incidents.err;
    EXPECT_EQ(first_line(incidents.out), "time,symbol,severity,kind,text");
    EXPECT_NE(incidents.out.find("Z,,info,foreign_bars,\"" + said + "\"\n"), std::string::npos)
        << incidents.out;
}

// The golden days are those of a venue that never closes: a day's bar opens at its midnight.
TEST_F(RunCommands, AFillIsALogLineAtTheMarketsTime) {
    const auto replayed = run_paperd(
        {"replay", "-c", write_job(replay_job("[SYNTH_A]")), "--db", db(), "--to", "2019-12-31"});
    ASSERT_EQ(replayed.exit_code, 0) << replayed.err;
    const auto trades = run_paperd({"trades", "--db", db(), "--format", "csv"});
    const std::string row = trades.out.substr(trades.out.find('\n') + 1);
    ASSERT_TRUE(row.starts_with("1,20")) << trades.out;
    const std::string time = row.substr(2, row.find(',', 2) - 2);
    EXPECT_TRUE(time.ends_with("T00:00:00Z")) << time;
    const std::string line = "fill at=" + time + " symbol=SYNTH_A side=";
    EXPECT_NE(replayed.err.find(" info    " + line), std::string::npos) << replayed.err;
}

TEST_F(RunCommands, TheQuestionsHaveTheColumnsPeopleWereTold) {
    const std::string job = write_job(support::synthetic_job(1));
    ASSERT_EQ(run_paperd({"run", "-c", job, "--db", db()}).exit_code, 0);
    const auto csv = [&](const std::string& name) {
        const auto result = run_paperd({name, "--db", db(), "--format", "csv"});
        EXPECT_EQ(result.exit_code, 0) << result.err;
        EXPECT_GT(std::count(result.out.begin(), result.out.end(), '\n'), 1) << name;
        return result.out;
    };
    EXPECT_EQ(first_line(csv("trades")),
              "fill_id,time,symbol,side,quantity,price,reference_price,delay_cost,spread_cost,"
              "slippage_cost,impact_cost,commission,currency,order_id,decision_id");
    EXPECT_EQ(first_line(csv("orders")),
              "order_id,time,symbol,side,type,time_in_force,quantity,filled,limit_price,stop_price,"
              "state,reason,since,decision_id");
    EXPECT_EQ(first_line(csv("decisions")),
              "decision_id,time,symbol,prediction,uncertainty,signal_weight,approved_weight,"
              "target_quantity,reason,in_sample");
    EXPECT_EQ(first_line(csv("equity")), "time,cash,value,equity,gross,net,drawdown,currency");
}

TEST_F(RunCommands, ExplainLeadsFromAFillAndFromAMoment) {
    const std::string job = write_job(support::synthetic_job(1));
    ASSERT_EQ(run_paperd({"run", "-c", job, "--db", db()}).exit_code, 0);
    const auto fill = run_paperd({"explain", "--db", db(), "1"});
    EXPECT_EQ(fill.exit_code, 0) << fill.err;
    const auto trades = run_paperd({"trades", "--db", db(), "--format", "csv"});
    const std::string row = trades.out.substr(trades.out.find('\n') + 1);
    const std::string time = row.substr(2, row.find(',', 2) - 2);
    const std::string symbol = row.substr(2 + time.size() + 1, 4);
    EXPECT_NE(fill.out.find(symbol), std::string::npos) << fill.out;
    const auto moment = run_paperd({"explain", "--db", db(), symbol + "@" + time});
    EXPECT_EQ(moment.exit_code, 0) << moment.err;
    EXPECT_NE(moment.out.find(symbol), std::string::npos) << moment.out;
    const auto json = run_paperd({"explain", "--db", db(), "1", "--json"});
    EXPECT_EQ(json.exit_code, 0) << json.err;
    EXPECT_TRUE(json.out.starts_with("{\"symbol\":\"" + symbol + "\"")) << json.out;
    expect_said(run_paperd({"explain", "--db", db(), "999999999"}), 2, {"", "999999999", ""});
    expect_said(run_paperd({"explain", "--db", db(), "ZZZZ@" + time}), 2, {"", "ZZZZ", ""});
}

}  // namespace paperd
