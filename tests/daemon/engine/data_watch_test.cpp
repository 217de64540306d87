#include "daemon/engine/data_watch.h"

#include <gtest/gtest.h>

namespace paperd::daemon {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr SymbolId kA = symbol_id(0);
constexpr SymbolId kB = symbol_id(1);
constexpr Timestamp kOpen =
    Timestamp{std::chrono::sys_days{std::chrono::year{2024} / 7 / 1}} + hours{13} + minutes{30};

// A slice `minute` minutes after the open of the day'th day.
Slice slice_at(int day, int minute, std::initializer_list<SymbolId> symbols,
               Nanoseconds late = {}) {
    Slice slice;
    slice.day = Day{std::chrono::year{2024} / 7 / 1} + std::chrono::days{day};
    slice.closed_at = kOpen + hours{24 * day} + minutes{minute};
    slice.late = late;
    for (const SymbolId symbol : symbols) {
        Bar bar;
        bar.symbol = symbol;
        bar.closed_at = slice.closed_at;
        slice.bars.push_back(bar);
    }
    return slice;
}

class DataWatchTest : public testing::Test {
protected:
    static DataWatchSettings settings(bool always_open, Nanoseconds bar = minutes{1}) {
        return {
            .bar_length = bar, .always_open = always_open, .gap_bars = 5, .stale_after_bars = 3};
    }

    std::vector<Incident> take(const Slice& slice, std::int64_t held = 0) {
        std::vector<Incident> incidents;
        watch_.on_slice(slice, incidents);
        watch_.on_position(kB, Quantity::whole(held), incidents);
        return incidents;
    }

