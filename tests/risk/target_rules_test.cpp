// Each limit by example, through the RiskManager: equity is 1,000,000 and prices are 100, so a
// weight of 0.1 is 1,000 shares.
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "tests/risk/risk_support.h"

namespace paperd::risk {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

struct Outcome {
    std::vector<Approved> approved;
    std::vector<RiskAdjustment> rows;

    [[nodiscard]] std::int64_t shares(std::size_t i) const {
        return approved[i].target.raw() / kScale;
    }
};

Outcome decide(RiskManager& risk, const std::vector<Wanted>& wanted) {
    Outcome outcome;
    outcome.approved.resize(wanted.size());
    risk.approve(wanted, equity_of(1'000'000), false, outcome.approved, outcome.rows);
    return outcome;
}

Outcome decide(const Limits& limits, const std::vector<Wanted>& wanted) {
    RiskManager risk(wanted.size(), limits, Quantity::whole(1));
    return decide(risk, wanted);
}

void expect_row(const RiskAdjustment& row, Reason rule, double limit, double before, double after) {
    EXPECT_EQ(reason_text(row.rule).name, reason_text(rule).name);
    EXPECT_NEAR(row.limit, limit, 1e-9);
    EXPECT_NEAR(row.before, before, 1e-9);
    EXPECT_NEAR(row.after, after, 1e-9);
}

TEST(TargetRules, WithinTheLimitsNothingIsTouched) {
    const Outcome out = decide(Limits{}, {wish(0, 0.3), wish(1, -0.2, 500), wish(2, 0, 700)});
    EXPECT_EQ(out.shares(0), 3'000);
    EXPECT_EQ(out.shares(1), -2'000);
    EXPECT_EQ(out.shares(2), 0);
    EXPECT_TRUE(out.rows.empty());
    for (const Approved& approved : out.approved) {
        EXPECT_EQ(approved.reason, Reason::none);
        EXPECT_FALSE(approved.risk_action);
    }
}

TEST(TargetRules, AHeldPositionKeepsItsLastShare) {
    Limits limits = no_limits();
    for (const std::int64_t shares : {1, 3, 7, 333, 99'999}) {
        Wanted wanted = held(0, shares);
        wanted.price = Price::from_raw(12'345'678'901);
        EXPECT_EQ(decide(limits, {wanted}).shares(0), shares);
    }
}

TEST(TargetRules, StaleDataStopsIncreasesOnly) {
    Limits limits = no_limits();
    limits.stale_after_bars = 3;
    Wanted up = wish(0, 0.2, 1'000);
    Wanted flip = wish(1, -0.2, 1'000);
    Wanted down = wish(2, 0.05, 1'000);
    Wanted fresh = wish(3, 0.2, 1'000);
    up.bars_old = flip.bars_old = down.bars_old = 3.5;
    fresh.bars_old = 3;
    const Outcome out = decide(limits, {up, flip, down, fresh});
    EXPECT_EQ(out.shares(0), 1'000);
    EXPECT_EQ(out.shares(1), 0);
    EXPECT_EQ(out.shares(2), 500);
    EXPECT_EQ(out.shares(3), 2'000);
    ASSERT_EQ(out.rows.size(), 2U);
    expect_row(out.rows[0], Reason::stale_data, 3, 3.5, 3.5);
    EXPECT_EQ(out.approved[1].reason, Reason::stale_data);
    EXPECT_FALSE(out.approved[1].risk_action);  // closing was wanted anyway
}

TEST(TargetRules, StaleDataDropsOrdersThatStillWouldIncrease) {
    Limits limits = no_limits();
    limits.stale_after_bars = 3;
    const auto silent = [](std::size_t symbol, std::int64_t position, std::int64_t ordered) {
        Wanted wanted = held(symbol, position);
        wanted.has_bar = false;
        wanted.bars_old = 4;
        wanted.ordered = Quantity::whole(ordered);
        return wanted;
    };
    Wanted fresh = silent(5, 0, 100);
    fresh.bars_old = 3;
    Wanted late = silent(6, 0, 100);  // it has a bar, but nothing to say on it
    late.has_bar = true;
    const Outcome out = decide(limits, {silent(0, 0, 100), silent(1, -50, -1), silent(2, 100, -150),
                                        silent(3, 100, -100), silent(4, 100, 0), fresh, late});
    const bool dropped[] = {true, true, true, false, false, false, true};
    std::size_t rows = 0;
    for (std::size_t i = 0; i < std::size(dropped); ++i) {
        EXPECT_EQ(out.approved[i].drop_orders, dropped[i]) << i;
        EXPECT_FALSE(out.approved[i].risk_action) << i;
        if (dropped[i]) {
            ASSERT_LT(rows, out.rows.size());
            EXPECT_EQ(index(out.rows[rows].symbol), i);
            expect_row(out.rows[rows++], Reason::stale_data, 3, 4, 4);
        }
    }
    EXPECT_EQ(out.rows.size(), rows);
    EXPECT_TRUE(out.approved[4].stale);
    EXPECT_FALSE(out.approved[5].stale);
}

TEST(TargetRules, AnAgeThatIsNotANumberIsStale) {
    Wanted wanted = wish(0, 0.2);
    wanted.bars_old = kNan;
    const Outcome out = decide(no_limits(), {wanted});
    EXPECT_EQ(out.shares(0), 0);
    ASSERT_EQ(out.rows.size(), 1U);
    EXPECT_EQ(out.rows[0].rule, Reason::stale_data);
}

TEST(TargetRules, BeyondThePriceCollarNothingIncreases) {
    Limits limits = no_limits();
    limits.price_collar = 0.25;
    Wanted jumped = wish(0, 0.2);
    jumped.price_before = Price::whole(70);
    Wanted at_collar = wish(1, 0.2);
    at_collar.price_before = Price::whole(80);
    Wanted first_bar = wish(2, 0.2);
    first_bar.price_before = Price{};
    Wanted leaving = wish(3, 0.1, 3'000);
    leaving.price_before = Price::whole(200);
    const Outcome out = decide(limits, {jumped, at_collar, first_bar, leaving});
    EXPECT_EQ(out.shares(0), 0);
    EXPECT_EQ(out.shares(1), 2'000);
    EXPECT_EQ(out.shares(2), 2'000);
    EXPECT_EQ(out.shares(3), 1'000);
    ASSERT_EQ(out.rows.size(), 1U);
    expect_row(out.rows[0], Reason::price_collar, 0.25, 3.0 / 7, 3.0 / 7);
}

TEST(TargetRules, AnOrderIsCutToTheUsualVolume) {
    Limits limits = no_limits();
    limits.order_to_volume_max = 0.5;
    std::vector<Wanted> wanted = {wish(0, 0.4, 1'000), wish(1, -0.4, 1'000), wish(2, -0.4, 3'000),
                                  wish(3, 0, 5'000), wish(4, 0.4, 0)};
    for (std::size_t i = 0; i < 4; ++i) {
        wanted[i].median_volume = 4'000;
    }
    const Outcome out = decide(limits, wanted);
    EXPECT_EQ(out.shares(0), 3'000);   // bought 2,000, not 3,000
    EXPECT_EQ(out.shares(1), -1'000);  // sold 2,000, not 5,000
    EXPECT_EQ(out.shares(2), 0);       // closing 3,000 passes, and leaves no room
    EXPECT_EQ(out.shares(3), 0);       // a decrease is not limited
    EXPECT_EQ(out.shares(4), 4'000);   // volume not known
    ASSERT_EQ(out.rows.size(), 3U);
    expect_row(out.rows[0], Reason::order_to_volume, 0.5, 0.75, 0.5);
    expect_row(out.rows[1], Reason::order_to_volume, 0.5, 1.25, 0.5);
    expect_row(out.rows[2], Reason::order_to_volume, 0.5, 1.75, 0.75);
}

TEST(TargetRules, AnOrderOfExactlyTheVolumesLimitIsNotTouched) {
    Limits limits = no_limits();
    limits.order_to_volume_max = 0.5;
    Wanted wanted = wish(0, 0.5, 0);
    wanted.median_volume = 10'000;  // a bar's worth is the equity, half of it the order
    const Outcome out = decide(limits, {wanted});
    EXPECT_EQ(out.shares(0), 5'000);
    EXPECT_TRUE(out.rows.empty());
}

TEST(TargetRules, AVolumeThatIsNotANumberLeavesNoRoom) {
    Limits limits = no_limits();
    limits.order_to_volume_max = 0.5;
    Wanted wanted = wish(0, 0.4, 1'000);
    wanted.median_volume = kNan;
    const Outcome out = decide(limits, {wanted});
    EXPECT_EQ(out.shares(0), 1'000);
    ASSERT_EQ(out.rows.size(), 1U);
    EXPECT_EQ(out.rows[0].rule, Reason::order_to_volume);
}

TEST(TargetRules, APositionIsLimitedAsAFractionThenAsANotional) {
    Limits limits = no_limits();
    limits.position_fraction_max = 0.5;
    limits.position_notional_max = 300'000;
    const Outcome out = decide(limits, {wish(0, -0.8), wish(1, 0.4)});
    EXPECT_EQ(out.shares(0), -3'000);
    EXPECT_EQ(out.shares(1), 3'000);
    ASSERT_EQ(out.rows.size(), 3U);
    expect_row(out.rows[0], Reason::position_fraction, 0.5, 0.8, 0.5);
    expect_row(out.rows[1], Reason::position_notional, 300'000, 500'000, 300'000);
    expect_row(out.rows[2], Reason::position_notional, 300'000, 400'000, 300'000);
    EXPECT_EQ(out.approved[0].reason, Reason::position_notional);
}

TEST(TargetRules, WhatIsHeldBeyondALimitIsBroughtBackToIt) {
    Limits limits = no_limits();
    limits.position_fraction_max = 0.5;
    Wanted silent = held(1, 6'000);
    silent.has_bar = false;
    const Outcome out = decide(limits, {held(0, 6'000), silent});
    EXPECT_EQ(out.shares(0), 5'000);
    EXPECT_TRUE(out.approved[0].risk_action);
    EXPECT_EQ(out.shares(1), 6'000);  // without a bar nothing is traded
    EXPECT_EQ(out.approved[1].reason, Reason::none);
    EXPECT_FALSE(out.approved[1].risk_action);
}

TEST(TargetRules, BeforeVarIsKnownTheSmallerGrossHolds) {
    Limits limits = no_limits();
    limits.gross_leverage_before_var_max = 1;
    limits.gross_leverage_max = 2;
    const Outcome out = decide(limits, {wish(0, 1), wish(1, -0.6)});
    EXPECT_EQ(out.shares(0), 6'250);
    EXPECT_EQ(out.shares(1), -3'750);
    ASSERT_EQ(out.rows.size(), 2U);
    expect_row(out.rows[0], Reason::gross_before_var_known, 1, 1.6, 1);
    EXPECT_EQ(out.rows[1].symbol, symbol_id(1));
}

TEST(TargetRules, APositionThatCannotMoveTakesItsPartOfTheGross) {
    Limits limits = no_limits();
    limits.gross_leverage_max = 1;
    Wanted silent = held(0, 7'500);
    silent.has_bar = false;
    const Outcome out = decide(limits, {silent, wish(1, 0.5), wish(2, -0.5)});
    EXPECT_EQ(out.shares(0), 7'500);
    EXPECT_EQ(out.shares(1), 1'250);
    EXPECT_EQ(out.shares(2), -1'250);
}

// Ten returns of -loss give every historical measure the value loss.
RiskManager with_losses(std::size_t symbols, Limits limits, double loss) {
    limits.var_returns_min = 2;
    RiskManager risk(symbols, limits, Quantity::whole(1));
    std::vector<Incident> incidents;
    double equity = 1e9;
    for (int i = 0; i <= 10; ++i) {
        risk.on_equity(kMonday, equity_of(Money::nearest(equity)), incidents);
        equity *= 1 - loss;
    }
    return risk;
}

TEST(TargetRules, GrossIsScaledByLimitOverMeasure) {
    Limits limits = no_limits();
    limits.gross_leverage_max = 2;
    limits.gross_leverage_before_var_max = 1;
    limits.var_historical_95_max = 0.03;
    RiskManager risk = with_losses(2, limits, 0.04);
    EXPECT_NEAR(risk.tail().historical.var_95, 0.04, 1e-9);
    const Outcome out = decide(risk, {wish(0, 3), wish(1, -1)});
    EXPECT_NEAR(out.approved[0].weight, 1.5 * 0.75, 1e-8);
    EXPECT_NEAR(out.approved[1].weight, -0.5 * 0.75, 1e-8);
    ASSERT_EQ(out.rows.size(), 4U);
    expect_row(out.rows[0], Reason::gross_leverage, 2, 4, 2);
    expect_row(out.rows[2], Reason::var_historical_95, 0.03, 0.04, 0.03);
    EXPECT_EQ(out.approved[0].reason, Reason::var_historical_95);
}

TEST(TargetRules, EveryTailMeasureHasItsOwnLimit) {
    const std::vector<std::pair<std::optional<double> Limits::*, Reason>> rules = {
        {&Limits::var_historical_95_max, Reason::var_historical_95},
        {&Limits::var_historical_99_max, Reason::var_historical_99},
        {&Limits::es_historical_95_max, Reason::es_historical_95},
        {&Limits::es_historical_99_max, Reason::es_historical_99},
        {&Limits::var_ewma_95_max, Reason::var_ewma_95},
        {&Limits::var_ewma_99_max, Reason::var_ewma_99},
        {&Limits::es_ewma_95_max, Reason::es_ewma_95},
        {&Limits::es_ewma_99_max, Reason::es_ewma_99},
    };
    const std::vector<double> measures = {0.04,
                                          0.04,
                                          0.04,
                                          0.04,
                                          0.04 * kNormalVar95,
                                          0.04 * kNormalVar99,
                                          0.04 * kNormalEs95,
                                          0.04 * kNormalEs99};
    for (std::size_t i = 0; i < rules.size(); ++i) {
        Limits limits = no_limits();
        limits.*rules[i].first = 0.02;
        RiskManager risk = with_losses(1, limits, 0.04);
        const Outcome out = decide(risk, {wish(0, 1)});
        ASSERT_EQ(out.rows.size(), 1U);
        EXPECT_NEAR(out.rows[0].before, measures[i], 1e-8);
        EXPECT_EQ(out.rows[0].rule, rules[i].second);
        EXPECT_EQ(out.rows[0].limit, 0.02);
        EXPECT_NEAR(out.rows[0].after, 0.02, 1e-12);
        EXPECT_NEAR(out.approved[0].weight, 0.02 / measures[i], 1e-6);
    }
}

TEST(TargetRules, TheTightestTailMeasureDecidesAndLooserOnesAddNothing) {
    Limits limits = no_limits();
    limits.var_historical_95_max = 0.03;  // x 0.75
    limits.var_historical_99_max = 0.02;  // x 0.5
    limits.es_historical_99_max = 0.035;  // x 0.875: satisfied by then
    RiskManager risk = with_losses(1, limits, 0.04);
    const Outcome out = decide(risk, {wish(0, 1)});
    EXPECT_NEAR(out.approved[0].weight, 0.5, 1e-8);
    ASSERT_EQ(out.rows.size(), 2U);
    expect_row(out.rows[0], Reason::var_historical_95, 0.03, 0.04, 0.03);
    expect_row(out.rows[1], Reason::var_historical_99, 0.02, 0.03, 0.02);
}

TEST(TargetRules, TurnoverLeavesTheDayWhatFillsAndDecreasesDoNotUse) {
    Limits limits = no_limits();
    limits.turnover_day_max = 1;
    RiskManager risk(3, limits, Quantity::whole(1));
    std::vector<Incident> incidents;
    risk.on_equity(kMonday, equity_of(1'000'000), incidents);
    risk.on_fill(kMonday, Money::whole(-500'000));
    // A decrease of 0.2; increases of 0.4 and 0.2 share what is left, 0.3.
    const std::vector<Wanted> wanted = {wish(0, 0.1, 3'000), wish(1, 0.5, 1'000), wish(2, -0.2)};
    const Outcome out = decide(risk, wanted);
    EXPECT_EQ(out.shares(0), 1'000);
    EXPECT_EQ(out.shares(1), 3'000);
    EXPECT_EQ(out.shares(2), -1'000);
    ASSERT_EQ(out.rows.size(), 2U);
    expect_row(out.rows[0], Reason::turnover_day, 1, 1.3, 1);
    // The next day begins anew.
    risk.on_equity(kMonday + std::chrono::days(1), equity_of(1'000'000), incidents);
    EXPECT_TRUE(decide(risk, wanted).rows.empty());
}

TEST(TargetRules, WithTheTurnoverUsedUpOnlyDecreasesPass) {
    Limits limits = no_limits();
    limits.turnover_day_max = 0;
    const Outcome out = decide(limits, {wish(0, 0.5, 1'000), wish(1, -0.5, 1'000), held(2, 77)});
    EXPECT_EQ(out.shares(0), 1'000);
    EXPECT_EQ(out.shares(1), 0);
    EXPECT_EQ(out.shares(2), 77);
}

TEST(TargetRules, NetScalesTheHeavierSide) {
    Limits limits = no_limits();
    limits.net_leverage_max = 0.5;
    const Outcome out = decide(limits, {wish(0, 0.6), wish(1, 0.4), wish(2, -0.2)});
    EXPECT_EQ(out.shares(0), 4'200);
    EXPECT_EQ(out.shares(1), 2'800);
    EXPECT_EQ(out.shares(2), -2'000);
    ASSERT_EQ(out.rows.size(), 2U);
    expect_row(out.rows[0], Reason::net_leverage, 0.5, 0.8, 0.5);
}

TEST(TargetRules, NetCountsTheLighterSideAsItIsRounded) {
    Limits limits = no_limits();
    limits.net_leverage_max = 0.1;
    Wanted lighter = wish(1, -0.35);
    lighter.price = lighter.price_before = Price::whole(200'000);  // one share, 0.2 of equity
    const Outcome out = decide(limits, {wish(0, 0.45), lighter});
    EXPECT_EQ(out.shares(1), -1);
    EXPECT_EQ(out.shares(0), 3'000);
    ASSERT_EQ(out.rows.size(), 1U);
    expect_row(out.rows[0], Reason::net_leverage, 0.1, 0.25, 0.1);
}

TEST(TargetRules, LotsTooCoarseForTheNetLimitLeaveNothing) {
    Limits limits = no_limits();
    limits.net_leverage_max = 0;
    Wanted lighter = wish(1, -0.5);
    lighter.price = lighter.price_before = Price::from_raw(12'345'678'901);
    const Outcome out = decide(limits, {wish(0, 0.5), lighter});
    EXPECT_EQ(out.shares(0), 0);
    EXPECT_EQ(out.shares(1), 0);
    EXPECT_EQ(out.approved[0].reason, Reason::net_leverage);
}

TEST(TargetRules, ChecksWorkOnWhatTheOnesBeforeLeft) {
    Limits limits = no_limits();
    limits.order_to_volume_max = 1;
    limits.position_fraction_max = 0.5;
    limits.gross_leverage_max = 0.5;
    limits.net_leverage_max = 0.2;
    Wanted wanted = wish(0, 5);
    wanted.median_volume = 8'000;
    const Outcome out = decide(limits, {wanted, wish(1, -0.5)});
    std::vector<Reason> rules;
    for (const RiskAdjustment& row : out.rows) {
        rules.push_back(row.rule);
    }
    // 5 -> 0.8 -> 0.5; gross 1 -> 0.5; the net that was wanted is gone by then.
    EXPECT_EQ(rules, (std::vector{Reason::order_to_volume, Reason::position_fraction,
                                  Reason::gross_leverage, Reason::gross_leverage}));
    EXPECT_EQ(out.shares(0), 2'500);
    EXPECT_EQ(out.shares(1), -2'500);
}

}  // namespace
}  // namespace paperd::risk
