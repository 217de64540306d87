#include "daemon/api/metrics.h"

#include <limits>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/daemon/api/example_status.h"

namespace paperd::daemon {
namespace {

// Reads the text format strictly: each family has HELP, then TYPE, once, with its samples right
// after; names and labels are well formed; no sample twice. Returns the samples.
std::map<std::string, std::string> parse_metrics(const std::string& text) {
    const std::regex help(R"(# HELP ([a-z_]+) \S.*\.)");
    const std::regex type(R"(# TYPE ([a-z_]+) (gauge|counter|summary))");
    const std::regex sample(
        R"re(([a-z_]+)(\{[a-z]+="(?:[^"\\]|\\["\\n])*"(?:,[a-z]+="(?:[^"\\]|\\["\\n])*")*\})? )re"
        R"re((-?[0-9.]+(?:e[+-][0-9]+)?|NaN|[+-]Inf))re");
    std::map<std::string, std::string> samples;
    std::set<std::string> families;
    std::string family;
    std::string kind;
    std::istringstream lines(text);
    EXPECT_TRUE(text.ends_with("\n"));
    for (std::string line; std::getline(lines, line);) {
        std::smatch match;
        if (std::regex_match(line, match, help)) {
            family = match[1];
            kind.clear();
            EXPECT_TRUE(families.insert(family).second) << line;
        } else if (std::regex_match(line, match, type)) {
            EXPECT_EQ(match[1], family) << line;
            EXPECT_TRUE(kind.empty()) << line;
            kind = match[2];
            EXPECT_EQ(kind == "counter", family.ends_with("_total")) << line;
        } else if (std::regex_match(line, match, sample)) {
            const std::string name = match[1];
            EXPECT_TRUE(name == family || (kind == "summary" &&
                                           (name == family + "_sum" || name == family + "_count")))
                << line;
            EXPECT_FALSE(kind.empty()) << line;
            EXPECT_TRUE(name.starts_with("paperd_")) << line;
            EXPECT_TRUE(samples.emplace(name + match[2].str(), match[3]).second) << line;
        } else {
            ADD_FAILURE() << "not a line of the format: " << line;
        }
    }
    return samples;
}

TEST(Metrics, AreWellFormedAndHoldTheNumbers) {
    const auto samples = parse_metrics(metrics_text(example_status()));
    EXPECT_EQ(samples.at("paperd_build_info{version=\"1.2.3\"}"), "1");
    EXPECT_EQ(samples.at("paperd_ready"), "1");
    EXPECT_EQ(samples.at("paperd_uptime_seconds"), "3723");
    EXPECT_EQ(samples.at("paperd_resident_memory_bytes"), "314572800");
    EXPECT_EQ(samples.at("paperd_slices_total"), "1234");
    EXPECT_EQ(samples.at("paperd_last_slice_timestamp_seconds"), "1577134740");
    EXPECT_EQ(samples.at("paperd_data_age_seconds"), "4.25");
    EXPECT_EQ(samples.at("paperd_incidents_total"), "9");
    EXPECT_EQ(samples.at("paperd_errors_total"), "3");
    EXPECT_EQ(samples.at("paperd_paused"), "1");
    EXPECT_EQ(samples.at("paperd_log_lines_dropped_total"), "5");
    EXPECT_EQ(samples.at("paperd_trading_state{state=\"active\"}"), "0");
    EXPECT_EQ(samples.at("paperd_trading_state{state=\"halted\"}"), "1");
    EXPECT_EQ(samples.at("paperd_equity{currency=\"USD\"}"), "1234567.12345678");
    EXPECT_EQ(samples.at("paperd_cash{currency=\"USD\"}"), "-1000.5");
    EXPECT_EQ(samples.at("paperd_drawdown_ratio"), "-0.125");
    EXPECT_EQ(samples.at("paperd_position_quantity{symbol=\"AAPL\"}"), "10");
    EXPECT_EQ(samples.at("paperd_position_quantity{symbol=\"X\\\\Y\"}"), "-3");
    EXPECT_EQ(samples.at("paperd_model_age_seconds"), "30844800");
    EXPECT_EQ(samples.at("paperd_model_expired"), "1");
    EXPECT_EQ(samples.at("paperd_commit_duration_seconds{quantile=\"0.99\"}"), "0.0031");
    EXPECT_EQ(samples.at("paperd_commit_duration_seconds_count"), "1234");
}

TEST(Metrics, LeaveOutWhatIsNotKnownYet) {
    const auto samples = parse_metrics(metrics_text(Status{}));
    for (const char* name : {"paperd_last_slice_timestamp_seconds", "paperd_model_age_seconds",
                             "paperd_commit_duration_seconds_count"}) {
        EXPECT_EQ(samples.count(name), 0U) << name;
    }
    EXPECT_EQ(samples.at("paperd_ready"), "0");
}

TEST(Metrics, EscapeLabelsAndKeepOddNumbersReadable) {
    Status status = example_status();
    status.title = "back\\slash \"quote\"\nline";
    status.drawdown = std::numeric_limits<double>::quiet_NaN();
    const auto samples = parse_metrics(metrics_text(status));
    EXPECT_EQ(samples.at(R"(paperd_run_info{title="back\\slash \"quote\"\nline",mode="run"})"),
              "1");
    EXPECT_EQ(samples.at("paperd_drawdown_ratio"), "NaN");
}

}  // namespace
}  // namespace paperd::daemon
