#include "execution/costs.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/execution/market.h"

namespace paperd::execution {
namespace {

Fill charged(const CostModel& model, const MarketStats& stats, std::int64_t count, double reference,
             double bar_volume, std::optional<Price> limit = std::nullopt,
             bool with_price_costs = true) {
    Fill fill;
    fill.quantity = shares(count);
    fill.reference_price = price(reference);
    model.charge(fill, bar_volume, stats, fill.reference_price, with_price_costs,
                 limit ? &*limit : nullptr);
    return fill;
}

CostSettings impact_only() {
    CostSettings settings = free_of_charge();
    settings.impact_coefficient = 1.0;
    return settings;
}

MarketStats with_volatility(double volatility) {
    MarketStats stats;
    stats.volatility = volatility;
    return stats;
}

double bps_of_reference(const Fill& fill) {
    return std::abs((fill.price - fill.reference_price).to_double()) /
           fill.reference_price.to_double() * 1e4;
}

TEST(Costs, SquareRootImpactHasTheGoldenValues) {
    const CostModel model(impact_only(), 1);
    EXPECT_NEAR(bps_of_reference(charged(model, with_volatility(0.02), 10'000, 100, 1e6)), 20.0,
                1e-6);
    EXPECT_NEAR(bps_of_reference(charged(model, with_volatility(0.02), 1'000, 100, 1e6)),
                6.32455532, 1e-6);
    EXPECT_NEAR(bps_of_reference(charged(model, with_volatility(0.02), -10'000, 100, 1e6)), 20.0,
                1e-6);
}

TEST(Costs, AnUnknownVolatilityIsChargedAsTheDefault) {
    CostSettings settings = impact_only();
    settings.impact_volatility_default = 0.03;
    const CostModel model(settings, 1);
    EXPECT_NEAR(bps_of_reference(charged(model, with_volatility(0), 10'000, 100, 1e6)), 30.0, 1e-6);
}

TEST(Costs, ImpactIsTheWholePriceAtMost) {
    const CostModel model(impact_only(), 1);
    const Fill all = charged(model, with_volatility(0.5), 1'000'000, 100, 1e6);
    EXPECT_NEAR(bps_of_reference(all), 5'000, 1e-6);
    EXPECT_EQ(charged(model, with_volatility(1), 1'000'000, 100, 1e6).price, price(200));
    EXPECT_EQ(charged(model, with_volatility(30), 1'000'000, 100, 1e6).price, price(200));
    EXPECT_EQ(model.estimate(shares(100), price(100), with_volatility(30)).impact, 1);
}

TEST(Costs, ImpactGrowsWithTheQuantityAndVanishesWithIt) {
    const CostModel model(impact_only(), 1);
    double before = 0;
    for (std::int64_t count = 1; count <= 100'000; count *= 3) {
        const double now = model.estimate(shares(count), price(100), FixedStats().usual).impact;
        EXPECT_GT(now, before);
        before = now;
    }
    EXPECT_EQ(model.estimate(Quantity{}, price(100), FixedStats().usual).impact, 0);
    const Quantity least = Quantity::from_raw(1);
    EXPECT_LT(model.estimate(least, price(100), FixedStats().usual).impact, 1e-8);
}

TEST(Costs, TheFirstSpreadClassThatTheDollarVolumeOfADayReachesIsCharged) {
    const CostModel daily(CostSettings{}, 1);
    const CostModel minutes(CostSettings{}, 390);
    const auto spread = [](const CostModel& model, double dollar_volume) {
        MarketStats stats;
        stats.median_dollar_volume = dollar_volume;
        return model.spread(stats, 100) * 1e4;
    };
    EXPECT_DOUBLE_EQ(spread(daily, 2e9), 1);
    EXPECT_DOUBLE_EQ(spread(daily, 1e9), 1);
    EXPECT_DOUBLE_EQ(spread(daily, 0.999e9), 2);
    EXPECT_DOUBLE_EQ(spread(daily, 1e7), 5);
    EXPECT_DOUBLE_EQ(spread(daily, 1e6), 20);
    EXPECT_DOUBLE_EQ(spread(daily, 0), 50);
    EXPECT_DOUBLE_EQ(spread(minutes, 1e9 / 389), 1);
    EXPECT_DOUBLE_EQ(spread(minutes, 1e9 / 391), 2);
}

TEST(Costs, TheSpreadIsCappedAndNeverUnderATick) {
    CostSettings settings;
    settings.spread_classes = {{1e6, 10}, {0, 400}};
    EXPECT_DOUBLE_EQ(CostModel(settings, 1).spread({}, 100) * 1e4, 200);
    settings.spread_classes = {{1e6, 10}};
    EXPECT_DOUBLE_EQ(CostModel(settings, 1).spread({}, 100) * 1e4, 200) << "below every class";
    settings = free_of_charge();
    settings.tick_size = 0.01;
    const CostModel ticks(settings, 1);
    EXPECT_DOUBLE_EQ(ticks.spread({}, 10), 0.001);
    EXPECT_EQ(charged(ticks, {}, 100, 10, 1e6).price, price(10.005));
    EXPECT_EQ(charged(ticks, {}, -100, 10, 1e6).price, price(9.995));
}

TEST(Costs, AFillPaysEveryComponentAndTheCommissionOnTheAllInPrice) {
    CostSettings settings;
    settings.spread_classes = {{0, 10}};
    settings.slippage_bps = 2;
    const CostModel model(settings, 1);
    const Fill fill = charged(model, with_volatility(0.02), 10'000, 100, 1e6);
    EXPECT_EQ(fill.spread_cost, money(10'000 * 0.05));
    EXPECT_EQ(fill.slippage_cost, money(10'000 * 0.02));
    EXPECT_EQ(fill.impact_cost, money(10'000 * 0.20));
    EXPECT_EQ(fill.price, price(100.27));
    EXPECT_EQ(fill.commission, money(10'000 * 100.27 * 1e-4));
    EXPECT_DOUBLE_EQ(fill.participation, 0.01);
}

TEST(Costs, CommissionHasAMinimumAndAPerSharePart) {
    CostSettings settings = free_of_charge();
    settings.commission_bps = 1;
    settings.commission_min = 1.5;
    settings.commission_per_share = 0.005;
    const CostModel model(settings, 1);
    EXPECT_EQ(charged(model, {}, 10, 100, 1e6).commission, money(1.5));
    EXPECT_EQ(charged(model, {}, -1'000, 100, 1e6).commission, money(10 + 5));
    const CostEstimate small = model.estimate(shares(10), price(100), {});
    EXPECT_NEAR(small.commission, 1.5 / 1000, 1e-12);
    EXPECT_NEAR(small.one_way(), 1.5 / 1000, 1e-12);
    EXPECT_NEAR(small.round_trip(), 3.0 / 1000, 1e-12);
}

TEST(Costs, TheDelayIsMeasuredFromTheDecisionAndMayHelp) {
    const CostModel model(free_of_charge(), 1);
    Fill fill;
    fill.quantity = shares(100);
    fill.reference_price = price(101);
    model.charge(fill, 1e6, {}, price(100), true, nullptr);
    EXPECT_EQ(fill.delay_cost, money(100));
    fill.quantity = shares(-100);
    model.charge(fill, 1e6, {}, price(100), true, nullptr);
    EXPECT_EQ(fill.delay_cost, money(-100));
}

TEST(Costs, CostsNeverPassTheLimitAndShrinkInProportion) {
    CostSettings settings = free_of_charge();
    settings.spread_classes = {{0, 20}};
    settings.slippage_bps = 30;
    const CostModel model(settings, 1);
    const Fill free = charged(model, {}, 100, 100, 1e6, price(101));
    EXPECT_EQ(free.price, price(100.4));
    const Fill bound = charged(model, {}, 100, 100, 1e6, price(100.2));
    EXPECT_EQ(bound.price, price(100.2));
    EXPECT_EQ(bound.spread_cost, money(5));
    EXPECT_EQ(bound.slippage_cost, money(15));
    EXPECT_EQ(charged(model, {}, -100, 100, 1e6, price(99.8)).price, price(99.8));
    EXPECT_EQ(charged(model, {}, -100, 100, 1e6, price(100)).price, price(100));
}

TEST(Costs, AtTheLimitOnlyCommissionIsPaid) {
    const CostModel model(CostSettings{}, 1);
    const Fill fill = charged(model, {}, 100, 100, 1e6, price(100), false);
    EXPECT_EQ(fill.price, fill.reference_price);
    EXPECT_EQ(fill.spread_cost + fill.slippage_cost + fill.impact_cost, Money{});
    EXPECT_EQ(fill.commission, money(1));
}

TEST(Costs, ASellIsNeverPaidLessThanNothing) {
    CostSettings settings = free_of_charge();
    settings.spread_classes = {{0, 50}};
    settings.slippage_bps = 9'990;
    const Fill fill = charged(CostModel(settings, 1), {}, -100, 2, 1e6);
    EXPECT_EQ(fill.price, Price{});
    EXPECT_EQ(fill.spread_cost + fill.slippage_cost, money(200));
}

TEST(Costs, TheColumnsSumExactlyToTheDistanceFromTheReference) {
    constexpr std::uint64_t kSeed = 20'180'101;
    SCOPED_TRACE("seed " + std::to_string(kSeed));
    Dice dice(kSeed);
    const CostModel model(CostSettings{}, 1);
    for (int i = 0; i < 200'000; ++i) {
        Fill fill;
        fill.quantity = Quantity::from_raw(dice.whole(1, 5'000'000'000'000));
        if (dice.chance(0.5)) {
            fill.quantity = -fill.quantity;
        }
        fill.reference_price = Price::from_raw(dice.whole(1, 50'000'000'000));
        MarketStats stats = with_volatility(dice.uniform(0, 0.1));
        stats.median_dollar_volume = std::pow(10, dice.uniform(4, 10));
        std::optional<Price> limit;
        if (dice.chance(0.3)) {
            const Price away = Price::from_raw(dice.whole(0, fill.reference_price.raw() / 500));
            limit =
                fill.quantity.raw() > 0 ? fill.reference_price + away : fill.reference_price - away;
        }
        model.charge(fill, dice.uniform(1, 1e7), stats, fill.reference_price, true,
                     limit ? &*limit : nullptr);
        ASSERT_EQ(fill.spread_cost + fill.slippage_cost + fill.impact_cost,
                  (fill.price - fill.reference_price) * fill.quantity);
        ASSERT_GE(fill.spread_cost, Money{});
        ASSERT_GE(fill.slippage_cost, Money{});
        ASSERT_GE(fill.impact_cost, Money{});
        ASSERT_GE(fill.commission, Money{});
        ASSERT_GE(fill.price, Price{});
        if (fill.quantity.raw() > 0) {
            ASSERT_GE(fill.price, fill.reference_price);
            ASSERT_TRUE(!limit || fill.price <= *limit);
        } else {
            ASSERT_LE(fill.price, fill.reference_price);
            ASSERT_TRUE(!limit || fill.price >= *limit);
        }
    }
}

TEST(Costs, RoundingIsTheLargestColumnsBusiness) {
    constexpr std::uint64_t kSeed = 4;
    SCOPED_TRACE("seed " + std::to_string(kSeed));
    Dice dice(kSeed);
    CostSettings settings;
    settings.spread_classes = {{0, 0}};  // no spread: not even a rounding's worth
    const CostModel model(settings, 1);
    for (int i = 0; i < 20'000; ++i) {
        Fill fill;
        fill.quantity = Quantity::from_raw(dice.whole(1, 50'000'000'000));
        fill.reference_price = Price::from_raw(dice.whole(1, 50'000'000'000));
        model.charge(fill, 1e4, with_volatility(0.02), fill.reference_price, true, nullptr);
        ASSERT_EQ(fill.spread_cost, Money{});
    }
}

TEST(Costs, DefaultCostsDoNotDependOnTheScaleOfPrices) {
    constexpr std::uint64_t kSeed = 7;
    SCOPED_TRACE("seed " + std::to_string(kSeed));
    Dice dice(kSeed);
    const CostModel model(CostSettings{}, 1);
    for (int i = 0; i < 20'000; ++i) {
        const std::int64_t split = dice.whole(2, 20);
        const std::int64_t count = dice.whole(1, 5'000);
        const Price reference = Price::from_raw(dice.whole(1'000, 50'000) * 10'000'000);
        const double volume = dice.uniform(1e4, 1e7);
        MarketStats stats = with_volatility(dice.uniform(0.001, 0.05));
        stats.median_dollar_volume = std::pow(10, dice.uniform(5, 10));

        Fill after;  // many cheap shares
        after.quantity = shares(count * split);
        after.reference_price = reference;
        model.charge(after, volume * static_cast<double>(split), stats, reference, true, nullptr);
        Fill before;  // few dear ones
        before.quantity = shares(count);
        before.reference_price = Price::from_raw(reference.raw() * split);
        model.charge(before, volume, stats, before.reference_price, true, nullptr);

        // Each of three components rounds to 1e-8 a share.
        const double tolerance = 2e-8 * static_cast<double>(count * split) + 1e-7;
        EXPECT_NEAR((before.price * before.quantity).to_double(),
                    (after.price * after.quantity).to_double(), tolerance);
        EXPECT_NEAR(before.commission.to_double(), after.commission.to_double(), tolerance);
        EXPECT_NEAR(before.impact_cost.to_double(), after.impact_cost.to_double(), tolerance);
    }
}

TEST(Costs, TheEstimateIsWhatAFillOfTheUsualVolumePays) {
    const CostModel model(CostSettings{}, 1);
    const MarketStats stats = FixedStats().usual;
    const CostEstimate estimate = model.estimate(shares(-5'000), price(50), stats);
    const Fill fill = charged(model, stats, -5'000, 50, stats.median_volume);
    const double notional = 5'000 * 50.0;
    EXPECT_NEAR(estimate.half_spread * notional, fill.spread_cost.to_double(), 1e-3);
    EXPECT_NEAR(estimate.slippage * notional, fill.slippage_cost.to_double(), 1e-3);
    EXPECT_NEAR(estimate.impact * notional, fill.impact_cost.to_double(), 1e-3);
    EXPECT_NEAR(estimate.commission * notional, fill.commission.to_double(), 0.1);
}

TEST(Costs, AnUnknownVolumeIsEstimatedAsIfTheOrderWereAllOfIt) {
    MarketStats stats = with_volatility(0.02);
    stats.median_volume = 0;
    const CostModel model(impact_only(), 1);
    EXPECT_DOUBLE_EQ(model.estimate(shares(1), price(100), stats).impact, 0.02);
}

}  // namespace
}  // namespace paperd::execution
