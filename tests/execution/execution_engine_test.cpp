#include "execution/execution_engine.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/execution/market.h"

namespace paperd::execution {
namespace {

// One way: half spread 5 bp, slippage 3 bp, commission 2 bp; round trip 20 bp.
CostSettings ten_basis_points() {
    CostSettings costs = free_of_charge();
    costs.spread_classes = {{0, 10}};
    costs.slippage_bps = 3;
    costs.commission_bps = 2;
    return costs;
}

struct Desk {
    explicit Desk(ExecutionSettings execution_settings = {}, Quantity lot = shares(1))
        : venue({.participation_cap = 0.1, .lot = lot}, ten_basis_points()),
          engine(execution_settings, /*share=*/0.2, lot, venue.costs, venue.stats) {}

    // One symbol at 100, equity 1,000,000; slices count up. What works is cancelled before, unless
    // it is to stay; the target knows of it.
    TargetOutcome aim(Target target, bool has_forecast = true, bool orders_stay = false) {
        const Slice slice = make_slice(++slices, {make_bar(0, {})});
        const std::vector<Price> closes = {price(100)};
        std::vector<TargetOutcome> outcomes(1);
        changed.clear();
        rows.clear();
        if (!orders_stay) {
            venue.broker.cancel_all(Reason::replaced, slice.closed_at, changed);
            changed.clear();
        }
        for (const Order& order : venue.broker.working()) {
            target.ordered += order.open_quantity();
        }
        const Terms terms{
            .equity = money(1e6), .has_forecast = has_forecast, .holding_bars_measured = measured};
        engine.on_targets(slice, {&target, 1}, closes, terms, venue.broker, outcomes, changed,
                          rows);
        return outcomes[0];
    }

    // With the orders of the slices before at work.
    TargetOutcome then(const Target& target) { return aim(target, true, true); }

    [[nodiscard]] std::vector<std::int64_t> open_orders() const {
        std::vector<std::int64_t> counts;
        for (const Order& order : venue.broker.working()) {
            counts.push_back(order.open_quantity().raw() / kScale);
        }
        return counts;
    }

