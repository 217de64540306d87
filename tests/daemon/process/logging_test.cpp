#include "daemon/process/logging.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <limits>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include <boost/json.hpp>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace paperd::daemon {
namespace {

class Logging : public testing::Test {
protected:
    ~Logging() override {
        EXPECT_FALSE(start_logging({}).has_error());  // back to stderr
        std::filesystem::remove(path_);
    }

    void start(config::LogFormat format, const std::string& level = "info") {
        const auto started = start_logging({.level = level, .format = format, .file = path_});
        ASSERT_FALSE(started.has_error()) << started.error().text;
    }

    [[nodiscard]] std::vector<std::string> lines() const {
        std::ifstream file(path_);
        std::vector<std::string> lines;
        for (std::string line; std::getline(file, line);) {
            lines.push_back(line);
        }
        return lines;
    }

    std::string path_ =
        testing::TempDir() + "paperd_logging_" + std::to_string(::getpid()) + ".log";
};

TEST_F(Logging, WritesTextWithUtcTimeLevelEventAndValues) {
    start(config::LogFormat::text);
    log_info("slice_committed", {{"slice", 12},
                                 {"symbol", "AAPL"},
                                 {"note", "two words"},
                                 {"seconds", 0.25},
                                 {"in_sample", false},
                                 {"empty", ""}});
    const auto written = lines();
    ASSERT_EQ(written.size(), 1U);
    const std::regex shape(
        R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info    slice_committed slice=12 symbol=AAPL )"
        R"(note="two words" seconds=0\.25 in_sample=false empty="")");
    EXPECT_TRUE(std::regex_match(written[0], shape)) << written[0];
}

