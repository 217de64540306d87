// What every command says about itself, and that what is shipped is good.
#include <algorithm>
#include <filesystem>
#include <regex>

#include <gtest/gtest.h>

#include "tests/support/paths.h"
#include "tests/support/process.h"

namespace paperd {
namespace {

using support::run_paperd;

// As --help lists them.
std::vector<std::string> commands() {
    const auto help = run_paperd({"--help"});
    EXPECT_EQ(help.exit_code, 0);
    const std::string list = help.out.substr(help.out.find("Subcommands:"));
    std::vector<std::string> listed;
    const std::regex name_at_line_begin("\n  ([a-z]+) ");
    for (std::sregex_iterator i(list.begin(), list.end(), name_at_line_begin), end; i != end; ++i) {
        listed.push_back((*i)[1]);
    }
    return listed;
}

TEST(Commands, EveryHelpExplainsItsOptionsWithAnExample) {
    for (const std::string& name : commands()) {
        SCOPED_TRACE(name);
        const auto help = run_paperd({name, "--help"});
        EXPECT_EQ(help.exit_code, 0) << help.err;
        EXPECT_EQ(help.err, "");
        EXPECT_NE(help.out.find("Usage: paperd " + name), std::string::npos) << help.out;
        EXPECT_NE(help.out.find("Example:\n  paperd " + name), std::string::npos) << help.out;
    }
}

// A terminal obeys control characters.
bool printable_lines(const std::string& text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); });
}

TEST(Commands, HelpAndComplaintsHoldNoControlCharacters) {
    std::vector<std::vector<std::string>> lines = {{},
                                                   {"--help"},
                                                   {"tra\x01"
                                                    "des"},
                                                   {"--\x1b[31m"},
                                                   {"trades", "--db", "x", "y\x07z"}};
    for (const std::string& name : commands()) {
        lines.push_back({name, "--help"});
        lines.push_back({name});
        lines.push_back({name, "--format", "\x01"});
        lines.push_back({name, "--db", "no\x1bsuch.db", "--format", "csv"});
    }
    lines.push_back({"explain", "--db", "no\x1bsuch.db", "1"});
    lines.push_back({"check", "-c", "no\x1bsuch.yaml"});
    lines.push_back({"ctl", "ha\x01lt"});
    for (const auto& arguments : lines) {
        if (arguments == std::vector<std::string>{"doctor"}) {
            continue;  // the machine's own words
        }
        const auto result = run_paperd(arguments);
        EXPECT_TRUE(printable_lines(result.out)) << result.out;
        EXPECT_TRUE(printable_lines(result.err)) << result.err;
    }
}

TEST(Commands, ThatPeopleWereToldOfAreThere) {
    const std::vector<std::string> listed = commands();
    for (const char* name : {"run", "replay", "train", "features", "predict", "trades", "orders",
                             "positions", "equity", "decisions", "incidents", "explain", "report",
                             "verify", "ctl", "init", "check", "doctor", "version"}) {
        EXPECT_EQ(std::count(listed.begin(), listed.end(), name), 1) << name;
    }
}

TEST(Commands, VersionNamesTheBuild) {
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"version"}, {"--version"}}) {
        const auto version = run_paperd(arguments);
        EXPECT_EQ(version.exit_code, 0);
        EXPECT_TRUE(version.out.starts_with("paperd 0.1.0")) << version.out;
    }
}

TEST(Commands, DoctorNamesTheMachineAndLibraries) {
    const auto report = run_paperd({"doctor"});
    EXPECT_EQ(report.exit_code, 0) << report.out << report.err;
    for (const char* what : {"inference", "sqlite", "boost", "tz database"}) {
        EXPECT_NE(report.out.find(what), std::string::npos) << report.out;
    }
}

TEST(Commands, CheckAcceptsEveryShippedJob) {
    int checked = 0;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(support::source_path("config"))) {
        if (entry.path().extension() != ".yaml") {
            continue;
        }
        SCOPED_TRACE(entry.path().string());
        const auto result = run_paperd({"check", "-c", entry.path().string()});
        EXPECT_EQ(result.exit_code, 0) << result.err;
        EXPECT_NE(result.out.find(": good for "), std::string::npos) << result.out;
        ++checked;
    }
    EXPECT_GE(checked, 10);
}

TEST(Commands, CheckSaysForWhichCommandAJobIsGood) {
    const std::string files = support::source_path("config/attention-daily.yaml");
    const auto replayed = run_paperd({"check", "-c", files});
    EXPECT_EQ(replayed.exit_code, 0) << replayed.err;
    EXPECT_TRUE(replayed.out.starts_with(files + ": good for replay, train\nnot for run:\n" +
                                         files + ": 'run' needs a live feed"))
        << replayed.out;
    const auto run = run_paperd({"check", "-c", files, "--for", "run"});
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_NE(run.err.find("'run' needs a live feed"), std::string::npos) << run.err;
    const std::string synthetic = support::source_path("config/demo.yaml");
    EXPECT_EQ(run_paperd({"check", "-c", synthetic}).out,
              synthetic + ": good for run, replay, train\n");
    EXPECT_EQ(run_paperd({"check", "-c", synthetic, "--for", "train"}).out,
              synthetic + ": good for train\n");
}

TEST(Commands, CheckSaysWhatDailyBarsAreNotCharged) {
    const support::TempDir dir;
    const auto said = [&](const std::string& costs) {
        support::write_file(dir.path("job.yaml"), "market: {symbols: [AAA]}\n" + costs);
        const auto result = run_paperd({"check", "-c", dir.path("job.yaml"), "--for", "replay"});
        EXPECT_EQ(result.exit_code, 0) << result.err;
        return result.out;
    };
    EXPECT_EQ(said("").find("note: "), std::string::npos);
    const std::string both = said("costs: {tick_size: 0.01, fees: per_share}\n");
    EXPECT_NE(both.find("note: costs.tick_size is off: daily bars"), std::string::npos) << both;
    EXPECT_NE(both.find("note: fees a share are off: daily bars"), std::string::npos) << both;
}

TEST(Commands, TheReferenceIsAConfigItself) {
    const support::TempDir dir;
    const auto reference = run_paperd({"check", "--reference"});
    ASSERT_EQ(reference.exit_code, 0) << reference.err;
    support::write_file(dir.path("reference.yaml"), reference.out);
    const auto result = run_paperd({"check", "-c", dir.path("reference.yaml")});
    EXPECT_EQ(result.exit_code, 0) << result.err;
}

}  // namespace
}  // namespace paperd