    DataWatch watch_{2, settings(false)};
};

TEST_F(DataWatchTest, AgeCountsTheMinutesOthersTradeWithoutTheSymbol) {
    take(slice_at(0, 1, {kA}));
    EXPECT_EQ(watch_.bars_old(kB), 0);  // not listed yet: not old
    take(slice_at(0, 2, {kA, kB}));
    EXPECT_EQ(watch_.bars_old(kB), 0);
    take(slice_at(0, 3, {kA}));
    take(slice_at(0, 6, {kA}));
    EXPECT_EQ(watch_.bars_old(kB), 4);
    EXPECT_EQ(watch_.bars_old(kA), 0);
}

TEST_F(DataWatchTest, ClosedHoursAgeNothing) {
    take(slice_at(0, 390, {kA, kB}));
    take(slice_at(1, 1, {kA}));
    EXPECT_EQ(watch_.bars_old(kB), 1);
    take(slice_at(4, 1, {kA}));
    EXPECT_EQ(watch_.bars_old(kB), 2);
}

TEST_F(DataWatchTest, AVenueThatNeverClosesCountsAllTime) {
    DataWatch watch(2, settings(true));
    std::vector<Incident> incidents;
    watch.on_slice(slice_at(0, 0, {kA, kB}), incidents);
    watch.on_slice(slice_at(1, 0, {kA}), incidents);
    EXPECT_EQ(watch.bars_old(kB), 1440);
}

TEST_F(DataWatchTest, AHolidayAgesADailyBarByOneSession) {
    DataWatch watch(2, settings(false, hours{24}));
    std::vector<Incident> incidents;
    watch.on_slice(slice_at(0, 390, {kA, kB}), incidents);
    watch.on_slice(slice_at(4, 390, {kA}), incidents);
    EXPECT_EQ(watch.bars_old(kB), 1);
    EXPECT_TRUE(incidents.empty());
}

TEST_F(DataWatchTest, ASyntheticBarIsNoData) {
    take(slice_at(0, 1, {kA, kB}));
    Slice made_up = slice_at(0, 3, {kA, kB});
    made_up.bars[1].synthetic = true;
    take(made_up);
    EXPECT_EQ(watch_.bars_old(kB), 2);
}

TEST_F(DataWatchTest, AHeldPositionOnStaleDataIsReportedOnceAndReArmedByABar) {
    EXPECT_TRUE(take(slice_at(0, 1, {kA, kB}), 12).empty());
    EXPECT_TRUE(take(slice_at(0, 4, {kA}), 12).empty());  // three bars are not more than three
    const auto stale = take(slice_at(0, 5, {kA}), 12);
    ASSERT_EQ(stale.size(), 1U);
    EXPECT_EQ(stale[0].kind, "stale_data");
    EXPECT_EQ(stale[0].severity, Severity::warning);
    EXPECT_EQ(stale[0].symbol, kB);
    EXPECT_NE(stale[0].text.find("12 are held"), std::string::npos) << stale[0].text;
    EXPECT_NE(stale[0].text.find("2024-07-01T13:31:00Z"), std::string::npos) << stale[0].text;
    // Four missing bars are no gap of five, but who was told of the one is told of the other.
    const auto back = take(slice_at(0, 6, {kA, kB}), 12);
    ASSERT_EQ(back.size(), 1U);
    EXPECT_EQ(back[0].kind, "data_gap");
    EXPECT_EQ(back[0].severity, Severity::info);
    EXPECT_EQ(take(slice_at(0, 10, {kA}), 12).size(), 1U);
}

TEST_F(DataWatchTest, WithoutAPositionStaleDataIsNoIncident) {
    take(slice_at(0, 1, {kA, kB}));
    EXPECT_TRUE(take(slice_at(0, 5, {kA})).empty());
    EXPECT_TRUE(take(slice_at(0, 6, {kA, kB})).empty());
}

TEST_F(DataWatchTest, ALongGapOfASymbolIsOneIncident) {
    take(slice_at(0, 1, {kA, kB}));
    for (int minute = 2; minute <= 6; ++minute) {
        EXPECT_TRUE(take(slice_at(0, minute, {kA})).empty()) << minute;
    }
    const auto gap = take(slice_at(0, 7, {kA, kB}));
    ASSERT_EQ(gap.size(), 1U);
    EXPECT_EQ(gap[0].kind, "data_gap");
    EXPECT_EQ(gap[0].symbol, kB);
    EXPECT_NE(gap[0].text.find("for 5 bars"), std::string::npos) << gap[0].text;
}

TEST_F(DataWatchTest, AGapOfTheWholeFeedIsOneIncidentForAll) {
    take(slice_at(0, 1, {kA, kB}));
    const auto gap = take(slice_at(0, 10, {kA, kB}));
    ASSERT_EQ(gap.size(), 1U);
    EXPECT_EQ(gap[0].symbol, kNoSymbol);
    EXPECT_NE(gap[0].text.find("for 8 bars"), std::string::npos) << gap[0].text;
}

TEST_F(DataWatchTest, ALateSliceAgesEveryBarOfIt) {
    take(slice_at(0, 1, {kA, kB}), 12);
    const auto late = take(slice_at(0, 2, {kA, kB}, minutes{4}), 12);
    EXPECT_EQ(watch_.bars_old(kA), 4);
    EXPECT_EQ(watch_.bars_old(kB), 4);
    ASSERT_EQ(late.size(), 1U);
    EXPECT_EQ(late[0].kind, "stale_data");
    EXPECT_TRUE(take(slice_at(0, 3, {kA, kB}, minutes{4}), 12).empty());  // said already
    const auto in_time = take(slice_at(0, 4, {kA, kB}), 12);
    ASSERT_EQ(in_time.size(), 1U);
    EXPECT_EQ(in_time[0].text, "bars come in time again");
}

TEST_F(DataWatchTest, ContinuesFromItsCheckpoint) {
    take(slice_at(0, 1, {kA, kB}), 12);
    take(slice_at(0, 5, {kA}), 12);
    BlobWriter out;
    watch_.save(out);
    const std::vector<std::byte> blob = out.take();
    watch_ = DataWatch(2, settings(false));
    BlobReader in(blob);
    watch_.load(in);
    ASSERT_FALSE(in.failed());
    EXPECT_TRUE(in.at_end());
    EXPECT_TRUE(take(slice_at(0, 6, {kA}), 12).empty());  // reported before the checkpoint
    EXPECT_EQ(watch_.bars_old(kB), 5);
    DataWatch other(3, settings(false));
    BlobReader again(blob);
    other.load(again);
    EXPECT_TRUE(again.failed());
}

}  // namespace
}  // namespace paperd::daemon
