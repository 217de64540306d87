// Bad command lines and bad configs: exit code 2, and everything that is wrong at once.
#include <filesystem>
#include <utility>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/daemon/said.h"
#include "tests/support/jobs.h"
#include "tests/support/paths.h"

namespace paperd {
namespace {

using support::expect_said;
using support::run_paperd;
using support::TempDir;

TEST(BadCommandLine, IsAnsweredWithTheWayToHelp) {
    struct Case {
        std::vector<std::string> arguments;
        std::string what;
        std::string remedy;
    };

    const std::vector<Case> cases = {
        {{}, "a command is needed", ""},
        {{"frobnicate"}, "frobnicate", "See 'paperd --help'"},
        {{"run"}, "--config is required", "See 'paperd run --help'"},
        {{"replay", "-c"}, "--config", "See 'paperd replay --help'"},
        {{"run", "-c", "x.yaml", "--sped", "3"}, "--sped", "See 'paperd run --help'"},
        {{"run", "-c", "x.yaml", "--speed", "-1"}, "--speed", "a number from 0.001 to 1000000000"},
        {{"run", "-c", "x.yaml", "--speed", "nan"}, "--speed", "a number from 0.001 to"},
        {{"run", "-c", "x.yaml", "--speed", "1e-9"}, "--speed", "or max"},
        {{"run", "-c", "x.yaml", "--speed", "inf"}, "--speed", "or max"},
        {{"trades", "--db", "x.db", "--format", "xml"}, "xml", "See 'paperd trades --help'"},
        {{"features", "--set", "attention", "--bars", "x.csv", "--from", "2019-02-30"},
         "'2019-02-30' is not a date",
         "write it as 2019-12-23"},
        {{"features", "--set", "attention", "--bars", "x.csv", "--from", "2020-02-02", "--to",
          "2020-01-01"},
         "--from 2020-02-02 is after --to 2020-01-01",
         "exchange them"},
        {{"replay", "-c", "x.yaml", "--from", "2020-02-02", "--to", "2020-01-01"},
         "--from 2020-02-02 is after --to 2020-01-01",
         "exchange them"},
        {{"replay", "-c", "x.yaml", "--date", "2020-02-02", "--to", "2020-03-01"},
         "--date stands for one day",
         "leave --from and --to out"},
        {{"replay", "-c", "x.yaml", "--symbols=", "--db", "x.db"},
         "--symbols= has no value",
         "leave the option out"},
        {{"check"}, "check needs -c CONFIG", "--reference"},
        {{"check", "-c", "x.yaml", "--for", "fun"}, "'fun' is none of run, replay, train", ""},
        {{"ctl", "0"}, "'0' is none of status, halt", "See 'paperd ctl --help'"},
        {{"ctl", "explode"}, "explode", "See 'paperd ctl --help'"},
        {{"ctl", "status", "--port", "70000"}, "70000", "See 'paperd ctl --help'"},
    };
    for (const Case& one : cases) {
        std::string line = "paperd";
        for (const std::string& word : one.arguments) {
            line += " " + word;
        }
        SCOPED_TRACE(line);
        expect_said(run_paperd(one.arguments), 2, {"", one.what, one.remedy});
    }
}

// A name is no path: the file beside the folder of bars is a good one, and is not read.
TEST(BadCommandLine, ASymbolThatLeadsOutOfTheFolderIsNoName) {
    const TempDir dir;
    std::filesystem::create_directory(dir.path("bars"));
    support::write_file(dir.path("OUT.csv"),
                        support::read_file(support::golden_path("synthetic/SYNTH_A.csv")));
    support::write_file(dir.path("job.yaml"),
                        "market: {symbols: [SYNTH_A], calendar: always_open}\n");
    const std::vector<std::vector<std::string>> cases = {
        {"replay", "-c", dir.path("job.yaml"), "--db", dir.path("a.db")},
        {"train", "-c", dir.path("job.yaml"), "--out", dir.path("a.pmb")},
        {"predict", "--model", support::source_path("config/models/attention-daily.pmb")}};
    for (std::vector<std::string> arguments : cases) {
        SCOPED_TRACE(arguments[0]);
        arguments.insert(arguments.end(), {"--bars", dir.path("bars"), "--symbols", "../OUT"});
        const auto result = run_paperd(arguments);
        expect_said(result, 2, {"", "--symbols lists '../OUT'", "letters, digits"});
        EXPECT_EQ(result.out, "");
        arguments.back() = "SYNTH_A,SYNTH_A";
        expect_said(run_paperd(arguments), 2, {"", "'SYNTH_A' twice", "remove one"});
    }
    EXPECT_FALSE(std::filesystem::exists(dir.path("a.db")));
    EXPECT_FALSE(std::filesystem::exists(dir.path("a.pmb")));
}

// What a folder holds may be called anything; what a run holds may not.
TEST(BadCommandLine, AFileThatIsCalledAsNoSymbolIsNotTraded) {
    const TempDir dir;
    std::filesystem::create_directory(dir.path("bars"));
    support::write_file(dir.path("bars/no name.csv"),
                        support::read_file(support::golden_path("synthetic/SYNTH_A.csv")));
    support::write_file(dir.path("job.yaml"),
                        "market: {symbols: [\"*\"], calendar: always_open, bars: bars}\n");
    expect_said(run_paperd({"replay", "-c", dir.path("job.yaml"), "--db", dir.path("a.db")}), 1,
                {dir.path("bars") + ":", "'no name' is no name of a symbol", "rename the entry"});
    EXPECT_FALSE(std::filesystem::exists(dir.path("a.db")));
}

TEST(BadCommandLine, AnUnknownFeatureSetIsNamed) {
    expect_said(run_paperd({"features", "--set", "astrology", "--bars",
                            support::golden_path("synthetic/SYNTH_A.csv")}),
                2, {"", "'astrology'", "attention"});
}

TEST(BadConfig, AMissingOneIsSaid) {
    const TempDir dir;
    expect_said(
        run_paperd({"run", "-c", dir.path("none.yaml")}), 2,
        {dir.path("none.yaml") + ":", "there is no such file", "give the path of a config"});
}

TEST(BadConfig, ADirectoryAnEmptyFileAndWhatIsNoYamlAreRefused) {
    const TempDir dir;
    std::filesystem::create_directory(dir.path("folder"));
    support::write_file(dir.path("empty.yaml"), "");
    support::write_file(dir.path("broken.yaml"), "market: [unclosed\n");
    support::write_file(dir.path("binary.yaml"), std::string("market:\0\x01\xff\n", 11));
    ASSERT_EQ(::mkfifo(dir.path("pipe").c_str(), 0600), 0);  // nobody will ever write into it
    for (const std::string name : {"folder", "empty.yaml", "broken.yaml", "binary.yaml", "pipe"}) {
        SCOPED_TRACE(name);
        expect_said(run_paperd({"check", "-c", dir.path(name)}), 2, {dir.path(name), "", ""});
    }
}

TEST(BadConfig, EverythingIsSaidAtOnceWithItsLine) {
    const TempDir dir;
    const std::string path = dir.path("job.yaml");
    support::write_file(path,
                        "market:\n"
                        "  symbols: [A, A]\n"
                        "  interval: 7m\n"
                        "  feed: carrier_pigeon\n"
                        "strategy:\n"
                        "  kind: sma_cross\n"
                        "  gross_budget: -3\n"
                        "  nonsense: 1\n"
                        "server:\n"
                        "  port: 99999999\n");
    for (const char* command : {"check", "run", "replay"}) {
        SCOPED_TRACE(command);
        const auto result = run_paperd({command, "-c", path});
        expect_said(result, 2, {path + ":2:", "market.symbols lists 'A' twice", "remove one"});
        expect_said(result, 2, {path + ":3:", "market.interval is '7m'", "did you mean '1m'?"});
        expect_said(result, 2, {path + ":4:", "'carrier_pigeon'", "one of files, synthetic"});
        expect_said(result, 2, {path + ":7:", "strategy.gross_budget is -3", "give a value > 0"});
        expect_said(result, 2, {path + ":8:", "strategy.nonsense", "paperd check --reference"});
        expect_said(result, 2, {path + ":10:", "server.port is 99999999", "give a value >= 0"});
    }
}

TEST(BadConfig, ALiveRunOfFilesPointsToReplay) {
    const TempDir dir;
    support::write_file(dir.path("job.yaml"),
                        "market:\n  symbols: [SYNTH_A]\n  interval: 1d\n  feed: files\n"
                        "  calendar: always_open\n  bars: " +
                            support::golden_path("synthetic") +
                            "\nstrategy:\n  kind: buy_and_hold\n");
    const support::Sentence sentence{dir.path("job.yaml") + ":", "needs a live feed",
                                     "use 'paperd replay'"};
    expect_said(run_paperd({"run", "-c", dir.path("job.yaml"), "--db", dir.path("a.db")}), 2,
                sentence);
    expect_said(run_paperd({"check", "-c", dir.path("job.yaml"), "--for", "run"}), 2, sentence);
}

TEST(BadConfig, ALiveRunRefusesWhatOnlyAReplayKnows) {
    const TempDir dir;
    const std::string job = dir.path("job.yaml");
    const auto refused = [&](const std::string& key, const std::string& value) {
        support::write_file(job,
                            support::exchanged(support::synthetic_job(1), "  warmup_days: 0\n",
                                               "  warmup_days: 0\n  " + key + ": " + value + "\n"));
        const support::Sentence sentence{job + ":", "market." + key + " is given", ""};
        expect_said(run_paperd({"run", "-c", job, "--db", dir.path("a.db")}), 2, sentence);
        expect_said(run_paperd({"check", "-c", job, "--for", "run"}), 2, sentence);
    };
    refused("assume_delisted_after_sessions", "5");
    refused("splits", "splits.csv");
}

TEST(Check, IsOfOneMindWithRunOnWindowsBeyondTheUsual) {
    const TempDir dir;
    const std::string job = dir.path("job.yaml");
    const auto answers = [&](int lookback) {
        support::write_file(
            job, support::exchanged(
                     support::exchanged(support::synthetic_job(1), "  sma_slow_bars: 20\n",
                                        "  sma_slow_bars: 300\n"),
                     "  warmup_days: 0\n",
                     "  warmup_days: 0\n  lookback_bars: " + std::to_string(lookback) + "\n"));
        return std::pair{run_paperd({"check", "-c", job}),
                         run_paperd({"run", "-c", job, "--db", dir.path("a.db")})};
    };
    for (const auto& result : {answers(299).first, answers(299).second}) {
        expect_said(result, 2, {job + ":", "market.lookback_bars is 299", "raise it"});
    }
    const auto [checked, run] = answers(300);
    EXPECT_EQ(checked.exit_code, 0) << checked.err;
    EXPECT_EQ(run.exit_code, 0) << run.err;
}

TEST(Check, LooksForTheFilesThatTheCommandReads) {
    const TempDir dir;
    const std::string job = dir.path("job.yaml");
    support::write_file(job, support::exchanged(support::synthetic_job(1), "  warmup_days: 0\n",
                                                "  warmup_days: 0\n  bars: nowhere\n"));
    const auto checked = run_paperd({"check", "-c", job});
    EXPECT_EQ(checked.exit_code, 0) << checked.err;
    EXPECT_NE(checked.out.find("not for replay:\n" + job + ":8: market.bars"), std::string::npos)
        << checked.out;
    expect_said(run_paperd({"replay", "-c", job, "--db", dir.path("a.db")}), 2,
                {job + ":8:", "market.bars is '" + dir.path("nowhere") + "', which is not there",
                 "correct the path"});
}

}  // namespace
}  // namespace paperd
