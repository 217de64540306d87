#include "daemon/feeds/synthetic_market.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "execution/types/random.h"

namespace paperd::daemon {
namespace {

const Universe kNames = {"AAPL", "MSFT", "XOM", "JPM"};

const Calendar& new_york() {
    static const Calendar calendar = *Calendar::make(CalendarKind::new_york);
    return calendar;
}

config::SyntheticSettings from_day(std::string_view day, int days, std::uint64_t seed = 7) {
    config::SyntheticSettings settings;
    settings.seed = seed;
    settings.first_day = *parse_day(day);
    settings.days = days;
    return settings;
}

SyntheticMarket market(const config::SyntheticSettings& settings, const Universe& names = kNames) {
    return {settings, names, new_york()};
}

std::vector<Slice> all_of(SyntheticMarket source) {
    std::vector<Slice> slices;
    while (auto slice = source.next()) {
        slices.push_back(std::move(*slice));
    }
    return slices;
}

void expect_same(const std::vector<Slice>& a, const std::vector<Slice>& b, std::size_t b_from = 0) {
    ASSERT_EQ(a.size() + b_from, b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        ASSERT_EQ(a[i].closed_at, b[i + b_from].closed_at);
        ASSERT_EQ(a[i].day, b[i + b_from].day);
        ASSERT_EQ(a[i].last_of_session, b[i + b_from].last_of_session);
        ASSERT_EQ(a[i].bars, b[i + b_from].bars);
    }
}

TEST(SyntheticMarket, IsAFunctionOfItsSettings) {
    const auto settings = from_day("2024-03-04", 3);
    expect_same(all_of(market(settings)), all_of(market(settings)));
}

TEST(SyntheticMarket, AnotherSeedIsAnotherMarket) {
    const auto a = all_of(market(from_day("2024-03-04", 1, 7)));
    const auto b = all_of(market(from_day("2024-03-04", 1, 8)));
    EXPECT_NE(a.front().bars, b.front().bars);
    EXPECT_NE(a.back().bars, b.back().bars);
}

TEST(SyntheticMarket, ASymbolsBarsDoNotDependOnTheOthers) {
    const auto settings = from_day("2024-03-04", 2);
    const auto together = all_of(market(settings));
    const auto alone = all_of(market(settings, {"XOM"}));
    std::vector<Bar> first;
    std::vector<Bar> second;
    for (const Slice& slice : together) {
        for (Bar bar : slice.bars) {
            if (bar.symbol == symbol_id(2)) {
                bar.symbol = symbol_id(0);
                first.push_back(bar);
            }
        }
    }
    for (const Slice& slice : alone) {
        second.insert(second.end(), slice.bars.begin(), slice.bars.end());
    }
    EXPECT_EQ(first, second);
}

// A change of these numbers changes every simulated run that somebody has stored.
TEST(SyntheticMarket, TheFirstBarIsTheOneItHasAlwaysBeen) {
    auto source = market(from_day("2024-03-04", 1));
    const Slice slice = *source.next();
    const Bar& bar = slice.bars.front();
    EXPECT_EQ(bar.open.text(), "317.67");
    EXPECT_EQ(bar.high.text(), "318.01");
    EXPECT_EQ(bar.low.text(), "317.29");
    EXPECT_EQ(bar.close.text(), "317.76");
    EXPECT_EQ(bar.volume, 172'840);
}

TEST(SyntheticMarket, ContinuesAfterASkipAsIfItHadNeverStopped) {
    for (std::uint64_t seed = 1; seed <= 25; ++seed) {
        SCOPED_TRACE(seed);
        auto settings = from_day("2024-06-28", 4, seed);  // July 3rd closes early
        settings.missing_probability = 0.4;               // some minutes have no bar at all
        const auto whole = all_of(market(settings));
        const auto stop = static_cast<std::size_t>(draw64(seed, 0, 1) % whole.size());
        auto resumed = market(settings);
        resumed.skip_to_after(whole[stop].closed_at);
        EXPECT_EQ(resumed.remaining(), static_cast<std::int64_t>(whole.size() - stop - 1));
        expect_same(all_of(std::move(resumed)), whole, stop + 1);
    }
}

TEST(SyntheticMarket, ASkipMayFallBetweenBarsAndSessions) {
    const auto settings = from_day("2024-03-04", 2);
    const auto whole = all_of(market(settings));
    auto inside = market(settings);
    inside.skip_to_after(whole[10].closed_at - Nanoseconds(1));
    EXPECT_EQ(inside.next()->closed_at, whole[10].closed_at);
    auto night = market(settings);
    night.skip_to_after(whole[389].closed_at + std::chrono::hours(3));
    EXPECT_EQ(night.next()->closed_at, whole[390].closed_at);
    auto early = market(settings);
    early.skip_to_after(whole[0].closed_at - std::chrono::hours(30));
    EXPECT_EQ(early.next()->closed_at, whole[0].closed_at);
}

TEST(SyntheticMarket, SkipsForwardsOnly) {
    const auto settings = from_day("2024-03-04", 1);
    auto source = market(settings);
    for (int i = 0; i < 20; ++i) {
        static_cast<void>(source.next());
    }
    const auto left = source.remaining();
    auto other = source;
    other.skip_to_after(from_ns(0));
    EXPECT_EQ(other.remaining(), left);
    EXPECT_EQ(other.next()->closed_at, source.next()->closed_at);
}

TEST(SyntheticMarket, EndsAfterItsDays) {
    auto source = market(from_day("2024-03-04", 2));
    EXPECT_EQ(source.remaining(), 2 * 390);
    std::int64_t yielded = 0;
    while (source.next()) {
        ++yielded;
        EXPECT_EQ(source.remaining(), 2 * 390 - yielded);
    }
    EXPECT_EQ(yielded, 2 * 390);
    EXPECT_FALSE(source.next());
    auto past = market(from_day("2024-03-04", 2));
    past.skip_to_after(*parse_timestamp("2025-01-01T00:00:00Z"));
    EXPECT_EQ(past.remaining(), 0);
    EXPECT_FALSE(past.next());
}

TEST(SyntheticMarket, WithoutEndItGoesOnUntilTheCalendarEnds) {
    auto source = market(from_day("2024-03-04", 0));
    EXPECT_FALSE(source.remaining());
    source.skip_to_after(*parse_timestamp("2039-06-01T00:00:00Z"));
    const auto late = source.next();
    ASSERT_TRUE(late);
    EXPECT_EQ(day_text(late->day), "2039-06-01");
    for (const Bar& bar : late->bars) {
        EXPECT_GT(bar.close.to_double(), 1);
        EXPECT_LT(bar.close.to_double(), 100'000);
    }
    source.skip_to_after(*parse_timestamp("2041-01-01T00:00:00Z"));
    EXPECT_FALSE(source.next());
}

TEST(SyntheticMarket, MinutesCloseWithinTheSessionOfTheVenuesDay) {
    // The clocks change on 2024-03-10, between the two sessions.
    const auto slices = all_of(market(from_day("2024-03-08", 2)));
    ASSERT_EQ(slices.size(), 780U);
    EXPECT_EQ(timestamp_text(slices[0].closed_at), "2024-03-08T14:31:00Z");
    EXPECT_EQ(timestamp_text(slices[389].closed_at), "2024-03-08T21:00:00Z");
    EXPECT_EQ(timestamp_text(slices[390].closed_at), "2024-03-11T13:31:00Z");
    EXPECT_EQ(timestamp_text(slices[779].closed_at), "2024-03-11T20:00:00Z");
    for (std::size_t i = 0; i < slices.size(); ++i) {
        EXPECT_EQ(slices[i].id, 0);
        EXPECT_FALSE(slices[i].warmup);
        EXPECT_EQ(day_text(slices[i].day), i < 390 ? "2024-03-08" : "2024-03-11");
        EXPECT_EQ(slices[i].last_of_session, i % 390 == 389);
    }
}

TEST(SyntheticMarket, AnEarlyCloseIsAShortSession) {
    const auto slices = all_of(market(from_day("2024-11-29", 1)));
    ASSERT_EQ(slices.size(), 210U);
    EXPECT_EQ(timestamp_text(slices.back().closed_at), "2024-11-29T18:00:00Z");
    EXPECT_TRUE(slices.back().last_of_session);
}

TEST(SyntheticMarket, BeginsWithTheFirstSessionAtOrAfterItsFirstDay) {
    auto holiday = market(from_day("2024-12-25", 1));
    EXPECT_EQ(day_text(holiday.next()->day), "2024-12-26");
    auto saturday = market(from_day("2024-06-29", 1));
    EXPECT_EQ(day_text(saturday.next()->day), "2024-07-01");
}

TEST(SyntheticMarket, EveryBarIsSane) {
    auto settings = from_day("2024-03-04", 15, 11);
    settings.gap_probability = 0.01;
    std::vector<Price> before(kNames.size());
    for (const Slice& slice : all_of(market(settings))) {
        ASSERT_FALSE(slice.bars.empty());
        for (std::size_t i = 0; i < slice.bars.size(); ++i) {
            const Bar& bar = slice.bars[i];
            ASSERT_TRUE(i == 0 || slice.bars[i - 1].symbol < bar.symbol);
            ASSERT_EQ(bar.closed_at, slice.closed_at);
            ASSERT_LE(bar.low, std::min(bar.open, bar.close));
            ASSERT_GE(bar.high, std::max(bar.open, bar.close));
            for (const Price price : {bar.open, bar.high, bar.low, bar.close}) {
                ASSERT_EQ(price.raw() % (kScale / 100), 0);
                ASSERT_GT(price.raw(), 0);
            }
            ASSERT_EQ(bar.adj_close, bar.close);
            ASSERT_EQ(bar.volume, std::floor(bar.volume));
            ASSERT_GE(bar.volume, 1);
            ASSERT_FALSE(bar.synthetic);  // a bar of its market, not one made up to fill a hole
            // No join: what the market data handler takes for a split is not in here.
            Price& last = before[index(bar.symbol)];
            if (last.raw() != 0) {
                ASSERT_LT(std::abs(bar.close.to_double() / last.to_double() - 1), 0.2);
            }
            last = bar.close;
        }
    }
}

TEST(SyntheticMarket, SomeMinutesAreMissingButNeverTheAuctions) {
    auto settings = from_day("2024-03-04", 10);
    settings.missing_probability = 0.05;
    std::size_t bars = 0;
    for (const Slice& slice : all_of(market(settings))) {
        bars += slice.bars.size();
        if (slice.last_of_session) {
            EXPECT_EQ(slice.bars.size(), kNames.size());
        }
    }
    const double share = 1 - static_cast<double>(bars) / (10.0 * 390 * 4);
    EXPECT_NEAR(share, 0.05, 0.007);  // four standard deviations
}

TEST(SyntheticMarket, AMinuteWithoutAnyBarIsNoSlice) {
    auto settings = from_day("2024-03-04", 1);
    settings.missing_probability = 1;
    auto source = market(settings);
    EXPECT_EQ(source.remaining(), 2);
    EXPECT_EQ(timestamp_text(source.next()->closed_at), "2024-03-04T14:31:00Z");
    EXPECT_EQ(timestamp_text(source.next()->closed_at), "2024-03-04T21:00:00Z");
    EXPECT_FALSE(source.next());
}

}  // namespace
}  // namespace paperd::daemon