TEST_F(Logging, WritesOneValidJsonObjectALine) {
    start(config::LogFormat::json);
    const std::string hostile = "quote \" backslash \\ line\nbreak \x01 \xFF {} {0} %v";
    log_warn("feed_gap", {{"symbol", hostile},
                          {"missing", 3},
                          {"decision", std::uint64_t{7}},
                          {"age_s", std::numeric_limits<double>::quiet_NaN()}});
    log_error("commit_failed", {});
    const auto written = lines();
    ASSERT_EQ(written.size(), 2U);
    boost::system::error_code error;
    const auto first = boost::json::parse(written[0], error);
    ASSERT_FALSE(error) << written[0];
    EXPECT_EQ(first.at("level").as_string(), "warning");
    EXPECT_EQ(first.at("event").as_string(), "feed_gap");
    EXPECT_EQ(first.at("symbol").as_string(),
              "quote \" backslash \\ line\nbreak \x01 \xEF\xBF\xBD {} {0} %v");
    EXPECT_EQ(first.at("missing").as_int64(), 3);
    EXPECT_EQ(first.at("decision").as_int64(), 7);
    EXPECT_TRUE(first.at("age_s").is_null());
    const std::string time(first.at("ts").as_string());
    EXPECT_TRUE(std::regex_match(time, std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)")))
        << time;
    const auto second = boost::json::parse(written[1], error);
    ASSERT_FALSE(error) << written[1];
    EXPECT_EQ(second.at("level").as_string(), "error");
}

// Before the first slice there is no market time; then every line has it, and a line that knows
// better says its own.
TEST_F(Logging, SaysTheMarketsTimeBesideTheWalls) {
    set_market_time({});
    start(config::LogFormat::json);
    log_info("before");
    set_market_time(*parse_timestamp("2019-12-23T14:31:00Z"));
    log_info("after");
    log_info("fill", {{"at", "2019-12-23T14:30:00Z"}, {"symbol", "SPY"}});
    start(config::LogFormat::text);
    log_info("after", {{"slice", 2}});
    set_market_time({});
    const auto written = lines();
    ASSERT_EQ(written.size(), 4U);
    EXPECT_TRUE(written[0].ends_with(R"("level":"info","event":"before"})")) << written[0];
    EXPECT_TRUE(written[1].ends_with(R"("event":"after","at":"2019-12-23T14:31:00Z"})"))
        << written[1];
    EXPECT_TRUE(
        written[2].ends_with(R"("event":"fill","at":"2019-12-23T14:30:00Z","symbol":"SPY"})"))
        << written[2];
    EXPECT_TRUE(written[3].ends_with("info    after at=2019-12-23T14:31:00Z slice=2"))
        << written[3];
}

TEST_F(Logging, KeepsALineOneLineInText) {
    start(config::LogFormat::text);
    log_info("note", {{"text", "two\nlines"}});
    const auto written = lines();
    ASSERT_EQ(written.size(), 1U);
    EXPECT_TRUE(written[0].ends_with(R"(note text="two\nlines")")) << written[0];
}

TEST_F(Logging, LeavesOutWhatIsBelowTheLevel) {
    start(config::LogFormat::text, "warning");
    log_debug("a");
    log_info("b");
    log_warn("c");
    log_error("d");
    EXPECT_EQ(lines().size(), 2U);
}

TEST_F(Logging, NeverWritesTheValueOfASecret) {
    for (const auto format : {config::LogFormat::text, config::LogFormat::json}) {
        start(format);
        log_info("started",
                 {{"token", "s3cr3t"}, {"api_key", "s3cr3t"}, {"ws_password", "s3cr3t"}});
    }
    const auto written = lines();
    ASSERT_EQ(written.size(), 2U);
    for (const std::string& line : written) {
        EXPECT_EQ(line.find("s3cr3t"), std::string::npos) << line;
    }
}

TEST_F(Logging, AppendsToAFileThatExists) {
    start(config::LogFormat::text);
    log_info("first");
    start(config::LogFormat::text);
    log_info("second");
    EXPECT_EQ(lines().size(), 2U);
}

TEST_F(Logging, RefusesAnUnknownLevelWithTheKnownOnes) {
    const auto started = start_logging({.level = "loud", .file = path_});
    ASSERT_TRUE(started.has_error());
    EXPECT_NE(started.error().text.find("trace, debug, info, warning or error"), std::string::npos);
    EXPECT_EQ(started.error().kind, ErrorKind::usage);
}

TEST_F(Logging, SaysWhichFileCannotBeOpened) {
    const std::string under_a_file = path_ + "/x.log";
    std::ofstream(path_) << "a file, not a directory\n";
    const auto started = start_logging({.file = under_a_file});
    ASSERT_TRUE(started.has_error());
    EXPECT_NE(started.error().text.find(under_a_file), std::string::npos) << started.error().text;
}

// stderr as a pipe, until the end of its life.
class StderrPipe {
public:
    StderrPipe() : before_(::dup(STDERR_FILENO)) {
        EXPECT_EQ(::pipe(ends_.data()), 0);
        ::dup2(ends_[1], STDERR_FILENO);
        ::close(ends_[1]);
    }

    StderrPipe(const StderrPipe&) = delete;
    StderrPipe& operator=(const StderrPipe&) = delete;

    ~StderrPipe() {
        ::dup2(before_, STDERR_FILENO);
        ::close(before_);
        close_reader();
    }

    void close_reader() {
        if (ends_[0] >= 0) {
            ::close(std::exchange(ends_[0], -1));
        }
    }

    void fill() const {
        const int flags = ::fcntl(STDERR_FILENO, F_GETFL);
        ::fcntl(STDERR_FILENO, F_SETFL, flags | O_NONBLOCK);
        const std::string page(4096, 'x');
        while (::write(STDERR_FILENO, page.data(), page.size()) > 0) {
        }
        ::fcntl(STDERR_FILENO, F_SETFL, flags);
    }

    [[nodiscard]] std::string read() const {
        std::string text(1 << 20, '\0');
        const ssize_t got = ::read(ends_[0], text.data(), text.size());
        text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        return text;
    }

private:
    int before_;
    std::array<int, 2> ends_{};
};

TEST_F(Logging, APipeThatClosesCostsLinesAndNothingElse) {
    ASSERT_FALSE(start_logging({}).has_error());
    const std::int64_t before = log_lines_dropped();
    StderrPipe pipe;
    pipe.close_reader();
    log_info("unheard");
    log_info("unheard");
    EXPECT_EQ(log_lines_dropped(), before + 2);
}

TEST_F(Logging, APipeThatNobodyEmptiesHoldsNobodyUpAndTheNextReaderHearsOfIt) {
    ASSERT_FALSE(start_logging({}).has_error());
    (void)log_lines_dropped();
    const StderrPipe pipe;
    log_info("heard");  // and with it what earlier tests lost
    EXPECT_NE(pipe.read().find("heard"), std::string::npos);
    const std::int64_t before = log_lines_dropped();
    pipe.fill();
    log_info("unheard");
    log_info("unheard");
    EXPECT_EQ(log_lines_dropped(), before + 2);
    (void)pipe.read();
    log_info("heard_again");
    const std::string text = pipe.read();
    EXPECT_NE(text.find("heard_again\n"), std::string::npos) << text;
    EXPECT_NE(text.find("warning log_lines_dropped lines=2\n"), std::string::npos) << text;
    EXPECT_EQ(log_lines_dropped(), before + 2);
}

}  // namespace
}  // namespace paperd::daemon
