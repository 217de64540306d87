#include "strategy/positions/regime_filter.h"

#include <cmath>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace paperd::strategy {
namespace {

// As the features make it (strategy/features/attention.cpp).
PositionInput bar(double trend, double vol, double usual, const PositionSettings& settings) {
    const bool ok = trend > settings.trend_floor && vol < settings.vol_ratio_max * usual;
    return {.prediction = 0.01,
            .uncertainty = 0.5,
            .realized_vol = vol,
            .regime_ok = std::isnan(trend) || std::isnan(usual) ? NAN : (ok ? 1.0 : 0.0),
            .usual_vol = usual,
            .trend = trend};
}

// Floor 0.01 and ceiling 1.2, exit 0.8: once open 0.01 x 0.8 = 0.008 and 1.2 / 0.8 = 1.5.
TEST(RegimeFilter, OnceOpenFloorsFallAndCeilingsRiseByTheExit) {
    const PositionSettings settings{.trend_floor = 0.01, .vol_ratio_max = 1.2, .regime_exit = 0.8};
    RegimeFilter filter(settings);

    struct Case {
        double trend, vol_ratio;
        bool open;
        double floor, ceiling;  // in force
    };

    const Case cases[] = {
        {0.009, 1.1, false, 0.01, 1.2},    // never open before: the floor itself holds
        {0.011, 1.3, false, 0.01, 1.2},    // and the ceiling
        {0.011, 1.1, true, 0.01, 1.2},     // opens
        {0.009, 1.3, true, 0.008, 1.5},    // below the floor and above the ceiling: stays open
        {0.0079, 1.1, false, 0.008, 1.5},  // below 0.008
        {0.009, 1.1, false, 0.01, 1.2},    // closed: the floor itself again
        {0.02, 1.0, true, 0.01, 1.2},     {0.02, 1.6, false, 0.008, 1.5},  // above 1.5
        {0.02, 1.0, true, 0.01, 1.2},     {NAN, 1.0, false, 0.008, 1.5},   // unknown
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(&c - cases);
        DecisionNumbers numbers;
        EXPECT_EQ(filter.next(bar(c.trend, c.vol_ratio * 0.02, 0.02, settings), numbers), c.open);
        EXPECT_NEAR(numbers.get(DecisionNumber::trend_floor), c.floor, 1e-15);
        EXPECT_NEAR(numbers.get(DecisionNumber::vol_ratio_max), c.ceiling, 1e-15);
        EXPECT_NEAR(numbers.get(DecisionNumber::vol_ratio), c.vol_ratio, 1e-15);
        EXPECT_EQ(numbers.has(DecisionNumber::trend), !std::isnan(c.trend));
    }
}

// Of a pause of 3: the prediction that closes it and two more, whatever they say.
TEST(RegimeFilter, OnceClosedStaysSoForThePause) {
    const PositionSettings settings{.trend_floor = 0.01, .vol_ratio_max = 1.2, .regime_pause = 3};
    RegimeFilter filter(settings);

    struct Case {
        double trend;
        bool open;
        double pause;  // shown
    };

    const Case cases[] = {
        {0.02, true, NAN}, {0.001, false, NAN}, {0.02, false, 2},     {0.02, false, 1},
        {0.02, true, NAN}, {0.001, false, NAN}, {0.001, false, 2},    {0.001, false, 1},
        {0.02, true, NAN}, {0.02, true, NAN},   {0.0001, false, NAN},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(&c - cases);
        BlobWriter out;
        filter.save(out);
        filter = RegimeFilter(settings);
        BlobReader in(out.bytes());
        filter.load(in);
        ASSERT_FALSE(in.failed());
        DecisionNumbers numbers;
        EXPECT_EQ(filter.next(bar(c.trend, 0.02, 0.02, settings), numbers), c.open);
        EXPECT_EQ(numbers.has(DecisionNumber::regime_pause), !std::isnan(c.pause));
        if (!std::isnan(c.pause)) {
            EXPECT_EQ(numbers.get(DecisionNumber::regime_pause), c.pause);
        }
    }
}

TEST(RegimeFilter, WithoutAnExitIsTheFeatureItself) {
    for (unsigned seed = 1; seed <= 5; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937 random(seed);
        std::uniform_real_distribution<double> draw(0, 1);
        const PositionSettings settings{.trend_floor = 0.3, .vol_ratio_max = 1.2};
        RegimeFilter filter(settings);
        int changes = 0;
        bool before = false;
        for (int t = 0; t < 2000; ++t) {
            // Now and then exactly at a limit, or unknown.
            const double trend =
                random() % 9 == 0 ? 0.3 : (random() % 50 == 0 ? NAN : draw(random));
            const double usual = random() % 50 == 0 ? NAN : 0.5 + draw(random);
            const double vol = random() % 9 == 0 ? 1.2 * usual : 2 * draw(random);
            const PositionInput in = bar(trend, vol, usual, settings);
            DecisionNumbers numbers;
            const bool open = filter.next(in, numbers);
            ASSERT_EQ(open, in.regime_ok > 0) << t;
            changes += open != before ? 1 : 0;
            before = open;
        }
        EXPECT_GT(changes, 200);
    }
}

// The filter's memory goes on while the gate is shut, comes through a checkpoint, and ends with a
// reset.
TEST(RegimeFilter, IsCarriedByBothPositionRules) {
    const PositionSettings settings{
        .gate_percentile = 0, .trend_floor = 0.01, .vol_ratio_max = 1.2, .regime_exit = 0.8};
    const PositionInput opens = bar(0.011, 0.02, 0.02, settings);
    const PositionInput keeps = bar(0.009, 0.02, 0.02, settings);
    for (const auto make : {make_attention_positions, make_hybrid_positions}) {
        const auto rule = make(settings);
        EXPECT_EQ(rule->next(keeps).position, 0);
        rule->next(opens);
        PositionInput stronger = keeps;
        stronger.prediction = 0.05;
        BlobWriter out;
        rule->save(out);
        EXPECT_GT(rule->next(stronger).position, 0);
        const auto rest = make(settings);
        BlobReader in(out.bytes());
        rest->load(in);
        ASSERT_FALSE(in.failed());
        EXPECT_GT(rest->next(stronger).position, 0);
        rest->reset();
        EXPECT_EQ(rest->next(stronger).position, 0);
    }
}

TEST(RegimeFilter, WhereItIsNotUsedHasNoLimitsInForce) {
    RegimeFilter filter({.use_regime_filter = false});
    DecisionNumbers numbers;
    EXPECT_TRUE(filter.next(bar(0, 0.02, 0.02, {}), numbers));
    EXPECT_TRUE(numbers.packed().empty());
}

}  // namespace
}  // namespace paperd::strategy