    Venue venue;
    ExecutionEngine engine;
    std::vector<Order> changed;
    std::vector<RiskAdjustment> rows;
    std::int64_t slices = 0;
    double measured = 1e6;
};

using Counts = std::vector<std::int64_t>;

Target from_to(std::int64_t position, std::int64_t target, double prediction = 0.01) {
    return {.symbol = symbol_id(0),
            .position = shares(position),
            .target = shares(target),
            .prediction = prediction};
}

void expect_outcome(const TargetOutcome& outcome, std::int64_t target, Reason reason) {
    EXPECT_EQ(outcome.target, shares(target));
    EXPECT_EQ(outcome.reason, reason) << reason_text(outcome.reason).name;
}

TEST(ExecutionEngine, OrdersTheDifferenceBetweenTargetAndPosition) {
    Desk desk;
    expect_outcome(desk.aim(from_to(100, 300)), 300, Reason::ordered);
    EXPECT_EQ(desk.open_orders(), Counts{200});
    const Order& order = desk.venue.broker.working().at(0);
    EXPECT_EQ(order.decision_slice, 1);
    EXPECT_EQ(order.decided_at, close_of(1));
    EXPECT_EQ(order.decided_day, day(1));
    EXPECT_EQ(order.decision_price, price(100));
    EXPECT_EQ(order.type, OrderType::market);
    EXPECT_EQ(order.time_in_force, TimeInForce::good_til_cancelled);
}

TEST(ExecutionEngine, NothingIsOrderedOnTarget) {
    Desk desk;
    expect_outcome(desk.aim(from_to(100, 100)), 100, Reason::on_target);
    EXPECT_TRUE(desk.open_orders().empty());
}

// The band is 0.01 x a share of 0.2 x 1,000,000 = 2,000, which is 20 shares at 100.
TEST(ExecutionEngine, AnOrderIsLeftAloneWhileItLeadsToTheTarget) {
    Desk desk;
    desk.aim(from_to(0, 300));
    expect_outcome(desk.then(from_to(0, 300)), 300, Reason::order_working);
    expect_outcome(desk.then(from_to(0, 319)), 300, Reason::order_working);
    expect_outcome(desk.then(from_to(0, 281, 0)), 300, Reason::order_working);
    EXPECT_TRUE(desk.changed.empty()) << "the gate spoke when it was sent";
    EXPECT_EQ(desk.venue.broker.working().at(0).id, 1);
    const TargetOutcome replaced = desk.then(from_to(0, 320));
    expect_outcome(replaced, 320, Reason::ordered);
    EXPECT_EQ(replaced.wanted_change, 2000) << "320 - 300 at 100";
    ASSERT_EQ(desk.changed.size(), 2U);
    EXPECT_EQ(desk.changed[0].id, 1);
    EXPECT_EQ(desk.changed[0].reason, Reason::replaced);
    EXPECT_EQ(desk.changed[1].id, 2);
    EXPECT_EQ(desk.open_orders(), Counts{320});
}

TEST(ExecutionEngine, ATargetOfZeroIsExactWhateverTheBandSays) {
    Desk desk;
    desk.aim(from_to(0, 30));
    expect_outcome(desk.then(from_to(15, 0)), 0, Reason::ordered);
    EXPECT_EQ(desk.open_orders(), Counts{-15}) << "and not the 30 that were still to be bought";
    expect_outcome(desk.then(from_to(15, 0)), 0, Reason::order_working);
    expect_outcome(desk.then(from_to(5, 0)), 0, Reason::ordered);
    EXPECT_EQ(desk.open_orders(), Counts{-5});
    expect_outcome(desk.then(from_to(0, 0)), 0, Reason::on_target);
    EXPECT_TRUE(desk.open_orders().empty()) << "nothing may be opened by what is left of an order";
}

TEST(ExecutionEngine, WhatIsOrderedTooMuchIsCancelledAndTheRestJudgedAnew) {
    Desk desk;
    desk.aim(from_to(0, 300));
    // 300 on order, 10 wanted: 290 too many; the 10 are below the band.
    expect_outcome(desk.then(from_to(0, 10)), 0, Reason::below_band);
    EXPECT_TRUE(desk.open_orders().empty());
    EXPECT_EQ(desk.changed.at(0).reason, Reason::replaced);
    desk.aim(from_to(0, 300));
    expect_outcome(desk.then(from_to(0, 600, 0)), 0, Reason::edge_below_cost);
    EXPECT_TRUE(desk.open_orders().empty()) << "more does not pay any longer, nor does what works";
}

TEST(ExecutionEngine, ADecreaseThatRiskForcesIsExactToo) {
    Desk desk;
    desk.aim(from_to(100, 300));
    Target forced = from_to(100, 290);
    forced.risk_action = true;
    expect_outcome(desk.then(forced), 290, Reason::ordered);
    EXPECT_EQ(desk.open_orders(), Counts{190});
}

TEST(ExecutionEngine, APartOfALargerChangePassesTheBandWhereNothingWorks) {
    Desk desk;
    Target part = from_to(100, 105);
    part.in_parts = true;
    expect_outcome(desk.aim(part), 105, Reason::ordered);
    part.target = shares(110);
    expect_outcome(desk.then(part), 105, Reason::order_working);
}

TEST(ExecutionEngine, HoldLeavesTheWorkingOrderAlone) {
    Desk desk;
    desk.aim(from_to(0, 300));
    Target target = from_to(50, 50);
    target.hold = true;
    expect_outcome(desk.then(target), 50, Reason::none);
    EXPECT_TRUE(desk.changed.empty());
    EXPECT_EQ(desk.open_orders(), Counts{300});
}

TEST(ExecutionEngine, AnIncreaseMustPayItsRoundTrip) {
    // 5 bars x prediction against 20 bp: 4 bp a bar is the break-even.
    Desk desk;
    expect_outcome(desk.aim(from_to(0, 300, 0.00039)), 0, Reason::edge_below_cost);
    expect_outcome(desk.aim(from_to(0, 300, 0.00041)), 300, Reason::ordered);
    expect_outcome(desk.aim(from_to(0, -300, 0.00041)), 0, Reason::edge_below_cost);
    expect_outcome(desk.aim(from_to(0, -300, -0.00041)), -300, Reason::ordered);
    expect_outcome(desk.aim(from_to(100, 300, 0.00039)), 100, Reason::edge_below_cost);
    expect_outcome(desk.aim(from_to(0, 300, kUnknown)), 0, Reason::edge_below_cost);
    EXPECT_TRUE(desk.open_orders().empty());
}

// One way: half of 10 bp of spread, 3 of slippage, 2 of commission: 10 bp; the round trip 20 bp.
// The forecast of 3 bp a bar over 5 bars is 15 bp and does not pay; 4 bp would be 20 and does.
// Where wishes last 2.5 bars, 4 bp are 10 bp, and 8 bp it takes; the setting stays the most.
TEST(ExecutionEngine, TheForecastCountsForTheSmallerOfBothHoldings) {
    Desk desk;
    const TargetOutcome refused = desk.aim(from_to(0, 300, 0.0003));
    expect_outcome(refused, 0, Reason::edge_below_cost);
    EXPECT_DOUBLE_EQ(refused.holding_bars, 5);
    EXPECT_DOUBLE_EQ(refused.edge, 0.0015);
    EXPECT_DOUBLE_EQ(refused.round_trip, 0.0020);
    EXPECT_DOUBLE_EQ(refused.wanted_change, 30'000);
    expect_outcome(desk.aim(from_to(0, 300, 0.00041)), 300, Reason::ordered);
    desk.measured = 2.5;
    expect_outcome(desk.aim(from_to(0, 300, 0.00041)), 0, Reason::edge_below_cost);
    const TargetOutcome paid = desk.aim(from_to(0, -300, -0.00081));
    expect_outcome(paid, -300, Reason::ordered);
    EXPECT_DOUBLE_EQ(paid.holding_bars, 2.5);
    EXPECT_DOUBLE_EQ(paid.edge, 0.002025) << "in the trade's direction";
    EXPECT_DOUBLE_EQ(paid.wanted_change, -30'000);
}

TEST(ExecutionEngine, AtZeroThereIsNoGateButItsNumbersAreKept) {
    ExecutionSettings settings;
    settings.edge_to_cost_min = 0;
    Desk desk(settings);
    const TargetOutcome open = desk.aim(from_to(0, 300, -0.01));
    expect_outcome(open, 300, Reason::ordered);
    EXPECT_DOUBLE_EQ(open.edge, -0.05);
    EXPECT_DOUBLE_EQ(open.round_trip, 0.0020);
    expect_outcome(desk.aim(from_to(0, 300, kUnknown)), 300, Reason::ordered);
}

TEST(ExecutionEngine, NumbersAreKeptOnlyWhereAChangeIsInQuestion) {
    Desk desk;
    EXPECT_TRUE(std::isnan(desk.aim(from_to(100, 100)).wanted_change));
    const TargetOutcome decrease = desk.aim(from_to(300, 100));
    EXPECT_DOUBLE_EQ(decrease.wanted_change, -20'000);
    EXPECT_TRUE(std::isnan(decrease.round_trip));
    const TargetOutcome model_free = desk.aim(from_to(0, 300), false);
    EXPECT_DOUBLE_EQ(model_free.wanted_change, 30'000);
    EXPECT_TRUE(std::isnan(model_free.round_trip));
    EXPECT_TRUE(std::isnan(desk.aim(from_to(300, 310)).round_trip)) << "the band spoke";
}

TEST(ExecutionEngine, TheGateScalesWithItsSettings) {
    ExecutionSettings settings;
    settings.edge_to_cost_min = 2;
    settings.holding_bars = 1;
    Desk strict(settings);
    expect_outcome(strict.aim(from_to(0, 300, 0.0039)), 0, Reason::edge_below_cost);
    expect_outcome(strict.aim(from_to(0, 300, 0.0041)), 300, Reason::ordered);
}

TEST(ExecutionEngine, DecreasesRiskActionsAndModelFreeStrategiesPassTheGate) {
    Desk desk;
    expect_outcome(desk.aim(from_to(300, 200, -0.1)), 200, Reason::ordered);
    expect_outcome(desk.aim(from_to(300, 0, 0)), 0, Reason::ordered);
    expect_outcome(desk.aim(from_to(-300, -100, 0)), -100, Reason::ordered);
    Target forced = from_to(0, -300, 0);
    forced.risk_action = true;
    expect_outcome(desk.aim(forced), -300, Reason::ordered);
    expect_outcome(desk.aim(from_to(0, 300, kUnknown), false), 300, Reason::ordered);
}

TEST(ExecutionEngine, AMoveThroughZeroThatDoesNotPayIsStillClosed) {
    Desk desk;
    // 0.0001 x 5 bars are 5 bp; it takes 20.
    const TargetOutcome closed = desk.aim(from_to(200, -300, -0.0001));
    expect_outcome(closed, 0, Reason::ordered);
    EXPECT_EQ(closed.cut, Reason::edge_below_cost);
    EXPECT_EQ(desk.open_orders(), Counts{-200});
    ASSERT_EQ(desk.rows.size(), 1U);
    EXPECT_EQ(desk.rows[0].rule, Reason::edge_below_cost);
    EXPECT_DOUBLE_EQ(desk.rows[0].limit, 0.0020);
    EXPECT_DOUBLE_EQ(desk.rows[0].before, 0.0005);
    EXPECT_DOUBLE_EQ(desk.rows[0].after, 0.0005);
    expect_outcome(desk.aim(from_to(200, -300, -0.01)), -300, Reason::ordered);
    EXPECT_EQ(desk.open_orders(), Counts{-500});
    EXPECT_TRUE(desk.rows.empty());
    expect_outcome(desk.aim(from_to(-5, 300, 0)), 0, Reason::ordered);
    EXPECT_EQ(desk.open_orders(), Counts{5}) << "closing passes the band";
}

TEST(ExecutionEngine, AnOpeningUnderTheBandIsLeftOffAReversal) {
    Desk desk;  // the opening of 19 shares is 1,900, the band 2,000
    const TargetOutcome closed = desk.aim(from_to(200, -19, -0.01));
    expect_outcome(closed, 0, Reason::ordered);
    EXPECT_EQ(closed.cut, Reason::below_band);
    ASSERT_EQ(desk.rows.size(), 1U);
    EXPECT_DOUBLE_EQ(desk.rows[0].limit, 2000);
    EXPECT_DOUBLE_EQ(desk.rows[0].before, 1900);
    expect_outcome(desk.aim(from_to(3, -3, -0.01)), 0, Reason::ordered);
    EXPECT_EQ(desk.open_orders(), Counts{-3}) << "the close alone, however small both are";
    expect_outcome(desk.aim(from_to(200, -20, -0.01)), -20, Reason::ordered);
    EXPECT_EQ(desk.open_orders(), Counts{-220});
}

TEST(ExecutionEngine, AStrongerOppositeSignalClosesAPositionThatIsTheWrongWay) {
    Desk desk;
    desk.aim(from_to(0, 300));
    expect_outcome(desk.then(from_to(120, -300, -0.0001)), 0, Reason::ordered);
    EXPECT_EQ(desk.open_orders(), Counts{-120}) << "180 that were still to be bought are not";
    expect_outcome(desk.then(from_to(0, -300, -0.0001)), 0, Reason::edge_below_cost);
    EXPECT_TRUE(desk.open_orders().empty());
}

TEST(ExecutionEngine, ChangesUnderTheBandAreNotTraded) {
    Desk desk;  // band: 1 % of the share of 200,000 at 100 = 20 shares
    expect_outcome(desk.aim(from_to(300, 319)), 300, Reason::below_band);
    expect_outcome(desk.aim(from_to(300, 320)), 320, Reason::ordered);
    expect_outcome(desk.aim(from_to(300, 281)), 300, Reason::below_band);
    expect_outcome(desk.aim(from_to(5, 0)), 0, Reason::ordered);
    Target forced = from_to(300, 299);
    forced.risk_action = true;
    expect_outcome(desk.aim(forced), 299, Reason::ordered);
}

TEST(ExecutionEngine, ChangesUnderALotAreNotTraded) {
    Desk desk({}, shares(100));
    expect_outcome(desk.aim(from_to(350, 400)), 350, Reason::below_lot);
    expect_outcome(desk.aim(from_to(350, 600)), 550, Reason::ordered);
    EXPECT_EQ(desk.open_orders(), Counts{200});
}

TEST(ExecutionEngine, LimitAndStopPricesAreMovedFromTheClose) {
    ExecutionSettings settings;
    settings.order_type = OrderType::limit;
    settings.time_in_force = TimeInForce::day;
    Desk at_close(settings);
    at_close.aim(from_to(0, 300));
    EXPECT_EQ(at_close.venue.broker.working().at(0).limit_price, price(100));
    EXPECT_EQ(at_close.venue.broker.working().at(0).time_in_force, TimeInForce::day);

    settings.limit_offset_bps = 25;
    Desk limit(settings);
    limit.aim(from_to(0, 300));
    EXPECT_EQ(limit.venue.broker.working().at(0).limit_price, price(100.25));
    limit.aim(from_to(300, 0));
    EXPECT_EQ(limit.venue.broker.working().at(0).limit_price, price(99.75));

    settings.order_type = OrderType::stop;
    settings.stop_offset_bps = 50;
    Desk stop(settings);
    stop.aim(from_to(0, 300));
    EXPECT_EQ(stop.venue.broker.working().at(0).stop_price, price(100.5));
    EXPECT_FALSE(stop.venue.broker.working().at(0).limit_price.has_value());
    stop.aim(from_to(300, 0));
    EXPECT_EQ(stop.venue.broker.working().at(0).stop_price, price(99.5));
}

TEST(ExecutionEngine, ManySymbolsAreWorkedInTheOrderOfTheTargets) {
    Desk desk;
    std::vector<Target> targets;
    std::vector<Price> closes;
    for (std::size_t i = 0; i < 50; ++i) {
        Target target = from_to(0, 100 + static_cast<std::int64_t>(i));
        target.symbol = symbol_id(i);
        targets.push_back(target);
        closes.push_back(price(100));
    }
    std::vector<TargetOutcome> outcomes(targets.size());
    for (std::int64_t id = 1; id <= 3; ++id) {
        desk.changed.clear();
        desk.engine.on_targets(make_slice(id, {}), targets, closes,
                               {.equity = money(1e6), .holding_bars_measured = 1},
                               desk.venue.broker, outcomes, desk.changed, desk.rows);
        for (std::size_t i = 0; i < targets.size(); ++i) {
            targets[i].ordered = targets[i].target;
            targets[i].target += shares(20);
        }
    }
    ASSERT_EQ(desk.changed.size(), 100U);
    ASSERT_EQ(desk.venue.broker.working().size(), 50U);
    for (std::size_t i = 0; i < 50; ++i) {
        const Order& order = desk.venue.broker.working()[i];
        EXPECT_EQ(order.id, 101 + static_cast<OrderId>(i));
        EXPECT_EQ(order.symbol, symbol_id(i));
        EXPECT_EQ(desk.changed[2 * i].id, order.id - 50);
        EXPECT_EQ(desk.changed[2 * i].reason, Reason::replaced);
    }
}

}  // namespace
}  // namespace paperd::execution
