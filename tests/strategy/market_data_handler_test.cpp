#include "strategy/market_data_handler.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "strategy/statistics.h"
#include "tests/strategy/random_bars.h"

namespace paperd::strategy {
namespace {

constexpr SymbolId kA = symbol_id(0);
constexpr SymbolId kB = symbol_id(1);

void expect_same(const MarketDataHandler& a, const MarketDataHandler& b, SymbolId symbol) {
    const BarWindow wa = a.window(symbol);
    const BarWindow wb = b.window(symbol);
    EXPECT_TRUE(std::ranges::equal(wa.open, wb.open));
    EXPECT_TRUE(std::ranges::equal(wa.high, wb.high));
    EXPECT_TRUE(std::ranges::equal(wa.low, wb.low));
    EXPECT_TRUE(std::ranges::equal(wa.close, wb.close));
    EXPECT_TRUE(std::ranges::equal(wa.volume, wb.volume));
    EXPECT_TRUE(std::ranges::equal(wa.factor, wb.factor));
    EXPECT_EQ(a.bars_seen(symbol), b.bars_seen(symbol));
    const MarketStats& sa = a.stats(symbol);
    const MarketStats& sb = b.stats(symbol);
    EXPECT_EQ(sa.volatility, sb.volatility);
    EXPECT_EQ(sa.median_volume, sb.median_volume);
    EXPECT_EQ(sa.median_dollar_volume, sb.median_dollar_volume);
    EXPECT_EQ(sa.spread_corwin_schultz, sb.spread_corwin_schultz);
    EXPECT_EQ(sa.spread_abdi_ranaldo, sb.spread_abdi_ranaldo);
}

TEST(MarketDataHandler, WindowsHoldTheLastBarsAdjustedOldestFirst) {
    const auto bars = random_bars(1, 700);
    MarketDataHandler market(1, {});
    for (std::size_t t = 0; t < bars.size(); ++t) {
        EXPECT_TRUE(market.take(slice_of(1, {bars[t]})).empty());
        const BarWindow window = market.window(kA);
        ASSERT_EQ(window.size(), std::min<std::size_t>(t + 1, 252));
        for (std::size_t i = 0; i < window.size(); ++i) {
            const Bar& bar = bars[t + 1 - window.size() + i];
            const double factor = bar.adj_close.to_double() / bar.close.to_double();
            ASSERT_EQ(window.factor[i], factor);
            ASSERT_EQ(window.open[i], bar.open.to_double() * factor);
            ASSERT_EQ(window.high[i], bar.high.to_double() * factor);
            ASSERT_EQ(window.low[i], bar.low.to_double() * factor);
            ASSERT_EQ(window.close[i], bar.close.to_double() * factor);
            ASSERT_EQ(window.volume[i], bar.volume);
        }
        ASSERT_EQ(market.bars_seen(kA), static_cast<std::int64_t>(t) + 1);
    }
}

TEST(MarketDataHandler, ASymbolWithoutABarKeepsItsWindow) {
    const auto bars = random_bars(2, 5);
    MarketDataHandler market(2, {});
    EXPECT_EQ(market.bars_seen(kB), 0);
    EXPECT_EQ(market.window(kB).size(), 0U);
    EXPECT_EQ(market.stats(kB).median_volume, 0);
    for (const Bar& bar : bars) {
        market.take(slice_of(1, {bar}));
    }
    EXPECT_EQ(market.bars_seen(kB), 0);
    EXPECT_EQ(market.bars_seen(kA), 5);
    EXPECT_EQ(market.symbols(), 2U);
}

TEST(MarketDataHandler, SyntheticBarsAreLeftOut) {
    auto bars = random_bars(3, 3);
    bars[1].synthetic = true;
    MarketDataHandler market(1, {});
    for (const Bar& bar : bars) {
        market.take(slice_of(1, {bar}));
    }
    EXPECT_EQ(market.bars_seen(kA), 2);
    EXPECT_EQ(market.window(kA).volume[0], bars[0].volume);
    EXPECT_EQ(market.window(kA).volume[1], bars[2].volume);
}

TEST(MarketDataHandler, AJumpOrALongGapCutsTheSeriesOnlyWhereAsked) {
    const auto at = [](int day, const char* close) {
        const Price price = *Price::parse(close);
        return Bar{.symbol = kA,
                   .closed_at = Timestamp{std::chrono::days(day)} + std::chrono::hours(21),
                   .open = price,
                   .high = price,
                   .low = price,
                   .close = price,
                   .adj_close = price,
                   .volume = 10};
    };
    MarketDataHandler market(2, {.cut_at_joins = true});
    EXPECT_TRUE(market.take(slice_of(1, {at(100, "100")})).empty());
    EXPECT_TRUE(market.take(slice_of(2, {at(101, "120")})).empty());  // exactly 20% is no cut
    EXPECT_TRUE(market.take(slice_of(3, {at(108, "120")})).empty());  // nor are 7 days
    const auto jump = market.take(slice_of(4, {at(109, "90")}));
    ASSERT_EQ(jump.size(), 1U);
    EXPECT_EQ(jump[0].symbol, kA);
    EXPECT_DOUBLE_EQ(jump[0].move, -0.25);
    EXPECT_EQ(jump[0].days_apart, 1);
    EXPECT_EQ(market.bars_seen(kA), 1);
    EXPECT_EQ(market.window(kA).size(), 1U);
    EXPECT_EQ(market.window(kA).close[0], 90);
    EXPECT_EQ(market.stats(kA).volatility, 0);
    const auto gap = market.take(slice_of(5, {at(117, "90")}));
    ASSERT_EQ(gap.size(), 1U);
    EXPECT_EQ(gap[0].days_apart, 8);
    EXPECT_EQ(market.bars_seen(kA), 1);

    MarketDataHandler daily(1, {});
    daily.take(slice_of(1, {at(100, "100")}));
    EXPECT_TRUE(daily.take(slice_of(2, {at(200, "10")})).empty());
    EXPECT_EQ(daily.bars_seen(kA), 2);
}

TEST(MarketDataHandler, StatsFollowEachSlice) {
    const auto bars = random_bars(6, 400);
    MarketDataHandler market(1, {});
    for (const Bar& bar : bars) {
        market.take(slice_of(1, {bar}));
        const BarWindow window = market.window(kA);
        std::vector<double> returns;
        std::vector<double> volumes(window.volume.begin(), window.volume.end());
        for (std::size_t i = 1; i < window.size(); ++i) {
            returns.push_back(window.close[i] / window.close[i - 1] - 1);
        }
        std::ranges::sort(volumes);
        const std::size_t n = volumes.size();
        ASSERT_EQ(market.stats(kA).volatility, n > 2 ? deviation(returns) : 0);
        ASSERT_EQ(market.stats(kA).median_volume,
                  n % 2 == 1 ? volumes[n / 2] : (volumes[n / 2 - 1] + volumes[n / 2]) / 2);
    }
}

TEST(MarketDataHandler, GoesOnFromACheckpointToTheBit) {
    for (const int cut : {0, 1, 100, 251, 252, 253, 600}) {
        SCOPED_TRACE(cut);
        const auto a = random_bars(7, 700, kA);
        const auto b = random_bars(8, 700, kB);
        MarketDataHandler whole(2, {});
        MarketDataHandler rest(2, {});
        rest.take(slice_of(1, {a[5], b[5]}));  // load replaces whatever was there
        const auto feed = [&](MarketDataHandler& market, int from, int to) {
            for (int t = from; t < to; ++t) {
                const auto i = static_cast<std::size_t>(t);
                // The second symbol misses every third slice.
                market.take(t % 3 == 0 ? slice_of(t, {a[i]}) : slice_of(t, {a[i], b[i]}));
            }
        };
        feed(whole, 0, cut);
        BlobWriter out;
        whole.save(out);
        BlobReader in(out.bytes());
        rest.load(in);
        ASSERT_FALSE(in.failed());
        ASSERT_TRUE(in.at_end());
        for (const int to : {cut, cut + 1, cut + 30, 700}) {
            const int from =
                to == cut ? cut : (to == cut + 1 ? cut : (to == 700 ? cut + 30 : cut + 1));
            feed(whole, from, to);
            feed(rest, from, to);
            expect_same(whole, rest, kA);
            expect_same(whole, rest, kB);
        }
    }
}

TEST(MarketDataHandler, RefusesACheckpointThatDoesNotFit) {
    MarketDataHandler market(2, {});
    market.take(slice_of(1, {random_bars(9, 1)[0]}));
    BlobWriter out;
    market.save(out);
    const auto load = [](MarketDataHandler into, std::span<const std::byte> bytes) {
        BlobReader in(bytes);
        into.load(in);
        return !in.failed();
    };
    EXPECT_TRUE(load(MarketDataHandler(2, {}), out.bytes()));
    EXPECT_FALSE(load(MarketDataHandler(3, {}), out.bytes()));
    EXPECT_FALSE(load(MarketDataHandler(2, {.lookback_bars = 100}), out.bytes()));
    for (std::size_t size = 0; size < out.bytes().size(); ++size) {
        ASSERT_FALSE(load(MarketDataHandler(2, {}), out.bytes().first(size))) << size;
    }
}

// Four old bars, then 4 for 1: a handler that saw the whole series in new shares holds the same to
// the bit (the ratio is a power of two), statistics included, and nothing is cut.
TEST(MarketDataHandler, ASplitRescalesTheWindowAndCutsNothing) {
    const Split split{.symbol = kA, .ex_date = {}, .new_shares = 4, .old_shares = 1};
    MarketDataHandler told(2, {.cut_at_joins = true});
    MarketDataHandler adjusted(2, {.cut_at_joins = true});
    const std::vector<Bar> bars = random_bars(7, 300);
    for (std::size_t i = 0; i < bars.size(); ++i) {
        Bar in_new = bars[i];
        for (Price Bar::* price : {&Bar::open, &Bar::high, &Bar::low, &Bar::close}) {
            in_new.*price = Price::from_raw((bars[i].*price).raw() / 4);
        }
        in_new.adj_close = in_new.close;
        Bar in_old = in_new;
        for (Price Bar::* price :
             {&Bar::open, &Bar::high, &Bar::low, &Bar::close, &Bar::adj_close}) {
            in_old.*price = Price::from_raw((in_new.*price).raw() * 4);
        }
        in_new.volume = in_old.volume * 4;
        if (i == 200) {
            told.split(split);
        }
        const int id = static_cast<int>(i) + 1;
        EXPECT_TRUE(told.take(slice_of(id, {i < 200 ? in_old : in_new})).empty()) << i;
        adjusted.take(slice_of(id, {in_new}));
    }
    expect_same(told, adjusted, kA);
    EXPECT_EQ(told.bars_seen(kA), 300);
}

// 1 + move is price after / before: the ratio is about its inverse.
TEST(MarketDataHandler, ACutNamesTheNearestUsualSplit) {
    const auto nearest = [](double move) {
        return SeriesCut{.symbol = kA, .move = move}.nearest_split();
    };
    EXPECT_EQ(nearest(-0.75), "4");
    EXPECT_EQ(nearest(-0.76), "4");
    EXPECT_EQ(nearest(-0.49), "2");
    EXPECT_EQ(nearest(-0.34), "3/2");
    EXPECT_EQ(nearest(-0.955), "20");
    EXPECT_EQ(nearest(7.1), "1/8");
    EXPECT_EQ(nearest(9.5), "1/10");
    EXPECT_EQ(nearest(1.1), "1/2");
}

}  // namespace
}  // namespace paperd::strategy
