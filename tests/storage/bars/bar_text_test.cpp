// What each broken row and file is answered with. The rows are of 2019-12: the 25th is a holiday.
#include "storage/bars/bar_text.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/storage/bars/scratch.h"

namespace paperd::storage {
namespace {

const std::string kDaily = "date,open,high,low,close,adj_close,volume\n";
const std::string kIntraday = "timestamp,open,high,low,close,volume\n";
const std::string kPanel = "date,open,high,low,close,volume,Name\n";
const std::string kMonday = "2019-12-23,10,11,9,10.5,10.25,1000\n";
const std::string kTuesday = "2019-12-24,10.5,12,10,11,10.75,2000\n";
const std::string kThursday = "2019-12-26,11,12,10,11.5,11.25,0\n";
constexpr BarFileOptions kStop;
constexpr BarFileOptions kQuarantine{.on_bad_row = OnBadRow::quarantine};

Result<ReadBars> daily(const std::string& text, const BarFileOptions& options = kStop) {
    return parse_daily_bars(text, "X.csv", new_york(), options);
}

Result<ReadBars> intraday(const std::string& text, const BarFileOptions& options = kStop,
                          const std::string& path = "X/2019-12-24.csv",
                          const Calendar& calendar = new_york()) {
    return parse_intraday_bars(text, path, std::chrono::minutes{1}, calendar, options);
}

Result<std::vector<PanelSymbol>> panel(const std::string& text,
                                       const BarFileOptions& options = kStop,
                                       const std::vector<std::string>& only = {}) {
    return parse_panel(text, "P.csv", new_york(), options, only);
}

// The complaint about a daily file whose third line is `row`.
std::string about(const std::string& row) {
    return complaint(daily(kDaily + kMonday + row + "\n" + kThursday));
}

std::string line_3(const std::string& fault) {
    return "X.csv:3: " + fault + "; correct the row, or set on_bad_row: quarantine";
}

TEST(BarText, DailyRowsBecomeBarsThatCloseWithTheSession) {
    const auto read = daily(kDaily + kMonday + kTuesday);
    ASSERT_TRUE(read.has_value()) << complaint(read);
    ASSERT_EQ(read->bars.size(), 2U);
    const ReadBar& tuesday = read->bars[1];
    EXPECT_EQ(tuesday.day, day("2019-12-24"));
    EXPECT_EQ(tuesday.bar.closed_at, at("2019-12-24T18:00:00Z")) << "an early close";
    EXPECT_TRUE(tuesday.last_of_session);
    EXPECT_EQ(tuesday.bar.open.text(), "10.5");
    EXPECT_EQ(tuesday.bar.high.text(), "12");
    EXPECT_EQ(tuesday.bar.low.text(), "10");
    EXPECT_EQ(tuesday.bar.close.text(), "11");
    EXPECT_EQ(tuesday.bar.adj_close.text(), "10.75");
    EXPECT_EQ(tuesday.bar.volume, 2000);
    EXPECT_FALSE(tuesday.bar.synthetic);
    EXPECT_EQ(read->bars[0].bar.closed_at, at("2019-12-23T21:00:00Z"));
}

TEST(BarText, AFlatBarWithoutVolumeIsABar) {
    const auto read = daily(kDaily + "2019-12-23,10,10,10,10,10,0\n");
    ASSERT_TRUE(read.has_value()) << complaint(read);
    EXPECT_EQ(read->bars.size(), 1U);
}

TEST(BarText, CarriageReturnsAndAMissingLastNewlineMakeNoDifference) {
    const std::string plain = kDaily + kMonday + kTuesday;
    std::string dos;
    for (const char c : plain) {
        dos += c == '\n' ? std::string("\r\n") : std::string(1, c);
    }
    const auto expected = daily(plain);
    for (const std::string& text :
         {dos, dos.substr(0, dos.size() - 2), plain.substr(0, plain.size() - 1)}) {
        const auto read = daily(text);
        ASSERT_TRUE(read.has_value()) << complaint(read);
        ASSERT_EQ(read->bars.size(), 2U);
        EXPECT_EQ(read->bars[1].bar, expected->bars[1].bar);
    }
}

TEST(BarText, AnEmptyFileIsAnError) {
    EXPECT_EQ(complaint(daily("")),
              "X.csv: the file is empty; a bar file begins with "
              "'date,open,high,low,close,adj_close,volume'");
}

TEST(BarText, AHeaderAloneIsAnError) {
    const std::string expected =
        "X.csv: has a header (42 bytes) but no bars; fetch the file again or remove it";
    EXPECT_EQ(complaint(daily(kDaily)), expected);
    EXPECT_NE(complaint(intraday(kIntraday)).find("but no bars"), std::string::npos);
    EXPECT_NE(complaint(panel(kPanel)).find("but no bars"), std::string::npos);
}

TEST(BarText, AWrongHeaderIsAnError) {
    EXPECT_EQ(complaint(daily("Date,Open,High,Low,Close\n" + kMonday)),
              "X.csv:1: the header is 'Date,Open,High,Low,Close', expected "
              "'date,open,high,low,close,adj_close,volume'");
    EXPECT_NE(complaint(daily(kMonday + kTuesday)).find(":1: the header is"), std::string::npos);
    EXPECT_NE(
        complaint(panel(kDaily + kMonday)).find("expected 'date,open,high,low,close,volume,N"),
        std::string::npos);
    EXPECT_NE(complaint(daily("\xEF\xBB\xBF" + kDaily + kMonday)).find("byte order mark"),
              std::string::npos);
    EXPECT_LT(complaint(daily(std::string(10'000, 'x') + "\n" + kMonday)).size(), 300U);
}

TEST(BarText, ATruncatedRowIsBad) {
    EXPECT_EQ(about("2019-12-24,10.5,12,10"), line_3("4 fields where the header has 7"));
    EXPECT_EQ(about("2019-12-24,10.5,12,10,11,10.75,2000,x"),
              line_3("more fields than the 7 of the header"));
    EXPECT_EQ(about(""), line_3("the line is blank"));
}

TEST(BarText, ABlankFieldIsBad) {
    EXPECT_EQ(about("2019-12-24,,12,10,11,10.75,2000"), line_3("open is blank"));
    EXPECT_EQ(about("2019-12-24,10.5,12,10,11,,2000"), line_3("adj_close is blank"));
    EXPECT_EQ(about("2019-12-24,10.5,12,10,11,10.75,"), line_3("volume is blank"));
    EXPECT_EQ(about(",10.5,12,10,11,10.75,2000"), line_3("date is blank"));
}

TEST(BarText, PricesThatContradictEachOtherAreBad) {
    EXPECT_EQ(about("2019-12-24,10.5,9,10,9.5,10.75,2000"), line_3("high 9 is below low 10"));
    EXPECT_EQ(about("2019-12-24,13,12,10,11,10.75,2000"),
              line_3("open 13 lies outside low 10 and high 12"));
    EXPECT_EQ(about("2019-12-24,10.5,12,10,9.99,10.75,2000"),
              line_3("close 9.99 lies outside low 10 and high 12"));
}

TEST(BarText, NoNumberAndAbsurdNumbersAreBad) {
    EXPECT_EQ(about("2019-12-24,NaN,12,10,11,10.75,2000"),
              line_3("open 'NaN' is not a decimal number"));
    EXPECT_EQ(about("2019-12-24,10.5,2000000000,10,11,10.75,2000"),
              line_3("high 2000000000 is not a price: the limit is 1000000000"));
    EXPECT_EQ(about("2019-12-24,10.5,12,0,11,10.75,2000"),
              line_3("low 0 is not a price: it must be above 0"));
    EXPECT_EQ(about("2019-12-24,10.5,12,10,11,-1,2000"),
              line_3("adj_close -1 is not a price: it must be above 0"));
    EXPECT_EQ(about("2019-12-24,10.5,12,10,11,10.75,-2000"), line_3("volume -2000 is negative"));
}

TEST(BarText, TheAdjustedCloseMayLieAnywhereAboveZero) {
    EXPECT_TRUE(daily(kDaily + "2019-12-23,10,11,9,10,0.01,5\n").has_value());
    EXPECT_TRUE(daily(kDaily + "2019-12-23,10,11,9,10,400,5\n").has_value());
}

TEST(BarText, DatesThatAreNoneOrNoSessionAreBad) {
    EXPECT_EQ(about("2019-12-32,10.5,12,10,11,10.75,2000"),
              line_3("'2019-12-32' is not a date like 2019-12-23"));
    EXPECT_EQ(about("2019-12-25,10.5,12,10,11,10.75,2000"),
              line_3("2019-12-25 is no session of the venue's calendar"));
    EXPECT_EQ(about("2051-12-25,10.5,12,10,11,10.75,2000"),
              line_3("2051-12-25 is no session of the venue's calendar"));
}

TEST(BarText, RepeatedAndBackwardDatesAreBad) {
    EXPECT_EQ(about("2019-12-23,10.5,12,10,11,10.75,2000"),
              line_3("the date 2019-12-23 is there twice"));
    EXPECT_EQ(about("2019-12-20,10.5,12,10,11,10.75,2000"),
              line_3("2019-12-20 comes after 2019-12-23; dates must ascend"));
}

TEST(BarText, ShuffledRowsAreBadWhereverTheyFall) {
    std::vector<std::string> rows;
    for (Day d = day("2019-01-02"); d < day("2019-03-01"); d = new_york().next_session(d)->day) {
        rows.push_back(day_text(d) + ",10,11,9,10,10,5\n");
    }
    for (unsigned seed = 1; seed <= 20; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::vector<std::string> shuffled = rows;
        std::ranges::shuffle(shuffled, std::mt19937(seed));
        std::string text = kDaily;
        std::size_t rising = 0;  // rows above all rows before them: the ones that are good
        std::string highest;
        for (const std::string& row : shuffled) {
            text += row;
            rising += row > highest ? 1U : 0U;
            highest = std::max(highest, row);
        }
        ASSERT_LT(rising, rows.size());
        EXPECT_NE(complaint(daily(text)).find("dates must ascend"), std::string::npos);
        const auto kept = daily(text, kQuarantine);
        ASSERT_TRUE(kept.has_value());
        EXPECT_EQ(kept->bars.size(), rising);
        EXPECT_EQ(kept->bad_rows.size(), rows.size() - rising);
        EXPECT_TRUE(std::ranges::is_sorted(kept->bars, {}, &ReadBar::day));
    }
}

TEST(BarText, AllBadRowsOfAFileAreShownAtOnceUpToALimit) {
    EXPECT_EQ(complaint(daily(kDaily + "x\n" + kMonday + "y\n")),
              "X.csv:2: 1 fields where the header has 7; correct the row, or set on_bad_row: "
              "quarantine\n"
              "X.csv:4: 1 fields where the header has 7; correct the row, or set on_bad_row: "
              "quarantine");
    std::string text = kDaily;
    for (int i = 0; i < 1'000; ++i) {
        text += "x\n";
    }
    const std::string all = complaint(daily(text));
    EXPECT_EQ(std::ranges::count(all, '\n'), 20);
    EXPECT_TRUE(all.ends_with("X.csv: and 980 more bad rows"));
}

TEST(BarText, QuarantineSetsBadRowsAsideAndKeepsTheRest) {
    const auto read =
        daily(kDaily + kMonday + "2019-12-24,,12,10,11,10.75,2000\n" + kThursday, kQuarantine);
    ASSERT_TRUE(read.has_value()) << complaint(read);
    ASSERT_EQ(read->bars.size(), 2U);
    EXPECT_EQ(read->bars[1].day, day("2019-12-26"));
    ASSERT_EQ(read->bad_rows.size(), 1U);
    EXPECT_EQ(read->bad_rows[0].text, "X.csv:3: open is blank; set aside");
}

TEST(BarText, IntradayBarsCloseAnIntervalAfterTheirTimestamp) {
    const auto read = intraday(kIntraday +
                               "2019-12-24T14:30:00Z,10,11,9,10,5\n"
                               "2019-12-24T17:58:00Z,10,11,9,10,5\n"
                               "2019-12-24T17:59:00Z,10,11,9,10.5,0\n");
    ASSERT_TRUE(read.has_value()) << complaint(read);
    ASSERT_EQ(read->bars.size(), 3U);
    EXPECT_EQ(read->bars[0].bar.closed_at, at("2019-12-24T14:31:00Z"));
    EXPECT_EQ(read->bars[0].day, day("2019-12-24"));
    EXPECT_FALSE(read->bars[1].last_of_session);
    EXPECT_TRUE(read->bars[2].last_of_session);
    EXPECT_EQ(read->bars[2].bar.adj_close, read->bars[2].bar.close);
    EXPECT_EQ(read->out_of_session, 0);
}

TEST(BarText, BarsOutsideTheSessionAreSetAsideUnlessExtendedHours) {
    const std::string text = kIntraday +
                             "2019-12-24T13:00:00Z,10,11,9,10,5\n"  // before the open
                             "2019-12-24T14:29:30Z,10,11,9,10,5\n"  // begins before it
                             "2019-12-24T14:30:30Z,10,11,9,10,5\n"
                             "2019-12-24T17:59:30Z,10,11,9,10,5\n"   // ends after the early close
                             "2019-12-24T18:00:00Z,10,11,9,10,5\n"   // after it
                             "2019-12-25T04:30:00Z,10,11,9,10,5\n"   // past midnight UTC
                             "2019-12-25T14:30:00Z,10,11,9,10,5\n";  // another day of the venue
    const auto regular = intraday(text);
    ASSERT_TRUE(regular.has_value()) << complaint(regular);
    EXPECT_EQ(regular->bars.size(), 1U);
    EXPECT_EQ(regular->out_of_session, 6);
    const auto extended = intraday(text, {.extended_hours = true});
    ASSERT_TRUE(extended.has_value());
    ASSERT_EQ(extended->bars.size(), 6U);
    EXPECT_EQ(extended->out_of_session, 1);
    EXPECT_EQ(extended->bars.back().bar.closed_at, at("2019-12-25T04:31:00Z"));
    EXPECT_EQ(extended->bars.back().day, day("2019-12-24"));
}

TEST(BarText, AnIntradayFileOfAClosedDayHasOnlyBarsOutsideTheSession) {
    const std::string text = kIntraday + "2019-12-25T15:00:00Z,10,11,9,10,5\n";
    const auto read = intraday(text, kStop, "X/2019-12-25.csv");
    ASSERT_TRUE(read.has_value()) << complaint(read);
    EXPECT_TRUE(read->bars.empty());
    EXPECT_EQ(read->out_of_session, 1);
}

TEST(BarText, A24HourVenuesDayIsTheUtcDay) {
    const std::string text = kIntraday +
                             "2019-12-25T00:00:00Z,10,11,9,10,5\n"
                             "2019-12-25T23:59:00Z,10,11,9,10,5\n"
                             "2019-12-26T00:00:00Z,10,11,9,10,5\n";
    const auto read = intraday(text, kStop, "X/2019-12-25.csv", always_open());
    ASSERT_TRUE(read.has_value()) << complaint(read);
    ASSERT_EQ(read->bars.size(), 2U);
    EXPECT_EQ(read->bars[1].bar.closed_at, at("2019-12-26T00:00:00Z"));
    EXPECT_TRUE(read->bars[1].last_of_session);
    EXPECT_EQ(read->out_of_session, 1);
}

TEST(BarText, RepeatedAndBackwardTimesAreBadAlsoOutsideTheSession) {
    const std::string first = kIntraday + "2019-12-24T13:00:00Z,10,11,9,10,5\n";
    EXPECT_EQ(complaint(intraday(first + "2019-12-24T13:00:00Z,10,11,9,10,5\n")),
              "X/2019-12-24.csv:3: the time 2019-12-24T13:00:00Z is there twice; correct the row, "
              "or set on_bad_row: quarantine");
    EXPECT_EQ(complaint(intraday(first + "2019-12-24T12:59:00Z,10,11,9,10,5\n")),
              "X/2019-12-24.csv:3: 2019-12-24T12:59:00Z comes after 2019-12-24T13:00:00Z; times "
              "must ascend; correct the row, or set on_bad_row: quarantine");
}

TEST(BarText, AnIntradayFileIsNamedByItsDay) {
    EXPECT_EQ(complaint(intraday(kIntraday + "x\n", kStop, "X/today.csv")),
              "X/today.csv: an intraday file is named by its day, like 2019-12-23.csv");
}

TEST(BarText, APanelIsSymbolsInBlocks) {
    const auto read = panel(kPanel +
                            "2019-12-23,10,11,9,10,5,B\n"
                            "2019-12-24,10,11,9,10.5,5,B\n"
                            "2019-12-23,20,21,19,20,5,A\n");
    ASSERT_TRUE(read.has_value()) << complaint(read);
    ASSERT_EQ(read->size(), 2U);
    EXPECT_EQ((*read)[0].name, "B") << "in the file's order";
    ASSERT_EQ((*read)[0].read.bars.size(), 2U);
    EXPECT_EQ((*read)[0].read.bars[1].bar.adj_close.text(), "10.5") << "there is no adjustment";
    EXPECT_EQ((*read)[1].name, "A");
    EXPECT_EQ((*read)[1].read.bars[0].bar.closed_at, at("2019-12-23T21:00:00Z"));
}

TEST(BarText, APanelsSymbolMayNotComeTwice) {
    const std::string text = kPanel +
                             "2019-12-23,10,11,9,10,5,B\n"
                             "2019-12-23,20,21,19,20,5,A\n"
                             "2019-12-24,10,11,9,10.5,5,B\n";
    EXPECT_EQ(complaint(panel(text)),
              "P.csv:4: the rows of B do not stand together; correct the row, or set on_bad_row: "
              "quarantine");
    const auto kept = panel(text, kQuarantine);
    ASSERT_TRUE(kept.has_value());
    ASSERT_EQ(kept->size(), 2U);
    EXPECT_EQ((*kept)[0].read.bars.size(), 1U);
}

TEST(BarText, APanelsBadRowsStayWithTheirSymbol) {
    const auto read = panel(kPanel +
                                "2019-12-23,10,11\n"
                                "2019-12-23,10,11,9,,5,B\n"
                                "2019-12-24,10,11,9,10.5,5,B\n"
                                "2019-12-23,20,21,19,20,5,\n"
                                "2019-12-23,20,21,19,22,5,A\n",
                            kQuarantine);
    ASSERT_TRUE(read.has_value()) << complaint(read);
    ASSERT_EQ(read->size(), 2U);
    const auto& b = (*read)[0].read.bad_rows;
    ASSERT_EQ(b.size(), 3U);
    EXPECT_EQ(b[0].text, "P.csv:2: 3 fields where the header has 7; set aside");
    EXPECT_EQ(b[1].text, "P.csv:3: B: close is blank; set aside");
    EXPECT_EQ(b[2].text, "P.csv:5: Name is blank; set aside");
    const auto& a = (*read)[1].read;
    EXPECT_TRUE(a.bars.empty());
    ASSERT_EQ(a.bad_rows.size(), 1U);
    EXPECT_EQ(a.bad_rows[0].text,
              "P.csv:6: A: close 22 lies outside low 19 and high 21; set aside");
}

TEST(BarText, OfAPanelOnlyTheSymbolsAskedForAreRead) {
    const std::string text = kPanel +
                             "2019-12-23,10,11,9,10,5,A\n"
                             "2019-12-23,bad,11,9,10,5,B\n"
                             "2019-12-23,10,11,9,10,5,C\n";
    const auto read = panel(text, kStop, {"C", "A", "D"});
    ASSERT_TRUE(read.has_value()) << complaint(read);
    ASSERT_EQ(read->size(), 2U);
    EXPECT_EQ((*read)[0].name, "A");
    EXPECT_EQ((*read)[1].name, "C");
    EXPECT_TRUE(panel(text, kStop, {"B"}).has_error());
}

TEST(BarText, APanelInWhichNoRowNamesASymbolIsAnError) {
    EXPECT_NE(complaint(panel(kPanel + "x\ny\n", kQuarantine)).find("P.csv:2: "),
              std::string::npos);
}

// Whatever one byte of a file turns into, the readers answer with bars in order or with an error.
TEST(BarText, AnyChangedByteGivesSoundBarsOrAnError) {
    const std::string good = kDaily + kMonday + kTuesday + kThursday;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937_64 random(seed);
        for (int i = 0; i < 2'000; ++i) {
            std::string text = good;
            text[random() % text.size()] = static_cast<char>(random() % 256);
            const auto read = daily(text, kQuarantine);
            if (read.has_error()) {
                continue;
            }
            for (const ReadBar& row : read->bars) {
                ASSERT_LE(row.bar.low, std::min(row.bar.open, row.bar.close)) << text;
                ASSERT_GE(row.bar.high, std::max(row.bar.open, row.bar.close)) << text;
                ASSERT_GT(row.bar.low, Price()) << text;
                ASSERT_GE(row.bar.volume, 0) << text;
            }
            ASSERT_TRUE(std::ranges::is_sorted(read->bars, {}, &ReadBar::day)) << text;
            ASSERT_GE(read->bars.size() + read->bad_rows.size(), 2U) << text;
        }
    }
}

}  // namespace
}  // namespace paperd::storage
