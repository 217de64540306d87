// Files as vendors give them, small and made by hand in their forms: each read, each refused.
#include "storage/bars/dump_text.h"

#include <gtest/gtest.h>

#include "storage/bars/dump_names.h"
#include "storage/bars/history.h"
#include "tests/storage/bars/scratch.h"

namespace paperd::storage {
namespace {

constexpr BarFileOptions kQuarantine{.on_bad_row = OnBadRow::quarantine};

using Dumps = Scratch;

std::string bar_text(const ReadBar& read) {
    const Bar& bar = read.bar;
    return day_text(read.day) + " " + timestamp_text(bar.closed_at) + " " + bar.open.text() + " " +
           bar.high.text() + " " + bar.low.text() + " " + bar.close.text() + " " +
           bar.adj_close.text() + " " + std::to_string(std::llround(bar.volume));
}

std::vector<std::string> texts(const Result<ReadBars>& read) {
    EXPECT_TRUE(read.has_value()) << complaint(read);
    std::vector<std::string> made;
    if (read.has_value()) {
        for (const ReadBar& bar : read->bars) {
            made.push_back(bar_text(bar));
        }
    }
    return made;
}

using Lines = std::vector<std::string>;

// A float's digits are rounded half to even at eight decimals: 74.0599975585|9375 up.
TEST_F(Dumps, YahooInTheOrdersItHasHad) {
    const Lines expected = {"2020-01-02 2020-01-02T21:00:00Z 74.05999756 75.15 73.8 75.09 72.5 10",
                            "2020-01-03 2020-01-03T21:00:00Z 74 75 73 74.5 72 20"};
    const std::string old_order = write("a.csv",
                                        "Date,Open,High,Low,Close,Adj Close,Volume\n"
                                        "2020-01-02,74.05999755859375,75.15,73.8,75.09,72.5,10\n"
                                        "2020-01-03,74,75,73,74.5,72,20\n");
    const std::string new_order = write("b.csv",
                                        "Date,Adj Close,Close,High,Low,Open,Volume\n"
                                        "2020-01-02,72.5,75.09,75.15,73.8,74.05999755859375,10\n"
                                        "2020-01-03,72,74.5,75,73,74,20\n");
    for (const std::string& file : {old_order, new_order}) {
        const auto read = read_daily_bars(file, new_york(), {});
        EXPECT_EQ(texts(read), expected);
        EXPECT_EQ(read->form, "Yahoo (prices split-adjusted, dividends from its adjusted close)");
    }
    EXPECT_EQ(texts(read_daily_bars(write("c.csv",
                                          "Date,Open,High,Low,Close,Volume,Dividends,Stock Splits\n"
                                          "2020-01-02 00:00:00-05:00,74,75,73,74.5,20,0.0,0.0\n"),
                                    new_york(), {})),
              (Lines{"2020-01-02 2020-01-02T21:00:00Z 74 75 73 74.5 74.5 20"}));
}

TEST_F(Dumps, YahooRowsWithoutNumbersAreBadRows) {
    const std::string file = write("a.csv",
                                   "Date,Open,High,Low,Close,Adj Close,Volume\n"
                                   "2020-01-02,null,null,null,null,null,null\n"
                                   "2020-01-03,74,75,73,74.5,72,20\n");
    EXPECT_EQ(complaint(read_daily_bars(file, new_york(), {})),
              file +
                  ":2: open 'null' is not a decimal number; correct the row, or set "
                  "on_bad_row: quarantine");
    const auto read = read_daily_bars(file, new_york(), kQuarantine);
    EXPECT_EQ(texts(read).size(), 1U);
    EXPECT_EQ(read->bad_rows.size(), 1U);
}

TEST_F(Dumps, StooqFromItsPageAndFromItsArchive) {
    const Lines expected = {"2020-01-02 2020-01-02T21:00:00Z 74 75 73 74.5 74.5 20"};
    EXPECT_EQ(texts(read_daily_bars(write("aapl_us_d.csv",
                                          "Date,Open,High,Low,Close,Volume\n"
                                          "2020-01-02,74,75,73,74.5,20\n"),
                                    new_york(), {})),
              expected);
    const std::string header =
        "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\r\n";
    const auto archive = read_daily_bars(
        write("aapl.us.txt", header + "AAPL.US,D,20200102,000000,74,75,73,74.5,20,0\r\n"),
        new_york(), {});
    EXPECT_EQ(texts(archive), expected);
    const std::string minutes =
        write("five.us.txt", header + "AAPL.US,5,20200102,153000,74,75,73,74.5,20,0\r\n");
    EXPECT_EQ(complaint(read_daily_bars(minutes, new_york(), {})),
              minutes +
                  ":2: the period is '5'; of Stooq, daily bars are read ('D'); correct the "
                  "row, or set on_bad_row: quarantine");
}

// Newest first. AAPL split 4:1 on 2020-08-31: the row before has its prices / 4 and its volume x 4,
// while the adjusted close counts the split already. 499.24 / 4 = 124.81.
TEST_F(Dumps, AlphaVantageNewestFirstWithItsSplitsTakenOut) {
    const std::string header =
        "timestamp,open,high,low,close,adjusted_close,volume,dividend_amount,split_coefficient\n";
    const auto read = read_daily_bars(
        write("daily_adjusted_AAPL.csv",
              header + "2020-08-31,127.58,131,126,129.04,126.5,225,0.0000,4.0000\n"
                       "2020-08-28,504.04,505.76,498.32,499.24,122.4,46,0.0000,1.0000\n"),
        new_york(), {});
    EXPECT_EQ(texts(read),
              (Lines{"2020-08-28 2020-08-28T20:00:00Z 126.01 126.44 124.58 124.81 122.4 184",
                     "2020-08-31 2020-08-31T20:00:00Z 127.58 131 126 129.04 126.5 225"}));
    const std::string absurd = write("absurd.csv", header +
                                                       "2020-08-31,1,1,1,1,1,1,0,1000000000\n"
                                                       "2020-08-28,1,1,1,1,1,1,0,1\n");
    EXPECT_EQ(complaint(read_daily_bars(absurd, new_york(), {})),
              absurd +
                  ":3: its prices are beyond what a price can be once the splits behind it "
                  "are taken out; correct the row, or set on_bad_row: quarantine");
}

// Its intraday header is ours; its times are New York's, and ours have a 'T'. 9:30 in winter is
// 14:30 UTC, in summer 13:30; 8:00 is before the session.
TEST_F(Dumps, AlphaVantageMinutesInNewYorksTime) {
    const std::string header = "timestamp,open,high,low,close,volume\n";
    const auto read = read_intraday_bars(
        write("intraday_1min_IBM.csv", header + "2020-07-01 09:31:00,2,2,2,2,20\n"
                                                "2020-07-01 09:30:00,1,1,1,1,10\n"
                                                "2020-07-01 08:00:00,1,1,1,1,10\n"
                                                "2020-01-02 15:59:00,3,3,3,3,30\n"),
        BarInterval::minute_1, new_york(), {});
    EXPECT_EQ(texts(read), (Lines{"2020-01-02 2020-01-02T21:00:00Z 3 3 3 3 3 30",
                                  "2020-07-01 2020-07-01T13:31:00Z 1 1 1 1 1 10",
                                  "2020-07-01 2020-07-01T13:32:00Z 2 2 2 2 2 20"}));
    EXPECT_EQ(read->out_of_session, 1);
    EXPECT_TRUE(read->bars[0].last_of_session);
    EXPECT_EQ(texts(read_daily_bars(write("daily_IBM.csv", header + "2020-01-02,1,2,1,2,5\n"),
                                    new_york(), {})),
              (Lines{"2020-01-02 2020-01-02T21:00:00Z 1 2 1 2 2 5"}));
}

// 1709683200 is 2024-03-06T00:00:00Z; from 2025 on Binance counts microseconds.
TEST_F(Dumps, BinanceInMillisecondsOrMicrosecondsWithAHeaderOrWithout) {
    const std::string rest = ",1,2,0.5,1.5,10.25,1709683259999,15,3,5,7,0\n";
    const std::string header =
        "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,"
        "taker_buy_quote_volume,ignore\n";
    for (const std::string& text :
         {"1709683200000" + rest, header + "1709683200000" + rest, "1709683200000000" + rest}) {
        const auto read = read_intraday_bars(write("BTCUSDT-1m-2024-03-06.csv", text),
                                             BarInterval::minute_1, always_open(), {});
        EXPECT_EQ(texts(read), (Lines{"2024-03-06 2024-03-06T00:01:00Z 1 2 0.5 1.5 1.5 10"}));
        EXPECT_EQ(read->form, "Binance (prices as traded, UTC)");
    }
    const std::string off = write("BTCUSDT-1m-2024-03-07.csv", "1709683201000" + rest);
    EXPECT_NE(complaint(read_intraday_bars(off, BarInterval::minute_1, always_open(), {}))
                  .find(off + ":1: no bar of 1m begins at 2024-03-06T00:00:01Z"),
              std::string::npos);
    EXPECT_NE(complaint(read_daily_bars(off, always_open(), {}))
                  .find("no UTC midnight: is this a file of intraday bars?"),
              std::string::npos);
}

TEST_F(Dumps, KrakenInSecondsWithoutAHeader) {
    const std::string rows =
        "1709683200,1,2,0.5,1.5,10,3\n"
        "1709769600,1.5,3,1,2,20,4\n";
    EXPECT_EQ(texts(read_daily_bars(write("XBTUSD_1440.csv", rows), always_open(), {})),
              (Lines{"2024-03-06 2024-03-07T00:00:00Z 1 2 0.5 1.5 1.5 10",
                     "2024-03-07 2024-03-08T00:00:00Z 1.5 3 1 2 2 20"}));
    const std::string torn = write("XBTUSD_1.csv", "1709683200,1,2,0.5,1.5,10,3\n1709683260,1,2\n");
    EXPECT_EQ(complaint(read_intraday_bars(torn, BarInterval::minute_1, always_open(), {})),
              torn +
                  ":2: fewer fields than the 7 of Kraken; correct the row, or set on_bad_row: "
                  "quarantine");
}

TEST_F(Dumps, RowsThatDoNotAllAscendOrDescendAreBadRows) {
    const std::string file = write("a.csv",
                                   "Date,Open,High,Low,Close,Volume\n"
                                   "2020-01-02,1,1,1,1,1\n"
                                   "2020-01-06,1,1,1,1,1\n"
                                   "2020-01-03,1,1,1,1,1\n"
                                   "2020-01-06,1,1,1,1,1\n"
                                   "2020-01-04,1,1,1,1,1\n"
                                   "2020-01-07,1,1,1,1,1");
    const auto read = read_daily_bars(file, new_york(), kQuarantine);
    ASSERT_TRUE(read.has_value()) << complaint(read);
    EXPECT_EQ(read->bars.size(), 2U);
    ASSERT_EQ(read->bad_rows.size(), 4U);
    EXPECT_EQ(read->bad_rows[0].text,
              file + ":6: 2020-01-04 is no session of the venue's calendar; set aside");
    EXPECT_NE(read->bad_rows[1].text.find(":7: the file ends without a newline"),
              std::string::npos);
    EXPECT_NE(read->bad_rows[2].text.find(":4: 2020-01-03T00:00:00Z is out of order"),
              std::string::npos);
    EXPECT_NE(read->bad_rows[3].text.find(":5: 2020-01-06T00:00:00Z is there twice"),
              std::string::npos);
}

TEST_F(Dumps, ParquetIsRefusedWithWhatToDo) {
    const std::string file = write("a.parquet", "PAR1\x15\x04");
    for (const std::string& text : {complaint(read_daily_bars(file, new_york(), {})),
                                    complaint(read_panel(file, new_york(), {}))}) {
        EXPECT_NE(text.find(file + ":1: the file is Parquet, which is not read; write it as CSV"),
                  std::string::npos)
            << text;
    }
}

TEST_F(Dumps, NamesTellSymbolAndInterval) {
    using I = BarInterval;
    for (const auto& [name, symbol, interval] :
         {std::tuple{"BTCUSDT-1m-2024-03-06.csv", "BTCUSDT", I::minute_1},
          {"BTCUSDT-1d-2024-03.csv", "BTCUSDT", I::day_1},
          {"XBTUSD_1.csv", "XBTUSD", I::minute_1},
          {"XBTUSD_1440.csv", "XBTUSD", I::day_1},
          {"aapl_us_d.csv", "AAPL", I::day_1},
          {"brk-b.us.txt", "BRK-B", I::day_1},
          {"daily_AAPL.csv", "AAPL", I::day_1},
          {"daily_adjusted_AAPL.csv", "AAPL", I::day_1},
          {"intraday_5min_IBM.csv", "IBM", I::minute_5}}) {
        EXPECT_EQ(dump_name(name), (DumpName{symbol, interval})) << name;
    }
    for (const char* name : {"SPY.csv", "SYNTH_A.csv", "A-B.csv", "2020-01-02.csv", "X_7.csv",
                             "BTCUSDT-3m-2024-03.csv", "notes.txt", "_1.csv", ".us.txt"}) {
        EXPECT_FALSE(dump_name(name).has_value()) << name;
    }
}

TEST_F(Dumps, AHistoryFindsThemBySymbolAndSaysWhoseTheyAre) {
    const std::string row = ",1,2,0.5,1.5,10,0,15,3,5,7,0\n";
    (void)write("bars/BTCUSDT-1m-2024-03-05.csv", "1709596800000" + row);
    (void)write("bars/BTCUSDT-1m-2024-03-06.csv", "1709683200000" + row);
    (void)write("bars/BTCUSDT-1d-2024-03.csv", "1709596800000" + row + "1709683200000" + row);
    HistoryRequest request{.path = path("bars"), .interval = BarInterval::minute_1};
    request.from = request.to = day("2024-03-06");
    request.warmup_days = 1;
    const auto minutes = read_history(request, always_open());
    ASSERT_TRUE(minutes.has_value()) << complaint(minutes);
    EXPECT_EQ(minutes->symbols, Universe{"BTCUSDT"});
    ASSERT_EQ(minutes->slices.size(), 2U);
    EXPECT_TRUE(minutes->slices[0].warmup);
    EXPECT_FALSE(minutes->slices[1].warmup);
    EXPECT_EQ(minutes->slices[1].open_for, Nanoseconds{0});
    EXPECT_EQ(minutes->foreign,
              Lines{"BTCUSDT-1m-2024-03-05.csv and 1 more are of Binance (prices as traded, "
                    "UTC)"});
    request.interval = BarInterval::day_1;
    const auto days = read_history(request, always_open());
    ASSERT_TRUE(days.has_value()) << complaint(days);
    ASSERT_EQ(days->slices.size(), 1U);
    EXPECT_EQ(days->slices[0].open_for, std::chrono::hours{24});
}

}  // namespace
}  // namespace paperd::storage
