#include <cmath>

#include <gtest/gtest.h>

#include "strategy/strategy.h"
#include "tests/strategy/allocations.h"
#include "tests/strategy/random_bars.h"

namespace paperd::strategy {
namespace {

constexpr SymbolId kA = symbol_id(0);
constexpr SymbolId kB = symbol_id(1);

Bar closing_at(SymbolId symbol, int day, double close) {
    const Price price = Price::nearest(close);
    return {.symbol = symbol,
            .closed_at = Timestamp{std::chrono::days(day)} + std::chrono::hours(21),
            .open = price,
            .high = price,
            .low = price,
            .close = price,
            .adj_close = price,
            .volume = 1000};
}

std::unique_ptr<Strategy> make(std::size_t symbols, const StrategySettings& settings) {
    auto made = make_strategy(Universe(symbols, "A"), settings, {}, {});
    EXPECT_FALSE(made.has_error());
    return std::move(*made);
}

std::vector<Signal> feed(Strategy& strategy, MarketDataHandler& market, const Slice& slice) {
    const auto cut = market.take(slice);
    std::vector<Signal> out(market.symbols());
    EXPECT_FALSE(strategy.on_slice(slice, market, cut, out).has_error());
    return out;
}

// 1,000,000 of cash, nothing held, A listed and B not: n = 2, and A gets 0.99 x 1,000,000 / 2 /
// 1,000,000 = 0.495 of equity. Then A is on order for 480,000, B comes: 0.99 x 520,000 / 1 /
// 1,000,000 = 0.5148. Then both are taken.
TEST(BuyAndHold, SpendsItsCashOnWhatIsNotTakenAndHoldsTheRest) {
    MarketDataHandler market(2, {});
    const auto strategy = make(2, {.kind = StrategyKind::buy_and_hold, .gross_budget = 3});
    EXPECT_TRUE(strategy->needs_account());
    EXPECT_EQ(feed(*strategy, market, slice_of(1, {closing_at(kA, 99, 10)}))[0].reason,
              Reason::warming_up)
        << "there is no account in warm-up";
    std::vector<std::uint8_t> taken = {0, 0};
    AccountView account{
        .equity = Money::whole(1'000'000), .free = Money::whole(1'000'000), .taken = taken};
    strategy->on_account(account);
    auto out = feed(*strategy, market, slice_of(2, {closing_at(kA, 100, 10)}));
    EXPECT_EQ(out[0].weight, 0.495);
    EXPECT_EQ(out[0].reason, Reason::none);
    EXPECT_TRUE(std::isnan(out[0].prediction));
    EXPECT_TRUE(std::isnan(out[1].weight));
    EXPECT_EQ(out[1].reason, Reason::not_listed);

    taken[0] = 1;
    account.free = Money::whole(520'000);
    strategy->on_account(account);
    out = feed(*strategy, market, slice_of(3, {closing_at(kB, 101, 20)}));
    EXPECT_TRUE(std::isnan(out[0].weight));
    EXPECT_EQ(out[0].reason, Reason::no_bar);
    EXPECT_EQ(out[1].weight, 0.5148);

    taken[1] = 1;
    strategy->on_account(account);
    out = feed(*strategy, market, slice_of(4, {closing_at(kA, 102, 10), closing_at(kB, 102, 20)}));
    for (const Signal& signal : out) {
        EXPECT_TRUE(std::isnan(signal.weight));
        EXPECT_EQ(signal.reason, Reason::holding);
    }
    EXPECT_FALSE(strategy->has_forecast());
    EXPECT_EQ(strategy->model_digest(), 0U);
}

TEST(BuyAndHold, WantsNothingWithoutCash) {
    MarketDataHandler market(1, {});
    const auto strategy = make(1, {.kind = StrategyKind::buy_and_hold});
    const std::vector<std::uint8_t> taken = {0};
    int day = 100;
    for (const auto& [equity, free] : {std::pair{100, -1}, std::pair{100, 0}, std::pair{0, 100}}) {
        strategy->on_account(
            {.equity = Money::whole(equity), .free = Money::whole(free), .taken = taken});
        EXPECT_EQ(feed(*strategy, market, slice_of(1, {closing_at(kA, ++day, 10)}))[0].weight, 0);
    }
}

TEST(BuyAndHold, ASyntheticBarIsNoBar) {
    MarketDataHandler market(1, {});
    const auto strategy = make(1, {.kind = StrategyKind::buy_and_hold});
    Bar bar = closing_at(kA, 100, 10);
    bar.synthetic = true;
    EXPECT_EQ(feed(*strategy, market, slice_of(1, {bar}))[0].reason, Reason::not_listed);
    feed(*strategy, market, slice_of(2, {closing_at(kA, 101, 10)}));
    bar.closed_at += std::chrono::days(2);
    EXPECT_EQ(feed(*strategy, market, slice_of(3, {bar}))[0].reason, Reason::no_bar);
}

TEST(SmaCross, IsLongWhileTheFastMeanIsAboveTheSlowOne) {
    const StrategySettings settings{.kind = StrategyKind::sma_cross,
                                    .gross_budget = 1,
                                    .allow_short = true,
                                    .sma_fast_bars = 2,
                                    .sma_slow_bars = 4};
    MarketDataHandler market(1, {});
    const auto strategy = make(1, settings);
    const double closes[] = {10, 11, 12, 13, 12, 9, 8, 8, 8, 8};
    // means of 2 and 4:     -   -   -  up  up dn dn dn dn equal
    const double expected[] = {0, 0, 0, 1, 1, -1, -1, -1, -1, 0};
    for (int t = 0; t < 10; ++t) {
        SCOPED_TRACE(t);
        const auto out =
            feed(*strategy, market, slice_of(t + 1, {closing_at(kA, 100 + t, closes[t])}));
        if (t < 3) {
            EXPECT_TRUE(std::isnan(out[0].weight));
            EXPECT_EQ(out[0].reason, Reason::warming_up);
        } else {
            EXPECT_EQ(out[0].weight, expected[t]);
            EXPECT_EQ(out[0].reason, Reason::none);
        }
    }
}

TEST(SmaCross, IsFlatWhereShortsAreOffAndSaysSo) {
    const StrategySettings settings{
        .kind = StrategyKind::sma_cross, .sma_fast_bars = 1, .sma_slow_bars = 2};
    MarketDataHandler market(1, {});
    const auto strategy = make(1, settings);
    feed(*strategy, market, slice_of(1, {closing_at(kA, 100, 10)}));
    const auto out = feed(*strategy, market, slice_of(2, {closing_at(kA, 101, 9)}));
    EXPECT_EQ(out[0].weight, 0);
    EXPECT_EQ(out[0].reason, Reason::short_not_allowed);
}

TEST(SmaCross, RefusesWindowsThatDoNotFit) {
    for (const auto& [fast, slow] :
         {std::pair{0, 10}, std::pair{10, 10}, std::pair{20, 10}, std::pair{20, 253}}) {
        const auto made = make_strategy(
            {"A"}, {.kind = StrategyKind::sma_cross, .sma_fast_bars = fast, .sma_slow_bars = slow},
            {}, {});
        ASSERT_TRUE(made.has_error());
        EXPECT_NE(made.error().text.find("sma_fast_bars"), std::string::npos);
    }
}

TEST(SmaCross, SeesAsManyBarsAsAreKept) {
    const StrategySettings settings{
        .kind = StrategyKind::sma_cross, .sma_fast_bars = 20, .sma_slow_bars = 300};
    EXPECT_TRUE(make_strategy({"A"}, settings, {.lookback_bars = 299}, {}).has_error());
    EXPECT_FALSE(make_strategy({"A"}, settings, {.lookback_bars = 300}, {}).has_error());
}

TEST(Baselines, RefuseAnotherStrategysCheckpoint) {
    BlobWriter out;
    make(2, {.kind = StrategyKind::sma_cross})->save(out);
    const auto fits = [&](std::size_t symbols, StrategyKind kind) {
        BlobReader in(out.bytes());
        make(symbols, {.kind = kind})->load(in);
        return !in.failed();
    };
    EXPECT_TRUE(fits(2, StrategyKind::sma_cross));
    EXPECT_FALSE(fits(3, StrategyKind::sma_cross));
    EXPECT_FALSE(fits(2, StrategyKind::buy_and_hold));
}

TEST(Baselines, AllocateNothingFromSliceToSlice) {
    for (const StrategyKind kind : {StrategyKind::buy_and_hold, StrategyKind::sma_cross}) {
        MarketDataHandler market(1, {});
        const auto strategy = make(1, {.kind = kind});
        std::vector<Slice> slices;
        for (const Bar& bar : random_bars(1, 600)) {
            slices.push_back(slice_of(1, {bar}));
        }
        std::vector<Signal> out(1);
        std::int64_t before = 0;
        for (std::size_t t = 0; t < slices.size(); ++t) {
            before = t == 300 ? allocations() : before;
            const auto cut = market.take(slices[t]);
            ASSERT_FALSE(strategy->on_slice(slices[t], market, cut, out).has_error());
            ASSERT_GE(market.stats(kA).volatility, 0);
        }
        EXPECT_EQ(allocations() - before, 0);
    }
}

}  // namespace
}  // namespace paperd::strategy
