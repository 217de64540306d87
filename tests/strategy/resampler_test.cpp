#include "strategy/resampler.h"

#include <gtest/gtest.h>

#include "tests/strategy/random_bars.h"

namespace paperd::strategy {
namespace {

using std::chrono::minutes;

Bar bar_of(std::size_t symbol, double open, double high, double low, double close,
           double factor = 1, double volume = 100) {
    return Bar{.symbol = symbol_id(symbol),
               .closed_at = {},
               .open = Price::nearest(open),
               .high = Price::nearest(high),
               .low = Price::nearest(low),
               .close = Price::nearest(close),
               .adj_close = Price::nearest(close * factor),
               .volume = volume};
}

Slice at(Timestamp closed_at, Day day, bool last_of_session, std::vector<Bar> bars) {
    Slice slice;
    slice.closed_at = closed_at;
    slice.day = day;
    slice.last_of_session = last_of_session;
    slice.bars = std::move(bars);
    for (Bar& bar : slice.bars) {
        bar.closed_at = closed_at;
    }
    return slice;
}

Day day(const char* text) { return *parse_day(text); }

Slice daily(const char* text, std::vector<Bar> bars) {
    return at(Timestamp{day(text).time_since_epoch() + std::chrono::hours(21)}, day(text), true,
              std::move(bars));
}

Resampler resampler(BarInterval to, CalendarKind kind = CalendarKind::new_york,
                    std::size_t symbols = 2) {
    return {symbols, to, *Calendar::make(kind)};
}

TEST(Resampler, AMonthClosesWithItsLastSessionAndSumsItsBars) {
    Resampler months = resampler(BarInterval::month_1);
    EXPECT_TRUE(months.take(daily("2024-03-26", {bar_of(0, 10, 12, 9, 11)})).empty());
    EXPECT_TRUE(months.take(daily("2024-03-27", {bar_of(0, 11, 15, 11, 14), bar_of(1, 5, 6, 4, 5)}))
                    .empty());
    // Good Friday and a weekend end the month: its last session is Thursday the 28th.
    const auto closed = months.take(daily("2024-03-28", {bar_of(0, 14, 14, 8, 13)}));
    ASSERT_EQ(closed.size(), 1U);
    EXPECT_EQ(closed[0].day, day("2024-03-28"));
    ASSERT_EQ(closed[0].bars.size(), 2U);
    Bar expected = bar_of(0, 10, 15, 8, 13, 1, 300);
    expected.closed_at = closed[0].closed_at;
    EXPECT_EQ(closed[0].bars[0], expected);
    EXPECT_EQ(closed[0].bars[1].symbol, symbol_id(1));
    EXPECT_EQ(closed[0].bars[1].volume, 100);
    EXPECT_EQ(closed[0].bars[1].closed_at, closed[0].closed_at);
}

TEST(Resampler, WhereNoSliceCameAtTheEndTheNextPeriodClosesBeforeItsOwnBars) {
    Resampler months = resampler(BarInterval::month_1);
    months.take(daily("2024-03-26", {bar_of(0, 10, 12, 9, 11)}));
    const auto closed = months.take(daily("2024-04-02", {bar_of(0, 20, 22, 19, 21)}));
    ASSERT_EQ(closed.size(), 1U);
    EXPECT_EQ(closed[0].day, day("2024-03-26"));
    EXPECT_EQ(closed[0].bars[0].close, Price::whole(11));
    EXPECT_EQ(closed[0].bars[0].high, Price::whole(12)) << "April's bar is not in March's";
    const auto april = months.take(daily("2024-04-30", {bar_of(0, 21, 25, 20, 24)}));
    ASSERT_EQ(april.size(), 1U);
    EXPECT_EQ(april[0].bars[0].open, Price::whole(20));
}

TEST(Resampler, OneSliceMayCloseTwoPeriods) {
    Resampler months = resampler(BarInterval::month_1);
    months.take(daily("2024-03-26", {bar_of(0, 10, 12, 9, 11)}));
    const auto closed = months.take(daily("2024-04-30", {bar_of(0, 20, 22, 19, 21)}));
    ASSERT_EQ(closed.size(), 2U);
    EXPECT_EQ(closed[0].day, day("2024-03-26"));
    EXPECT_EQ(closed[1].day, day("2024-04-30"));
    EXPECT_EQ(closed[1].bars[0].open, Price::whole(20));
    EXPECT_LT(closed[0].id, closed[1].id);
}

TEST(Resampler, ADayClosesWithItsSession) {
    Resampler days = resampler(BarInterval::day_1);
    const auto open = *parse_timestamp("2024-07-02T13:30:00Z");
    EXPECT_TRUE(days.take(at(open + minutes(1), day("2024-07-02"), false, {bar_of(0, 1, 2, 1, 2)}))
                    .empty());
    const auto closed =
        days.take(at(open + minutes(390), day("2024-07-02"), true, {bar_of(0, 2, 3, 2, 3)}));
    ASSERT_EQ(closed.size(), 1U);
    EXPECT_EQ(closed[0].bars[0].open, Price::whole(1));
    EXPECT_TRUE(closed[0].last_of_session);
}

TEST(Resampler, HoursCountFromTheOpenAndTheCloseEndsTheLast) {
    Resampler hours = resampler(BarInterval::hour_1);
    const auto open = *parse_timestamp("2024-07-02T13:30:00Z");
    std::vector<int> closed_after;
    for (int minute = 1; minute <= 390; ++minute) {
        const auto closed = hours.take(at(open + minutes(minute), day("2024-07-02"), minute == 390,
                                          {bar_of(0, 1, 2, 1, 2, 1, 1)}));
        for (const Slice& slice : closed) {
            closed_after.push_back(minute);
            EXPECT_EQ(slice.bars[0].volume, minute == 390 ? 30 : 60);
        }
    }
    EXPECT_EQ(closed_after, (std::vector<int>{60, 120, 180, 240, 300, 360, 390}));
}

TEST(Resampler, BarsBeforeTheOpenHaveHoursOfTheirOwn) {
    Resampler hours = resampler(BarInterval::hour_1);
    const auto open = *parse_timestamp("2024-07-02T13:30:00Z");
    EXPECT_TRUE(
        hours.take(at(open - minutes(30), day("2024-07-02"), false, {bar_of(0, 1, 2, 1, 2)}))
            .empty());
    EXPECT_EQ(hours.take(at(open, day("2024-07-02"), false, {bar_of(0, 1, 2, 1, 2)})).size(), 1U);
    EXPECT_TRUE(hours.take(at(open + minutes(1), day("2024-07-02"), false, {bar_of(0, 1, 2, 1, 2)}))
                    .empty());
}

TEST(Resampler, RoundTheClockPeriodsCountFromMidnight) {
    Resampler quarters = resampler(BarInterval::minute_15, CalendarKind::always_open);
    const auto midnight = *parse_timestamp("2024-07-02T00:00:00Z");
    int closed = 0;
    for (int minute = 1; minute <= 1440; ++minute) {
        closed += static_cast<int>(quarters
                                       .take(at(midnight + minutes(minute), day("2024-07-02"),
                                                minute == 1440, {bar_of(0, 1, 2, 1, 2)}))
                                       .size());
    }
    EXPECT_EQ(closed, 96);
}

// A dividend between two bars must not look like a move of the adjusted open, high or low.
TEST(Resampler, PricesOfAPeriodShareTheScaleOfItsLastBar) {
    Resampler months = resampler(BarInterval::month_1);
    months.take(daily("2024-04-01", {bar_of(0, 100, 120, 90, 110, 0.5)}));
    const auto closed = months.take(daily("2024-04-30", {bar_of(0, 100, 105, 95, 100, 0.8)}));
    ASSERT_EQ(closed.size(), 1U);
    const Bar& bar = closed[0].bars[0];
    EXPECT_NEAR(bar.open.to_double() * bar.factor(), 50, 1e-7);
    EXPECT_NEAR(bar.high.to_double() * bar.factor(), 84, 1e-7);
    EXPECT_NEAR(bar.low.to_double() * bar.factor(), 45, 1e-7);
    EXPECT_EQ(bar.close, Price::whole(100));
    EXPECT_EQ(bar.adj_close, Price::whole(80));
}

TEST(Resampler, AbsurdFactorsAndVolumesLeaveABar) {
    Resampler months = resampler(BarInterval::month_1);
    Bar tiny = bar_of(0, 1, 2, 1, 1, 1, 1e308);
    tiny.adj_close = Price::from_raw(1);
    Bar huge = bar_of(0, 1, 2, 1, 1, 1, 1e308);
    huge.adj_close = kPriceMax;
    for (const auto& [first, second] : {std::pair(tiny, huge), std::pair(huge, tiny)}) {
        months.take(daily("2024-04-01", {first}));
        const auto closed = months.take(daily("2024-04-30", {second}));
        ASSERT_EQ(closed.size(), 1U);
        EXPECT_EQ(bar_fault(closed[0].bars[0]), "");
    }
}

TEST(Resampler, LeavesOutSyntheticBarsAndWhatWasCut) {
    Resampler months = resampler(BarInterval::month_1);
    Bar synthetic = bar_of(1, 9, 9, 9, 9);
    synthetic.synthetic = true;
    months.take(daily("2024-04-01", {bar_of(0, 10, 12, 9, 11), synthetic}));
    months.forget(symbol_id(0));
    const auto closed = months.take(daily("2024-04-30", {bar_of(0, 20, 22, 19, 21)}));
    ASSERT_EQ(closed.size(), 1U);
    ASSERT_EQ(closed[0].bars.size(), 1U);
    EXPECT_EQ(closed[0].bars[0].open, Price::whole(20));
    EXPECT_TRUE(months.take(daily("2024-05-31", {})).empty()) << "no bar, no slice";
}

TEST(Resampler, EqualsTheSumOfEveryMonthOfARandomWalkAndGoesOnFromACheckpoint) {
    const auto bars = random_bars(3, 900);
    Resampler whole = resampler(BarInterval::month_1, CalendarKind::always_open, 1);
    Resampler parts = resampler(BarInterval::month_1, CalendarKind::always_open, 1);
    std::size_t begun = 0;
    std::size_t months = 0;
    for (std::size_t t = 0; t < bars.size(); ++t) {
        Slice slice = slice_of(static_cast<std::int64_t>(t) + 1, {bars[t]});
        slice.last_of_session = true;
        const auto closed = whole.take(slice);
        BlobWriter out;
        parts.save(out);
        Resampler next = resampler(BarInterval::month_1, CalendarKind::always_open, 1);
        BlobReader in(out.bytes());
        next.load(in);
        ASSERT_FALSE(in.failed());
        ASSERT_TRUE(in.at_end());
        parts = std::move(next);
        const auto again = parts.take(slice);
        ASSERT_EQ(closed.size(), again.size());
        if (closed.empty()) {
            continue;
        }
        ASSERT_EQ(closed[0].bars, again[0].bars);
        double high = 0;
        double volume = 0;
        for (std::size_t i = begun; i <= t; ++i) {
            high = std::max(high, bars[i].high.to_double() * bars[i].factor());
            volume += bars[i].volume;
        }
        const Bar& bar = closed[0].bars[0];
        EXPECT_NEAR(bar.high.to_double() * bar.factor(), high, 1e-6);
        EXPECT_EQ(bar.volume, volume);
        EXPECT_EQ(bar.close, bars[t].close);
        begun = t + 1;
        ++months;
    }
    EXPECT_GE(months, 28U);
}

TEST(Resampler, RefusesACheckpointThatDoesNotFit) {
    Resampler months = resampler(BarInterval::month_1);
    months.take(daily("2024-04-01", {bar_of(0, 10, 12, 9, 11)}));
    BlobWriter out;
    months.save(out);
    const auto fits = [](std::span<const std::byte> bytes, Resampler into) {
        BlobReader in(bytes);
        into.load(in);
        return !in.failed();
    };
    EXPECT_TRUE(fits(out.bytes(), resampler(BarInterval::month_1)));
    EXPECT_FALSE(fits(out.bytes(), resampler(BarInterval::day_1)));
    EXPECT_FALSE(fits(out.bytes(), resampler(BarInterval::month_1, CalendarKind::new_york, 3)));
    for (std::size_t size = 0; size < out.bytes().size(); ++size) {
        ASSERT_FALSE(fits(out.bytes().first(size), resampler(BarInterval::month_1))) << size;
    }
}

// A month with a split of 2 for 1 in it: the bar so far, 10 12 9 11 of volume 100, becomes 5 6 4.5
// 5.5 of 200, and then takes the next.
TEST(Resampler, ASplitPutsTheOpenBarIntoNewShares) {
    Resampler months = resampler(BarInterval::month_1);
    months.take(daily("2024-03-27", {bar_of(0, 10, 12, 9, 11), bar_of(1, 10, 12, 9, 11)}));
    months.split({.symbol = symbol_id(0), .ex_date = {}, .new_shares = 2, .old_shares = 1});
    const auto closed = months.take(daily("2024-03-28", {bar_of(0, 5.5, 7, 5, 6)}));
    ASSERT_EQ(closed.size(), 1U);
    Bar expected = bar_of(0, 5, 7, 4.5, 6, 1, 300);
    expected.closed_at = closed[0].closed_at;
    EXPECT_EQ(closed[0].bars.at(0), expected);
    EXPECT_EQ(closed[0].bars.at(1).open, Price::whole(10)) << "another symbol";
}

}  // namespace
}  // namespace paperd::strategy
