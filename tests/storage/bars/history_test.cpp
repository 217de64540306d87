#include "storage/bars/history.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/storage/bars/scratch.h"
#include "tests/support/paths.h"

namespace paperd::storage {
namespace {

using Names = std::vector<std::string>;
using ReadHistory = Scratch;

const std::string kDaily = "date,open,high,low,close,adj_close,volume\n";
const std::string kIntraday = "timestamp,open,high,low,close,volume\n";

// A daily file of the sessions in [first, last].
std::string daily_file(std::string_view first, std::string_view last) {
    std::string text = kDaily;
    for (Day d = day(first); d <= day(last); d += std::chrono::days{1}) {
        if (new_york().is_session(d)) {
            text += day_text(d) + ",10,11,9,10,10,5\n";
        }
    }
    return text;
}

// An intraday file of two bars: the session's first and last of an ordinary winter's day.
std::string minute_file(const std::string& date) {
    return kIntraday + date + "T14:30:00Z,10,11,9,10,5\n" + date + "T20:59:00Z,10,11,9,10,5\n";
}

std::size_t warmup_count(const History& history) {
    return static_cast<std::size_t>(
        std::ranges::count_if(history.slices, [](const Slice& slice) { return slice.warmup; }));
}

TEST_F(ReadHistory, WithoutSymbolsIsEverySymbolInNameOrder) {
    for (const char* name : {"B", "C", "A"}) {
        ASSERT_FALSE(
            write(name + std::string(".csv"), daily_file("2019-12-16", "2019-12-20")).empty());
    }
    const auto history = read_history({.path = path()}, new_york());
    ASSERT_TRUE(history.has_value()) << complaint(history);
    EXPECT_EQ(history->symbols, (Names{"A", "B", "C"}));
    EXPECT_EQ(history->slices.size(), 5U);
    EXPECT_EQ(history->slices[0].bars.size(), 3U);
    EXPECT_TRUE(history->missing.empty());
}

TEST_F(ReadHistory, KeepsTheOrderThatTheSymbolsWereAskedIn) {
    ASSERT_FALSE(write("A.csv", daily_file("2019-12-16", "2019-12-20")).empty());
    ASSERT_FALSE(write("B.csv", daily_file("2019-12-18", "2019-12-20")).empty());
    const auto history = read_history({.path = path(), .symbols = {"B", "X", "A"}}, new_york());
    ASSERT_TRUE(history.has_value()) << complaint(history);
    EXPECT_EQ(history->symbols, (Names{"B", "X", "A"}));
    EXPECT_EQ(history->missing, (Names{"X"}));
    EXPECT_EQ(history->slices[0].bars.size(), 1U);
    EXPECT_EQ(history->slices[0].bars[0].symbol, symbol_id(2));
    EXPECT_EQ(history->slices[2].bars.size(), 2U);
    EXPECT_EQ(history->slices[2].bars[0].symbol, symbol_id(0));
}

TEST_F(ReadHistory, CutsTheSpanAndWarmsUpBeforeIt) {
    ASSERT_FALSE(write("A.csv", daily_file("2019-12-02", "2019-12-31")).empty());
    const HistoryRequest request{
        .path = path(), .from = day("2019-12-16"), .to = day("2019-12-18"), .warmup_bars = 4};
    const auto history = read_history(request, new_york());
    ASSERT_TRUE(history.has_value()) << complaint(history);
    ASSERT_EQ(history->slices.size(), 7U);
    EXPECT_EQ(history->slices.front().day, day("2019-12-10"));
    EXPECT_EQ(history->slices.back().day, day("2019-12-18"));
    EXPECT_EQ(warmup_count(*history), 4U);
    EXPECT_TRUE(history->slices[3].warmup);
    EXPECT_FALSE(history->slices[4].warmup);
}

TEST_F(ReadHistory, WithLessHistoryWarmsUpWithWhatThereIs) {
    ASSERT_FALSE(write("A.csv", daily_file("2019-12-12", "2019-12-31")).empty());
    const auto history =
        read_history({.path = path(), .from = day("2019-12-16"), .warmup_bars = 504}, new_york());
    ASSERT_TRUE(history.has_value()) << complaint(history);
    EXPECT_EQ(warmup_count(*history), 2U);
}

TEST_F(ReadHistory, LeavesOutWhatHasNoBarInTheSpanUnlessAskedFor) {
    ASSERT_FALSE(write("A.csv", daily_file("2019-12-02", "2019-12-31")).empty());
    ASSERT_FALSE(write("OLD.csv", daily_file("2019-12-02", "2019-12-13")).empty());
    ASSERT_FALSE(write("YOUNG.csv", daily_file("2019-12-30", "2019-12-31")).empty());
    HistoryRequest request{
        .path = path(), .from = day("2019-12-16"), .to = day("2019-12-18"), .warmup_bars = 4};
    const auto found = read_history(request, new_york());
    ASSERT_TRUE(found.has_value()) << complaint(found);
    EXPECT_EQ(found->symbols, (Names{"A"}));
    EXPECT_TRUE(found->missing.empty());
    request.symbols = {"A", "OLD", "YOUNG"};
    const auto asked = read_history(request, new_york());
    ASSERT_TRUE(asked.has_value()) << complaint(asked);
    EXPECT_EQ(asked->symbols, (Names{"A", "OLD", "YOUNG"}));
    EXPECT_EQ(asked->missing, (Names{"OLD", "YOUNG"}));
    EXPECT_EQ(asked->slices.front().bars.size(), 2U) << "it still warms up";
}

TEST_F(ReadHistory, OfOneSymbolAmongManyWithoutBarsIsNoError) {
    ASSERT_FALSE(write("A.csv", daily_file("2019-12-16", "2019-12-18")).empty());
    ASSERT_FALSE(write("B.csv", daily_file("2019-12-02", "2019-12-13")).empty());
    const auto history = read_history({.path = path(), .from = day("2019-12-16")}, new_york());
    ASSERT_TRUE(history.has_value()) << complaint(history);
    EXPECT_EQ(history->symbols, (Names{"A"}));
}

TEST_F(ReadHistory, WithoutAnyBarSaysWhatTheFilesHave) {
    ASSERT_FALSE(write("A.csv", daily_file("2019-12-16", "2019-12-18")).empty());
    ASSERT_FALSE(write("B.csv", daily_file("2019-12-02", "2019-12-13")).empty());
    HistoryRequest request{.path = path(), .from = day("2020-01-02"), .to = day("2020-01-03")};
    const std::string spans =
        "; the files have A 2019-12-16 to 2019-12-18, B 2019-12-02 to 2019-12-13";
    EXPECT_EQ(complaint(read_history(request, new_york())),
              path() + ": no bars from 2020-01-02 to 2020-01-03" + spans);
    request.symbols = {"A", "B", "C"};
    EXPECT_EQ(complaint(read_history(request, new_york())),
              path() + ": no bars from 2020-01-02 to 2020-01-03" + spans);
    request.symbols = {"C"};
    EXPECT_EQ(complaint(read_history(request, new_york())),
              path() +
                  ": no bars from 2020-01-02 to 2020-01-03, and no bar file of the symbols "
                  "asked for; check the path, the interval and the symbols");
}

TEST_F(ReadHistory, ShowsTheErrorsOfAllFilesAtOnce) {
    ASSERT_FALSE(write("A.csv", "wrong\n").empty());
    ASSERT_FALSE(write("B.csv", daily_file("2019-12-16", "2019-12-18")).empty());
    ASSERT_FALSE(write("C.csv", kDaily + "2019-12-16,bad,11,9,10,10,5\n").empty());
    const std::string all = complaint(read_history({.path = path()}, new_york()));
    EXPECT_NE(all.find("A.csv:1: the header is 'wrong'"), std::string::npos) << all;
    EXPECT_NE(all.find("C.csv:2: open 'bad' is not a decimal number"), std::string::npos) << all;
    EXPECT_EQ(all.find("B.csv"), std::string::npos) << all;
}

TEST_F(ReadHistory, GathersTheBadRowsOfAllFiles) {
    ASSERT_FALSE(write("A.csv", daily_file("2019-12-16", "2019-12-18") + "x\n").empty());
    ASSERT_FALSE(write("B.csv", daily_file("2019-12-16", "2019-12-18") + "y\n").empty());
    const auto history =
        read_history({.path = path(), .options = {.on_bad_row = OnBadRow::quarantine}}, new_york());
    ASSERT_TRUE(history.has_value()) << complaint(history);
    ASSERT_EQ(history->bad_rows.size(), 2U);
    EXPECT_NE(history->bad_rows[1].text.find("B.csv:5: "), std::string::npos);
    EXPECT_EQ(history->slices.size(), 3U);
}

TEST_F(ReadHistory, RefusesARequestThatMakesNoSense) {
    const auto kind = [&](const HistoryRequest& request) {
        const auto history = read_history(request, new_york());
        EXPECT_TRUE(history.has_error());
        return history.has_error() ? history.error().kind : ErrorKind::difference;
    };
    EXPECT_EQ(kind({.path = path("none")}), ErrorKind::usage);
    EXPECT_EQ(kind({.path = path(), .symbols = {"A", "B", "A"}}), ErrorKind::usage);
    EXPECT_EQ(kind({.path = path(), .from = day("2020-01-02"), .to = day("2020-01-01")}),
              ErrorKind::usage);
    EXPECT_EQ(kind({.path = write("P.csv", "x"), .interval = BarInterval::minute_1}),
              ErrorKind::usage);
}

TEST_F(ReadHistory, OfAPanelIsItsSymbolsInNameOrder) {
    const std::string file = write("P.csv",
                                   "date,open,high,low,close,volume,Name\n"
                                   "2019-12-23,10,11,9,10,5,B\n"
                                   "2019-12-24,10,11,9,10,5,B\n"
                                   "2019-12-24,10,11,9,10,5,A\n");
    const auto all = read_history({.path = file}, new_york());
    ASSERT_TRUE(all.has_value()) << complaint(all);
    EXPECT_EQ(all->symbols, (Names{"A", "B"}));
    ASSERT_EQ(all->slices.size(), 2U);
    EXPECT_EQ(all->slices[0].bars[0].symbol, symbol_id(1));
    EXPECT_TRUE(all->slices[0].last_of_session);
    const auto some = read_history({.path = file, .symbols = {"X", "B"}}, new_york());
    ASSERT_TRUE(some.has_value()) << complaint(some);
    EXPECT_EQ(some->symbols, (Names{"X", "B"}));
    EXPECT_EQ(some->missing, (Names{"X"}));
    EXPECT_EQ(some->slices.size(), 2U);
}

TEST_F(ReadHistory, OfMinutesWarmsUpWithTheLastFilesOfTheWeekBefore) {
    for (const char* date :
         {"2019-12-02", "2019-12-09", "2019-12-10", "2019-12-11", "2019-12-16"}) {
        ASSERT_FALSE(write("A/" + std::string(date) + ".csv", minute_file(date)).empty());
    }
    for (const char* date : {"2019-12-12", "2019-12-16", "2019-12-17"}) {
        ASSERT_FALSE(write("B/" + std::string(date) + ".csv", minute_file(date)).empty());
    }
    HistoryRequest request{.path = path(),
                           .interval = BarInterval::minute_1,
                           .from = day("2019-12-16"),
                           .to = day("2019-12-16"),
                           .warmup_days = 3};
    const auto days_of = [&] {
        const auto history = read_history(request, new_york());
        EXPECT_TRUE(history.has_value()) << complaint(history);
        std::set<std::string> days;
        for (const Slice& slice : history->slices) {
            days.insert(day_text(slice.day) + (slice.warmup ? " warm" : ""));
        }
        return Names(days.begin(), days.end());
    };
    EXPECT_EQ(days_of(),
              (Names{"2019-12-10 warm", "2019-12-11 warm", "2019-12-12 warm", "2019-12-16"}));
    request.warmup_days = 5;  // the 2nd lies more than seven days back
    EXPECT_EQ(days_of(), (Names{"2019-12-09 warm", "2019-12-10 warm", "2019-12-11 warm",
                                "2019-12-12 warm", "2019-12-16"}));
    request.warmup_days = 0;
    EXPECT_EQ(days_of(), (Names{"2019-12-16"}));
    request.symbols = {"A"};
    request.warmup_days = 1;
    EXPECT_EQ(days_of(), (Names{"2019-12-11 warm", "2019-12-16"}));
}

TEST_F(ReadHistory, OfMinutesIsTheSymbolsWithAFileInTheSpan) {
    ASSERT_FALSE(write("A/2019-12-16.csv", minute_file("2019-12-16")).empty());
    ASSERT_FALSE(write("B/2019-12-17.csv", minute_file("2019-12-17")).empty());
    ASSERT_FALSE(write("C/2019-12-16.csv", "wrong").empty());
    HistoryRequest request{
        .path = path(), .interval = BarInterval::minute_1, .from = day("2019-12-17")};
    const auto found = read_history(request, new_york());
    ASSERT_TRUE(found.has_value()) << complaint(found);
    EXPECT_EQ(found->symbols, (Names{"B"})) << "files outside the span are not opened";
    ASSERT_EQ(found->slices.size(), 2U);
    EXPECT_FALSE(found->slices[0].last_of_session);
    EXPECT_TRUE(found->slices[1].last_of_session);
    request.to = day("2019-12-20");
    request.symbols = {"A"};
    EXPECT_EQ(complaint(read_history(request, new_york())),
              path() +
                  ": no bars from 2019-12-17 to 2019-12-20; the files have A 2019-12-16 to "
                  "2019-12-16");
}

TEST_F(ReadHistory, BarsAreAsLongAsWasAskedFor) {
    const auto file = [](const std::string& date) {
        std::string text = kIntraday;
        for (const char* time : {"14:30", "15:30", "16:30", "17:30", "18:30", "19:30", "20:30"}) {
            text += date + "T" + time + ":00Z,10,11,9,10,5\n";
        }
        return text;
    };
    for (const char* date : {"2019-12-13", "2019-12-16"}) {
        ASSERT_FALSE(write("A/" + std::string(date) + ".csv", file(date)).empty());
    }
    HistoryRequest request{.path = path(),
                           .interval = BarInterval::hour_1,
                           .from = day("2019-12-16"),
                           .warmup_days = 5};
    const auto hours = read_history(request, new_york());
    ASSERT_TRUE(hours.has_value()) << complaint(hours);
    ASSERT_EQ(hours->slices.size(), 14U);
    EXPECT_EQ(warmup_count(*hours), 7U);
    EXPECT_EQ(hours->slices[7].closed_at, at("2019-12-16T15:30:00Z"));
    EXPECT_EQ(hours->slices[13].closed_at, at("2019-12-16T21:00:00Z"))
        << "6.5 hours after the open";
    EXPECT_TRUE(hours->slices[13].last_of_session);
    EXPECT_TRUE(hours->slices[6].last_of_session);
    request.interval = BarInterval::minute_5;
    const auto fives = read_history(request, new_york());
    ASSERT_TRUE(fives.has_value()) << complaint(fives);
    EXPECT_EQ(fives->slices[13].closed_at, at("2019-12-16T20:35:00Z"));
    EXPECT_FALSE(fives->slices[13].last_of_session);
    request.interval = BarInterval::month_1;
    EXPECT_NE(complaint(read_history(request, new_york())).find("ask for 1d"), std::string::npos);
}

TEST_F(ReadHistory, RefusesAFifoAmongTheFilesWithoutWaiting) {
    ASSERT_FALSE(write("A.csv", daily_file("2019-12-16", "2019-12-20")).empty());
    ASSERT_EQ(::mkfifo(path("B.csv").c_str(), 0600), 0);
    EXPECT_NE(complaint(read_history({.path = path()}, new_york())).find("B.csv: is a FIFO"),
              std::string::npos);
    ASSERT_FALSE(write("C/2019-12-16.csv", minute_file("2019-12-16")).empty());
    ASSERT_EQ(::mkfifo(path("C/2019-12-17.csv").c_str(), 0600), 0);
    EXPECT_NE(
        complaint(read_history({.path = path(), .interval = BarInterval::minute_1}, new_york()))
            .find("2019-12-17.csv: is a FIFO"),
        std::string::npos);
    EXPECT_NE(complaint(read_history({.path = path("B.csv")}, new_york())).find("is a FIFO"),
              std::string::npos);
}

TEST_F(ReadHistory, OfRealMinutesMergesSymbolsByTheirCloses) {
    PAPERD_NEEDS_SHARED(directory, "data/minute");
    const HistoryRequest request{.path = directory,
                                 .interval = BarInterval::minute_1,
                                 .symbols = {"SPY", "TLT", "ARKW"},
                                 .from = day("2019-12-24"),
                                 .to = day("2019-12-24"),
                                 .warmup_days = 5};
    const auto history = read_history(request, new_york());
    ASSERT_TRUE(history.has_value()) << complaint(history);
    std::size_t bars = 0;
    for (const Slice& slice : history->slices) {
        ASSERT_FALSE(slice.bars.empty());
        EXPECT_EQ(slice.warmup, slice.day == day("2019-12-23"));
        bars += slice.bars.size();
        for (const Bar& bar : slice.bars) {
            ASSERT_EQ(bar.closed_at, slice.closed_at);
        }
    }
    EXPECT_EQ(bars, 386U + 386U + 121U + 210U + 210U + 53U);
    EXPECT_EQ(history->slices.back().closed_at, at("2019-12-24T18:00:00Z"));
    EXPECT_TRUE(history->slices.back().last_of_session);
    EXPECT_EQ(history->out_of_session, 0);
}

TEST_F(ReadHistory, OfTheWholePanelHasASliceForEachSession) {
    PAPERD_NEEDS_SHARED(file, "data/sp500_5yr.csv.gz");
    const auto history =
        read_history({.path = file, .options = {.on_bad_row = OnBadRow::quarantine}}, new_york());
    ASSERT_TRUE(history.has_value()) << complaint(history);
    EXPECT_EQ(history->symbols.size(), 505U);
    EXPECT_EQ(history->bad_rows.size(), 23U);
    ASSERT_EQ(history->slices.size(), 1'259U);
    std::size_t bars = 0;
    for (std::size_t i = 0; i < history->slices.size(); ++i) {
        const Slice& slice = history->slices[i];
        ASSERT_EQ(slice.id, static_cast<std::int64_t>(i) + 1);
        ASSERT_TRUE(std::ranges::is_sorted(slice.bars, {}, &Bar::symbol));
        bars += slice.bars.size();
    }
    EXPECT_EQ(bars, 619'040U - 23U);
}

}  // namespace
}  // namespace paperd::storage
