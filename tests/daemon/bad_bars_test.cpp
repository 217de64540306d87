// Bar files as they arrive from the world: each is refused with the line and the remedy.
#include <algorithm>
#include <filesystem>
#include <functional>
#include <random>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/daemon/said.h"
#include "tests/support/paths.h"

namespace paperd {
namespace {

using support::expect_said;
using support::ProcessResult;
using support::TempDir;

using Lines = std::vector<std::string>;  // the header is the first

Lines golden_lines() {
    Lines lines;
    const std::string text = support::read_file(support::golden_path("synthetic/SYNTH_A.csv"));
    for (std::size_t at = 0; at < text.size() && lines.size() < 100;) {
        const std::size_t end = text.find('\n', at);
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

std::string joined(const Lines& lines) {
    std::string text;
    for (const std::string& line : lines) {
        text += line + "\n";
    }
    return text;
}

// The line's field exchanged; fields: date,open,high,low,close,adj_close,volume.
std::string with_field(const std::string& line, int field, const std::string& value) {
    std::size_t at = 0;
    for (int i = 0; i < field; ++i) {
        at = line.find(',', at) + 1;
    }
    const std::size_t end = std::min(line.find(',', at), line.size());
    return line.substr(0, at) + value + line.substr(end);
}

constexpr const char* kCorrect = "; correct the row";
constexpr const char* kOrQuarantine = "; correct the row, or set on_bad_row: quarantine";

class BadBars : public testing::Test {
protected:
    [[nodiscard]] std::string path() const { return dir_.path("BARS.csv"); }

    [[nodiscard]] ProcessResult features() const {
        return support::run_paperd({"features", "--set", "attention", "--bars", path()});
    }

    [[nodiscard]] ProcessResult features_of(const std::string& text) const {
        support::write_file(path(), text);
        return features();
    }

    // The golden bars with line 50 changed.
    [[nodiscard]] ProcessResult features_with(int field, const std::string& value) const {
        Lines lines = golden_lines();
        lines[49] = with_field(lines[49], field, value);
        return features_of(joined(lines));
    }

private:
    TempDir dir_;
};

TEST_F(BadBars, GoodOnesAreAccepted) {
    const auto result = features_of(joined(golden_lines()));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(std::ranges::count(result.out, '\n'), 100);
}

TEST_F(BadBars, ATruncatedFileIsRefusedAtItsLastLine) {
    Lines lines = golden_lines();
    const std::string whole = joined(Lines(lines.begin(), lines.begin() + 60));
    const auto result = features_of(whole + lines[60].substr(0, 20));
    expect_said(result, 1, {path() + ":61:", "fields where the header has 7", kCorrect});
}

TEST_F(BadBars, AFileCutBeforeItsLastFieldIsRefused) {
    const Lines lines = golden_lines();
    const std::string& last = lines[60];
    const std::string cut =
        joined(Lines(lines.begin(), lines.begin() + 60)) + last.substr(0, last.rfind(',') + 1);
    expect_said(features_of(cut), 1, {path() + ":61:", "ends without a newline", kCorrect});
}

TEST_F(BadBars, AFileCutInsideItsLastNumberIsRefused) {
    const std::string whole = joined(golden_lines());
    for (const std::size_t missing : {1U, 2U, 3U}) {
        const auto result = features_of(whole.substr(0, whole.size() - missing));
        expect_said(result, 1, {path() + ":100:", "ends without a newline", kCorrect});
    }
}

TEST_F(BadBars, ControlCharactersAreShownAndNotSentToTheTerminal) {
    const auto result = features_with(4, std::string("1\x1b[2J\0", 6));
    expect_said(result, 1, {path() + ":50:", "close '1\\x1b[2J\\x00'", kCorrect});
    EXPECT_EQ(result.err.find('\x1b'), std::string::npos);
    EXPECT_EQ(result.err.find('\0'), std::string::npos);
}

TEST_F(BadBars, Utf16IsNamed) {
    std::string wide = "\xFF\xFE";
    for (const char c : joined(golden_lines())) {
        wide += {c, '\0'};
    }
    expect_said(features_of(wide), 1, {path() + ":1:", "the file is UTF-16", "iconv"});
}

TEST_F(BadBars, AHeaderThatDoesNotFitSaysWhatIsExpected) {
    Lines lines = golden_lines();
    lines[0] = "Date,Open,High,Low,Close,Adj Close,Volume";
    expect_said(features_of(joined(lines)), 1,
                {path() + ":1:", "the header is 'Date,Open,High,Low,Close,Adj Close,Volume'",
                 "expected 'date,open,high,low,close,adj_close,volume' (daily bars)"});
}

// Opened, it would wait for a writer.
TEST_F(BadBars, AFifoOrADeviceForAFileIsRefused) {
    ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
    expect_said(features(), 1, {path() + ":", "is a FIFO", "into a file first"});
    const auto zero =
        support::run_paperd({"features", "--set", "attention", "--bars", "/dev/zero"});
    expect_said(zero, 1, {"/dev/zero:", "is a device", "into a file first"});
}

TEST_F(BadBars, AShuffledFileIsRefused) {
    Lines lines = golden_lines();
    std::mt19937 random(3);
    std::shuffle(lines.begin() + 1, lines.end(), random);
    const auto result = features_of(joined(lines));
    expect_said(result, 1, {path() + ":", "dates must ascend", kCorrect});
    // Many bad rows do not bury the screen.
    EXPECT_NE(result.err.find("more bad rows"), std::string::npos) << result.err;
    EXPECT_LT(std::ranges::count(result.err, '\n'), 30);
}

TEST_F(BadBars, HighBelowLowIsRefused) {
    // No word of a config where none is read.
    EXPECT_EQ(features_with(2, "1.5").err.find("on_bad_row"), std::string::npos);
    expect_said(features_with(2, "1.5"), 1, {path() + ":50:", "high 1.5 is below low", kCorrect});
}

TEST_F(BadBars, ACloseOutsideTheRangeIsRefused) {
    expect_said(features_with(4, "2.25"), 1, {path() + ":50:", "close 2.25", kCorrect});
}

TEST_F(BadBars, ANegativeVolumeIsRefused) {
    expect_said(features_with(6, "-5"), 1, {path() + ":50:", "volume -5 is negative", kCorrect});
}

TEST_F(BadBars, ADuplicateDateIsRefused) {
    Lines lines = golden_lines();
    lines.insert(lines.begin() + 50, lines[49]);
    expect_said(features_of(joined(lines)), 1, {path() + ":51:", "is there twice", kCorrect});
}

TEST_F(BadBars, ABackwardDateIsRefused) {
    Lines lines = golden_lines();
    std::swap(lines[49], lines[50]);
    expect_said(features_of(joined(lines)), 1, {path() + ":51:", "dates must ascend", kCorrect});
}

TEST_F(BadBars, ADateThatDoesNotExistIsRefused) {
    expect_said(features_with(0, "2018-02-30"), 1, {path() + ":50:", "2018-02-30", kCorrect});
}

TEST_F(BadBars, NaNIsRefused) {
    for (const std::string nan : {"nan", "NaN", "inf", "", " "}) {
        SCOPED_TRACE("'" + nan + "'");
        expect_said(features_with(4, nan), 1, {path() + ":50:", "close", kCorrect});
    }
}

TEST_F(BadBars, AnAbsurdPriceIsRefused) {
    for (const std::string price : {"9e300", "2000000000", "0", "-3"}) {
        SCOPED_TRACE(price);
        expect_said(features_with(2, price), 1, {path() + ":50:", "high", kCorrect});
    }
}

TEST_F(BadBars, AnEmptyFileIsRefused) {
    expect_said(features_of(""), 1,
                {path() + ":", "the file is empty", "a bar file begins with 'date,open,high"});
}

TEST_F(BadBars, AHeaderAloneIsRefused) {
    expect_said(features_of(golden_lines()[0] + "\n"), 1,
                {path() + ":", "has a header", "fetch the file again"});
}

TEST_F(BadBars, ADirectoryForAFileIsRefused) {
    std::filesystem::create_directory(path());
    expect_said(features(), 1, {path() + ":", "is a directory", "name a file in it"});
}

TEST_F(BadBars, AMissingFileIsRefused) {
    expect_said(features(), 1, {path() + ":", "cannot be opened", "check the path"});
}

TEST_F(BadBars, AReplayStopsAtABadRowOrSetsItAsideAsConfigured) {
    const TempDir dir;
    Lines lines = golden_lines();
    lines[49] = with_field(lines[49], 2, "1.5");
    support::write_file(dir.path("bars/ONE.csv"), joined(lines));
    const std::string job =
        "market:\n  symbols: [ONE]\n  interval: 1d\n  calendar: always_open\n  feed: files\n"
        "  bars: " +
        dir.path("bars") +
        "\n  warmup_bars: 0\n"
        "strategy:\n  kind: buy_and_hold\n"
        "server:\n  enabled: false\n";
    support::write_file(dir.path("stop.yaml"), job);
    const auto stopped =
        support::run_paperd({"replay", "-c", dir.path("stop.yaml"), "--db", dir.path("stop.db")});
    expect_said(stopped, 1,
                {dir.path("bars/ONE.csv") + ":50:", "high 1.5 is below low", kOrQuarantine});

    support::write_file(dir.path("on.yaml"), support::exchanged(job, "  warmup_bars: 0\n",
                                                                "  warmup_bars: 0\n"
                                                                "  on_bad_row: quarantine\n"));
    const auto went_on =
        support::run_paperd({"replay", "-c", dir.path("on.yaml"), "--db", dir.path("on.db")});
    EXPECT_EQ(went_on.exit_code, 0) << went_on.err;
    const auto equity =
        support::run_paperd({"equity", "--db", dir.path("on.db"), "--format", "csv"});
    // A header and a row for each of 99 bars but the one set aside.
    EXPECT_EQ(std::ranges::count(equity.out, '\n'), 99) << equity.out;
}

TEST_F(BadBars, APriceThatTakesTheAccountBeyondMoneyEndsTheReplayWithASentence) {
    const TempDir dir;
    Lines lines = golden_lines();
    for (std::size_t i = 50; i < lines.size(); ++i) {
        for (const int field : {1, 2, 3, 4, 5}) {
            lines[i] = with_field(lines[i], field, "900000000");
        }
    }
    support::write_file(dir.path("bars/ONE.csv"), joined(lines));
    support::write_file(dir.path("job.yaml"),
                        "market:\n  symbols: [ONE]\n  interval: 1d\n  calendar: always_open\n"
                        "  feed: files\n  bars: bars\n  warmup_bars: 0\n"
                        "strategy:\n  kind: buy_and_hold\n"
                        "server:\n  enabled: false\n");
    const auto replayed =
        support::run_paperd({"replay", "-c", dir.path("job.yaml"), "--db", dir.path("a.db")});
    expect_said(replayed, 1,
                {"slice 50 (", "ONE at a high of 900000000 could take the account to",
                 "correct the bar, or trade with less cash"});
    // What came before is stored, and holds.
    const auto verified = support::run_paperd({"verify", "--db", dir.path("a.db"), "--replay"});
    EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
}

}  // namespace
}  // namespace paperd
