// The three readers on files: the real ones, and what is no file.
#include "storage/bars/bar_file.h"

#include <algorithm>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "tests/storage/bars/scratch.h"
#include "tests/support/paths.h"

namespace paperd::storage {
namespace {

constexpr BarInterval kMinute = BarInterval::minute_1;

using BarFile = Scratch;

TEST_F(BarFile, ADirectoryOrNothingIsNoBarFile) {
    for (const std::string& wrong : {path(), path("none.csv")}) {
        EXPECT_NE(complaint(read_daily_bars(wrong, new_york(), {})).find(wrong + ": "),
                  std::string::npos);
        EXPECT_TRUE(read_panel(wrong, new_york(), {}).has_error());
        EXPECT_TRUE(read_intraday_bars(wrong, kMinute, new_york(), {}).has_error());
    }
    std::filesystem::create_directory(path("2019-12-23.csv"));
    EXPECT_NE(complaint(read_intraday_bars(path("2019-12-23.csv"), kMinute, new_york(), {}))
                  .find("is a directory"),
              std::string::npos);
}

// The generated bars of the goldens are of every weekday, the exchange's holidays too: they are
// another venue's, and read clean where every day is a session.
TEST_F(BarFile, SyntheticGoldenBarsAreOfAVenueWithoutHolidays) {
    const std::string file = support::golden_path("synthetic/SYNTH_A.csv");
    const auto read = read_daily_bars(file, always_open(), {});
    ASSERT_TRUE(read.has_value()) << complaint(read);
    const auto new_yorks = read_daily_bars(file, new_york(), {.on_bad_row = OnBadRow::quarantine});
    ASSERT_TRUE(new_yorks.has_value());
    EXPECT_EQ(new_yorks->bars.size() + 49, read->bars.size());
    for (const BadRow& row : new_yorks->bad_rows) {
        EXPECT_NE(row.text.find("is no session"), std::string::npos) << row.text;
    }
}

TEST_F(BarFile, EveryRealDailyFileReadsClean) {
    PAPERD_NEEDS_SHARED(directory, "data/daily");
    std::size_t files = 0;
    std::size_t bars = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
        const auto read = read_daily_bars(entry.path().string(), new_york(), {});
        ASSERT_TRUE(read.has_value()) << complaint(read);
        ++files;
        bars += read->bars.size();
    }
    EXPECT_EQ(files, 28U);
    EXPECT_EQ(bars, 143'028U);
}

TEST_F(BarFile, EveryRealMinuteFileReadsClean) {
    PAPERD_NEEDS_SHARED(directory, "data/minute");
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
        if (entry.is_directory()) {
            continue;
        }
        const std::string file = entry.path().string();
        const Calendar& calendar =
            file.find("/BTC") != std::string::npos ? always_open() : new_york();
        const auto read = read_intraday_bars(file, kMinute, calendar, {});
        ASSERT_TRUE(read.has_value()) << complaint(read);
        EXPECT_FALSE(read->bars.empty()) << file;
        const auto extended = read_intraday_bars(file, kMinute, calendar, {.extended_hours = true});
        ASSERT_TRUE(extended.has_value()) << complaint(extended);
        EXPECT_EQ(static_cast<std::int64_t>(extended->bars.size()),
                  static_cast<std::int64_t>(read->bars.size()) + read->out_of_session)
            << file;
        EXPECT_EQ(extended->out_of_session, 0) << file << " holds another day's bars";
        ++files;
    }
    EXPECT_EQ(files, 39U);
}

TEST_F(BarFile, AnEarlyCloseEndsTheSessionAtOne) {
    PAPERD_NEEDS_SHARED(spy, "data/minute/SPY/2019-12-24.csv");
    const auto read = read_intraday_bars(spy, kMinute, new_york(), {});
    ASSERT_TRUE(read.has_value()) << complaint(read);
    EXPECT_EQ(read->bars.size(), 210U);
    EXPECT_EQ(read->out_of_session, 0);
    EXPECT_TRUE(read->bars.back().last_of_session);
    EXPECT_EQ(read->bars.back().bar.closed_at, at("2019-12-24T18:00:00Z"));

    PAPERD_NEEDS_SHARED(goog, "data/minute/GOOG/2015-12-24.csv");  // with hours before and after
    const auto filtered = read_intraday_bars(goog, kMinute, new_york(), {});
    ASSERT_TRUE(filtered.has_value()) << complaint(filtered);
    EXPECT_EQ(filtered->bars.size() + static_cast<std::size_t>(filtered->out_of_session), 227U);
    EXPECT_GE(filtered->out_of_session, 5);
    EXPECT_GT(filtered->bars.front().bar.closed_at, at("2015-12-24T14:30:00Z"));
    EXPECT_LE(filtered->bars.back().bar.closed_at, at("2015-12-24T18:00:00Z"));
}

TEST_F(BarFile, TheLastRowMayLiePastMidnightUtc) {
    PAPERD_NEEDS_SHARED(eem, "data/minute/EEM/2021-08-03.csv");
    const auto read = read_intraday_bars(eem, kMinute, new_york(), {.extended_hours = true});
    ASSERT_TRUE(read.has_value()) << complaint(read);
    EXPECT_EQ(read->bars.size(), 455U);
    EXPECT_EQ(read->bars.back().bar.closed_at, at("2021-08-04T00:01:00Z"));
    EXPECT_EQ(read->bars.back().day, day("2021-08-03"));
    const auto last =
        std::ranges::count_if(read->bars, [](const ReadBar& row) { return row.last_of_session; });
    EXPECT_EQ(last, 1) << "the one that closes at 16:00 in New York";
}

TEST_F(BarFile, ThePanelHas23BadRows) {
    PAPERD_NEEDS_SHARED(file, "data/sp500_5yr.csv.gz");
    const auto read = read_panel(file, new_york(), {.on_bad_row = OnBadRow::quarantine});
    ASSERT_TRUE(read.has_value()) << complaint(read);
    EXPECT_EQ(read->size(), 505U);
    std::size_t bars = 0;
    std::size_t blanks = 0;
    std::size_t inconsistent = 0;
    for (const PanelSymbol& symbol : *read) {
        bars += symbol.read.bars.size();
        for (const BadRow& row : symbol.read.bad_rows) {
            const bool blank = row.text.find("is blank") != std::string::npos;
            const bool range = row.text.find("lies outside") != std::string::npos ||
                               row.text.find("is below low") != std::string::npos;
            EXPECT_NE(blank, range) << row.text;
            blanks += blank ? 1 : 0;
            inconsistent += range ? 1 : 0;
        }
    }
    EXPECT_EQ(blanks, 11U);
    EXPECT_EQ(inconsistent, 12U);
    EXPECT_EQ(bars, 619'040U - 23U);
}

TEST_F(BarFile, ThePanelStopsAtItsBadRows) {
    PAPERD_NEEDS_SHARED(file, "data/sp500_5yr.csv.gz");
    const std::string all = complaint(read_panel(file, new_york(), {}));
    EXPECT_NE(all.find("sp500_5yr.csv.gz:"), std::string::npos);
    EXPECT_TRUE(all.ends_with("and 3 more bad rows")) << all;
    const auto clean = read_panel(file, new_york(), {}, {"AAPL", "MSFT"});
    ASSERT_TRUE(clean.has_value()) << complaint(clean);
    ASSERT_EQ(clean->size(), 2U);
    EXPECT_EQ((*clean)[0].name, "AAPL");
    EXPECT_EQ((*clean)[0].read.bars.size(), 1'259U);
}

}  // namespace
}  // namespace paperd::storage
