#include "execution/costs.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/execution/market.h"

namespace paperd::execution {
namespace {

Fill charged(const CostModel& model, const MarketStats& stats, std::int64_t count, double reference,
             double bar_volume, std::optional<Price> limit = std::nullopt, bool at_limit = false) {
    Fill fill;
    fill.quantity = shares(count);
    fill.reference_price = price(reference);
    model.charge(fill,
                 {.bar_volume = bar_volume,
                  .day = day(0),
                  .decision_price = fill.reference_price,
                  .at_limit = at_limit,
                  .limit = limit},
                 stats);
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
    EXPECT_EQ(model.estimate(shares(100), price(100), with_volatility(30), day(0)).impact, 1);
}

TEST(Costs, ImpactGrowsWithTheQuantityAndVanishesWithIt) {
    const CostModel model(impact_only(), 1);
    double before = 0;
    for (std::int64_t count = 1; count <= 100'000; count *= 3) {
        const double now =
            model.estimate(shares(count), price(100), FixedStats().usual, day(0)).impact;
        EXPECT_GT(now, before);
        before = now;
    }
    EXPECT_EQ(model.estimate(Quantity{}, price(100), FixedStats().usual, day(0)).impact, 0);
    const Quantity least = Quantity::from_raw(1);
    EXPECT_LT(model.estimate(least, price(100), FixedStats().usual, day(0)).impact, 1e-8);
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

// A bank's share at 14.00 that trades 5 thousand million a day has the spread class of 1 bp: 14.00
// x 1e-4 = 0.0014. Its tick is 0.01, which is more: 0.01 / 14.00 = 7.142857 bp. A buy of 1,000 pays
// half of it, 0.005 a share: 14.005 and 5.00 in all; a sell gets 13.995. Of daily bars, which are
// split-adjusted, it pays half of the 1 bp: 0.0007 a share and 0.70 in all.
TEST(Costs, AWorkedExampleOfTheSpreadsFloor) {
    CostSettings settings = free_of_charge();
    settings.spread_classes = {{1e9, 1}, {0, 50}};
    settings.tick_size = 0.01;
    MarketStats stats;
    stats.median_dollar_volume = 5e9 / 390;
    const CostModel minutes(settings, 390, price_basis(BarInterval::minute_1));
    EXPECT_NEAR(minutes.spread(stats, 14) * 1e4, 7.142857, 1e-6);
    const Fill bought = charged(minutes, stats, 1'000, 14, 1e6);
    EXPECT_EQ(bought.price.text(), "14.005");
    EXPECT_EQ(bought.spread_cost.text(), "5");
    EXPECT_EQ(charged(minutes, stats, -1'000, 14, 1e6).price.text(), "13.995");

    stats.median_dollar_volume = 5e9;
    const CostModel daily(settings, 1, price_basis(BarInterval::day_1));
    EXPECT_NEAR(daily.spread(stats, 14) * 1e4, 1, 1e-9);
    const Fill adjusted = charged(daily, stats, 1'000, 14, 1e6);
    EXPECT_EQ(adjusted.price.text(), "14.0007");
    EXPECT_EQ(adjusted.spread_cost.text(), "0.7");
}

TEST(Costs, ASpreadWiderThanATickStaysAsItIs) {
    CostSettings settings = free_of_charge();
    settings.spread_classes = {{0, 20}};
    settings.tick_size = 0.01;
    EXPECT_DOUBLE_EQ(CostModel(settings, 1).spread({}, 100) * 1e4, 20);
    EXPECT_DOUBLE_EQ(CostModel(settings, 1).spread({}, 5) * 1e4, 20);
    EXPECT_DOUBLE_EQ(CostModel(settings, 1).spread({}, 4) * 1e4, 25);
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
    const CostEstimate small = model.estimate(shares(10), price(100), {}, day(0));
    EXPECT_NEAR(small.commission, 1.5 / 1000, 1e-12);
    EXPECT_NEAR(small.one_way(), 1.5 / 1000, 1e-12);
    EXPECT_NEAR(small.round_trip(), 3.0 / 1000, 1e-12);
}

TEST(Costs, FeesAShareAreOffWherePricesAreSplitAdjusted) {
    CostSettings settings = free_of_charge();
    settings.commission_per_share = 0.005;
    settings.us_sale_fees = true;
    const CostModel traded(settings, 1, PriceBasis::as_traded);
    const CostModel adjusted(settings, 1, PriceBasis::split_adjusted);
    EXPECT_EQ(charged(traded, {}, 1'000, 100, 1e6).commission, money(5));
    EXPECT_EQ(charged(adjusted, {}, 1'000, 100, 1e6).commission, Money{});
    // 2018-01-01: 23.10 a million of 100,000 is 2.31; 1,000 shares at 0.000119 are 0.119.
    EXPECT_EQ(charged(traded, {}, -1'000, 100, 1e6).commission, money(5 + 2.31 + 0.119));
    EXPECT_EQ(charged(adjusted, {}, -1'000, 100, 1e6).commission, money(2.31));
}

// 0.1% of slippage on 100 x 1,000 is 100 and moves the price to 100.1; 0.1% of 100,100 is 100.10.
TEST(Costs, TheNotebooksSchedule) {
    CostSettings settings = free_of_charge();
    settings.fees = FeeSchedule::notebook;
    const Fill fill = charged(CostModel(settings, 1), {}, 1'000, 100, 1e6);
    EXPECT_EQ(fill.price.text(), "100.1");
    EXPECT_EQ(fill.slippage_cost.text(), "100");
    EXPECT_EQ(fill.commission.text(), "100.1");
}

TEST(Costs, AScheduleGoesBeforeTheCustomKeys) {
    CostSettings settings = free_of_charge();
    settings.commission_bps = 7;
    settings.commission_min = 9;
    settings.fees = FeeSchedule::zero_commission;
    EXPECT_EQ(charged(CostModel(settings, 1), {}, 1'000, 100, 1e6).commission, Money{});
}

TEST(Costs, AFillAtItsLimitIsMaker) {
    CostSettings settings = free_of_charge();
    settings.commission_bps = 40;
    EXPECT_EQ(charged(CostModel(settings, 1), {}, 100, 100, 1e6, price(100), true).commission,
              money(40));
    settings.commission_maker_bps = 25;
    const CostModel model(settings, 1);
    EXPECT_EQ(charged(model, {}, 100, 100, 1e6, price(100), true).commission, money(25));
    EXPECT_EQ(charged(model, {}, 100, 100, 1e6, price(100), false).commission, money(40));
}

// 2018-01-01, 1,000 shares at 50: section 31 takes 23.10 a million, that is 2.31e-5 of the price;
// the TAF 0.119 of 50,000, that is 2.38e-6. Both once a round trip, of its sell.
TEST(Costs, ARoundTripPaysTheFeesOnItsSellOnce) {
    CostSettings settings = free_of_charge();
    settings.fees = FeeSchedule::zero_commission;
    const CostModel model(settings, 1);
    const CostEstimate estimate = model.estimate(shares(1'000), price(50), {}, day(0));
    EXPECT_EQ(estimate.one_way(), 0);
    EXPECT_NEAR(estimate.round_trip(), 2.31e-5 + 2.38e-6, 1e-12);
    EXPECT_EQ(model.estimate(Quantity{}, price(50), {}, day(0)).round_trip(), 0);
}

TEST(Costs, TheDelayIsMeasuredFromTheDecisionAndMayHelp) {
    const CostModel model(free_of_charge(), 1);
    Fill fill;
    fill.quantity = shares(100);
    fill.reference_price = price(101);
    model.charge(fill, {.bar_volume = 1e6, .day = day(0), .decision_price = price(100)}, {});
    EXPECT_EQ(fill.delay_cost, money(100));
    fill.quantity = shares(-100);
    model.charge(fill, {.bar_volume = 1e6, .day = day(0), .decision_price = price(100)}, {});
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
    const Fill fill = charged(model, {}, 100, 100, 1e6, price(100), true);
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
        model.charge(fill,
                     {.bar_volume = dice.uniform(1, 1e7),
                      .day = day(0),
                      .decision_price = fill.reference_price,
                      .limit = limit},
                     stats);
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
        model.charge(fill, {.bar_volume = 1e4, .decision_price = fill.reference_price},
                     with_volatility(0.02));
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
        model.charge(
            after, {.bar_volume = volume * static_cast<double>(split), .decision_price = reference},
            stats);
        Fill before;  // few dear ones
        before.quantity = shares(count);
        before.reference_price = Price::from_raw(reference.raw() * split);
        model.charge(before, {.bar_volume = volume, .decision_price = before.reference_price},
                     stats);

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
    const CostEstimate estimate = model.estimate(shares(-5'000), price(50), stats, day(0));
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
    EXPECT_DOUBLE_EQ(model.estimate(shares(1), price(100), stats, day(0)).impact, 0.02);
}

}  // namespace
}  // namespace paperd::execution
