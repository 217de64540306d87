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

constexpr const char* kCommands[] = {
    "run",    "replay",    "train",   "features", "predict", "trades", "orders", "positions",
    "equity", "decisions", "explain", "verify",   "ctl",     "check",  "doctor", "version"};

TEST(Commands, EveryHelpExplainsItsOptionsWithAnExample) {
    for (const std::string name : kCommands) {
        SCOPED_TRACE(name);
        const auto help = run_paperd({name, "--help"});
        EXPECT_EQ(help.exit_code, 0) << help.err;
        EXPECT_EQ(help.err, "");
        EXPECT_NE(help.out.find("Usage: paperd " + name), std::string::npos) << help.out;
        EXPECT_NE(help.out.find("Example:\n  paperd " + name), std::string::npos) << help.out;
    }
}

TEST(Commands, TheHelpListsExactlyTheseCommands) {
    const auto help = run_paperd({"--help"});
    EXPECT_EQ(help.exit_code, 0);
    const auto begin = help.out.find("Subcommands:");
    ASSERT_NE(begin, std::string::npos);
    const std::string list = help.out.substr(begin);
    std::vector<std::string> listed;
    const std::regex name_at_line_begin("\n  ([a-z]+) ");
    for (std::sregex_iterator i(list.begin(), list.end(), name_at_line_begin), end; i != end; ++i) {
        listed.push_back((*i)[1]);
    }
    EXPECT_EQ(listed, std::vector<std::string>(std::begin(kCommands), std::end(kCommands)));
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
        EXPECT_NE(result.out.find(": good"), std::string::npos) << result.out;
        ++checked;
    }
    EXPECT_GE(checked, 10);
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
