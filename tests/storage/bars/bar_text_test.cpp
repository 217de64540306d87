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
    return parse_daily_bars(*text_in_memory(text), "X.csv", new_york(), options);
}

Result<ReadBars> intraday(const std::string& text, const BarFileOptions& options = kStop,
                          const std::string& path = "X/2019-12-24.csv",
                          const Calendar& calendar = new_york(),
                          BarInterval interval = BarInterval::minute_1) {
    return parse_intraday_bars(*text_in_memory(text), path, interval, calendar, options);
}

Result<std::vector<PanelSymbol>> panel(const std::string& text,
                                       const BarFileOptions& options = kStop,
                                       const std::vector<std::string>& only = {}) {
    return parse_panel(*text_in_memory(text), "P.csv", new_york(), options, only);
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

TEST(BarText, CarriageReturnsMakeNoDifference) {
    const std::string plain = kDaily + kMonday + kTuesday;
    std::string dos;
    for (const char c : plain) {
        dos += c == '\n' ? std::string("\r\n") : std::string(1, c);
    }
    const auto expected = daily(plain);
    for (const std::string& text : {dos, dos.substr(0, dos.size() - 1)}) {
        const auto read = daily(text);
        ASSERT_TRUE(read.has_value()) << complaint(read);
        ASSERT_EQ(read->bars.size(), 2U);
        EXPECT_EQ(read->bars[1].bar, expected->bars[1].bar);
    }
}

// Wherever a file is cut, the cut is told, or nothing but whole rows is left.
TEST(BarText, ARowThatTheFileEndsInIsBadHoweverGoodItLooks) {
    const std::string text = kDaily + kMonday + "2019-12-24,10.5,12,10,11,10.75,4006500\n";
    const std::size_t second = (kDaily + kMonday).size();
    for (std::size_t length = second + 1; length < text.size(); ++length) {
        const auto cut = daily(text.substr(0, length));
        ASSERT_TRUE(cut.has_error()) << text.substr(0, length);
        ASSERT_NE(cut.error().text.find("X.csv:3: "), std::string::npos) << cut.error().text;
    }
    EXPECT_EQ(complaint(daily(text.substr(0, text.size() - 3))),
              "X.csv:3: the file ends without a newline, so its last field '40065' may be cut "
              "short; end the line if it is whole, else fetch the file again; correct the row, or "
              "set on_bad_row: quarantine");
    const auto aside = daily(text.substr(0, text.size() - 3), kQuarantine);
    ASSERT_TRUE(aside.has_value());
    EXPECT_EQ(aside->bars.size(), 1U);
    EXPECT_EQ(aside->bad_rows.size(), 1U);
    EXPECT_NE(complaint(panel(kPanel + "2019-12-23,10,11,9,10,5,AA")).find("last field 'AA' may"),
              std::string::npos);
    EXPECT_NE(complaint(intraday(kIntraday + "2019-12-24T14:30:00Z,10,11,9,10,5")).find("'5' may"),
              std::string::npos);
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

TEST(BarText, AWrongHeaderIsAnErrorThatSaysWhatIsExpected) {
    const std::string expected =
        ", expected 'date,open,high,low,close,adj_close,volume', that of daily bars; name and "
        "order the columns so";
    EXPECT_EQ(complaint(daily("Date,Open,High,Low,Close\n" + kMonday)),
              "X.csv:1: the header is 'Date,Open,High,Low,Close'" + expected);
    EXPECT_EQ(complaint(daily(kMonday + kTuesday)),
              "X.csv:1: the header is '2019-12-23,10,11,9,10.5,10.25,1000'" + expected);
    EXPECT_EQ(complaint(panel(kDaily + kMonday)),
              "P.csv:1: the header is 'date,open,high,low,close,adj_close,volume', that of daily "
              "bars, expected 'date,open,high,low,close,volume,Name', that of a panel; name a file "
              "of the kind that is needed");
    EXPECT_LT(complaint(daily(std::string(10'000, 'x') + "\n" + kMonday)).size(), 300U);
}

TEST(BarText, AnEncodingThatIsNotOursIsNamed) {
    EXPECT_EQ(complaint(daily("\xEF\xBB\xBF" + kDaily + kMonday)),
              "X.csv:1: the file begins with a byte order mark; save it as UTF-8 without one");
    for (const bool big_endian : {false, true}) {
        std::string wide;
        for (const char c : kDaily + kMonday) {
            wide += big_endian ? std::string({'\0', c}) : std::string({c, '\0'});
        }
        EXPECT_EQ(complaint(daily((big_endian ? "\xFE\xFF" : "\xFF\xFE") + wide)),
                  "X.csv:1: the file is UTF-16; bars are UTF-8: save the file so, or use iconv -f "
                  "UTF-16 -t UTF-8");
        EXPECT_NE(complaint(daily(wide)).find("as that of a UTF-16 file does"), std::string::npos);
    }
}

TEST(BarText, ControlCharactersOfAFileAreShownNotSent) {
    using namespace std::string_literals;
    EXPECT_EQ(about("2019-12-24,10.5\0,12,10,11,10.75,2000"s),
              line_3("open '10.5\\x00' is not a decimal number"));
    EXPECT_EQ(about("2019-12-24,10.5,\x1b[2J,10,11,10.75,2000"),
              line_3("high '\\x1b[2J' is not a decimal number"));
    EXPECT_EQ(about("2019-12-24,10.5,12,10,11,10.75,\x9b"),
              line_3("volume '\\x9b' is not a decimal number"));
    EXPECT_EQ(about("\x1b]0;x\a,10.5,12,10,11,10.75,2000"),
              line_3("'\\x1b]0;x\\x07' is not a date like 2019-12-23"));
    EXPECT_NE(complaint(intraday(kIntraday + "\x1b\0,1,1,1,1,1\n"s)).find("'\\x1b\\x00' is not"),
              std::string::npos);
    EXPECT_NE(complaint(daily("date\x1b[31m\n" + kMonday)).find("is 'date\\x1b[31m'"),
              std::string::npos);
    const std::string all = complaint(panel(kPanel + "2019-12-23,10,11,9,10,5,A\x1b[2J\n"));
    EXPECT_NE(all.find("'A\\x1b[2J' is no name of a symbol"), std::string::npos) << all;
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

TEST(BarText, AFileOfNothingButBadRowsIsNotReadToItsEnd) {
    std::string text = kDaily + kMonday;
    for (std::size_t i = 0; i < kBadRowsMax + 5; ++i) {
        text += "x\n";
    }
    for (const BarFileOptions& options : {kStop, kQuarantine}) {
        EXPECT_EQ(complaint(daily(text, options)),
                  "X.csv: has 10000 bad rows and perhaps more, beginning with\n"
                  "X.csv:3: 1 fields where the header has 7\n"
                  "fetch the file again, or correct it");
    }
    std::string panels = kPanel + "2019-12-23,10,11,9,10,5,A\n";
    for (std::size_t i = 0; i < kBadRowsMax; ++i) {
        panels += "2019-12-23,10,11,9,10,5,\n";
    }
    EXPECT_NE(complaint(panel(panels, kQuarantine)).find("10000 bad rows"), std::string::npos);
    panels.resize(panels.size() - 25);
    EXPECT_TRUE(panel(panels, kQuarantine).has_value());
}

TEST(BarText, APanelOfMoreSymbolsThanARunCanHoldIsRefused) {
    std::string text = kPanel;
    for (std::size_t i = 0; i <= kMaxSymbols; ++i) {
        text += "2019-12-23,10,11,9,10,5,S" + std::to_string(i) + "\n";
    }
    EXPECT_EQ(complaint(panel(text)),
              "P.csv: holds more than 65535 symbols, which a run cannot hold; name the ones to "
              "use");
    EXPECT_EQ(panel(text, kStop, {"S7", "S9"})->size(), 2U);
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
                             "2019-12-24T14:29:00Z,10,11,9,10,5\n"  // ends with it
                             "2019-12-24T14:30:00Z,10,11,9,10,5\n"
                             "2019-12-24T18:00:00Z,10,11,9,10,5\n"   // after it
                             "2019-12-25T04:30:00Z,10,11,9,10,5\n"   // past midnight UTC
                             "2019-12-25T14:30:00Z,10,11,9,10,5\n";  // another day of the venue
    const auto regular = intraday(text);
    ASSERT_TRUE(regular.has_value()) << complaint(regular);
    EXPECT_EQ(regular->bars.size(), 1U);
    EXPECT_EQ(regular->out_of_session, 5);
    const auto extended = intraday(text, {.extended_hours = true});
    ASSERT_TRUE(extended.has_value());
    ASSERT_EQ(extended->bars.size(), 5U);
    EXPECT_EQ(extended->out_of_session, 1);
    EXPECT_EQ(extended->bars.back().bar.closed_at, at("2019-12-25T04:31:00Z"));
    EXPECT_EQ(extended->bars.back().day, day("2019-12-24"));
}

TEST(BarText, ABarBeginsOnTheGridOfItsInterval) {
    const auto about_start = [](const std::string& time, BarInterval interval) {
        return complaint(
            intraday(kIntraday + "2019-12-24T14:30:00Z,10,11,9,10,5\n" + time + ",10,11,9,10,5\n",
                     kStop, "X/2019-12-24.csv", new_york(), interval));
    };
    EXPECT_EQ(about_start("2019-12-24T15:00:00Z", BarInterval::hour_1),
              "X/2019-12-24.csv:3: no bar of 1h begins at 2019-12-24T15:00:00Z; they are counted "
              "from the session's open at 2019-12-24T14:30:00Z; correct the row, or set "
              "on_bad_row: quarantine");
    EXPECT_EQ(about_start("2019-12-24T15:30:00Z", BarInterval::hour_1), "no error");
    EXPECT_NE(about_start("2019-12-24T14:36:00Z", BarInterval::minute_5).find("no bar of 5m"),
              std::string::npos);
    EXPECT_EQ(about_start("2019-12-24T14:35:00Z", BarInterval::minute_5), "no error");
    EXPECT_NE(about_start("2019-12-24T14:50:00Z", BarInterval::minute_15).find("no bar of 15m"),
              std::string::npos);
    EXPECT_NE(about_start("2019-12-24T14:30:30Z", BarInterval::minute_1).find("no bar of 1m"),
              std::string::npos);
}

TEST(BarText, HourBarsEndWithTheSession) {
    const auto read = intraday(kIntraday +
                                   "2019-12-24T13:30:00Z,10,11,9,10,5\n"  // before the open
                                   "2019-12-24T14:30:00Z,10,11,9,10,5\n"
                                   "2019-12-24T16:30:00Z,10,11,9,10,5\n"
                                   "2019-12-24T17:30:00Z,10,11,9,10,5\n"   // half an hour
                                   "2019-12-24T18:30:00Z,10,11,9,10,5\n",  // after the close
                               kStop, "X/2019-12-24.csv", new_york(), BarInterval::hour_1);
    ASSERT_TRUE(read.has_value()) << complaint(read);
    ASSERT_EQ(read->bars.size(), 3U);
    EXPECT_EQ(read->out_of_session, 2);
    EXPECT_EQ(read->bars[0].bar.closed_at, at("2019-12-24T15:30:00Z"));
    EXPECT_FALSE(read->bars[1].last_of_session);
    EXPECT_EQ(read->bars[2].bar.closed_at, at("2019-12-24T18:00:00Z"));
    EXPECT_TRUE(read->bars[2].last_of_session);
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

TEST(BarText, BarsOfADayThatAClosureClosedAreSetAsideAndCounted) {
    const Closure closures[] = {{.day = day("2019-12-24"), .closes = {}}};
    const Calendar calendar = *Calendar::make(CalendarKind::new_york, closures);
    const auto read = parse_daily_bars(*text_in_memory(kDaily + kMonday + kTuesday + kThursday),
                                       "X.csv", calendar, kStop);
    ASSERT_TRUE(read.has_value()) << complaint(read);
    EXPECT_EQ(read->bars.size(), 2U);
    EXPECT_EQ(read->out_of_session, 1);
    const auto minutes = intraday(kIntraday + "2019-12-24T14:30:00Z,10,11,9,10.5,7\n", kStop,
                                  "X/2019-12-24.csv", calendar);
    ASSERT_TRUE(minutes.has_value()) << complaint(minutes);
    EXPECT_TRUE(minutes->bars.empty());
    EXPECT_EQ(minutes->out_of_session, 1);
    EXPECT_NE(about("2019-12-25,10,11,9,10.5,10.25,1000").find("is no session"), std::string::npos)
        << "a day that was closed by rule is a mistake";
}

TEST(BarText, BarsAfterAnEarlyCloseByClosureAreSetAside) {
    const Closure closures[] = {{.day = day("2019-12-23"), .closes = std::chrono::hours{12}}};
    const Calendar calendar = *Calendar::make(CalendarKind::new_york, closures);
    const auto read = intraday(kIntraday +
                                   "2019-12-23T16:59:00Z,10,11,9,10.5,7\n"
                                   "2019-12-23T17:00:00Z,10,11,9,10.5,7\n",
                               kStop, "X/2019-12-23.csv", calendar);
    ASSERT_TRUE(read.has_value()) << complaint(read);
    ASSERT_EQ(read->bars.size(), 1U);
    EXPECT_TRUE(read->bars[0].last_of_session);
    EXPECT_EQ(read->out_of_session, 1);
}

}  // namespace
}  // namespace paperd::storage
