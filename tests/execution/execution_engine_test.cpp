#include "execution/execution_engine.h"

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
          engine(execution_settings, lot, venue.costs, venue.stats) {}

    // One symbol at 100, equity 1,000,000; slices count up.
    TargetOutcome aim(const Target& target, bool has_forecast = true) {
        const Slice slice = make_slice(++slices, {make_bar(0, {})});
        const std::vector<Price> closes = {price(100)};
        std::vector<TargetOutcome> outcomes(1);
        changed.clear();
        engine.on_targets(slice, {&target, 1}, closes, money(1e6), has_forecast, venue.broker,
                          outcomes, changed);
        return outcomes[0];
    }

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
    std::int64_t slices = 0;
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

TEST(ExecutionEngine, EachSliceReplacesWhatIsLeftOfTheOrderBefore) {
    Desk desk;
    desk.aim(from_to(0, 300));
    desk.aim(from_to(0, 300));
    ASSERT_EQ(desk.changed.size(), 2U);
    EXPECT_EQ(desk.changed[0].id, 1);
    EXPECT_EQ(desk.changed[0].reason, Reason::replaced);
    EXPECT_EQ(desk.changed[1].id, 2);
    EXPECT_EQ(desk.open_orders(), Counts{300});
    desk.aim(from_to(0, 0));
    EXPECT_TRUE(desk.open_orders().empty()) << "also when nothing new is sent";
    EXPECT_EQ(desk.changed.at(0).reason, Reason::replaced);
}

TEST(ExecutionEngine, HoldLeavesTheWorkingOrderAlone) {
    Desk desk;
    desk.aim(from_to(0, 300));
    Target target = from_to(50, 50);
    target.hold = true;
    expect_outcome(desk.aim(target), 50, Reason::none);
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
    EXPECT_TRUE(desk.open_orders().empty()) << "a refusal cancels the order before, too";
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
    expect_outcome(desk.aim(from_to(200, -300, -0.0001)), 0, Reason::edge_below_cost);
    EXPECT_EQ(desk.open_orders(), Counts{-200});
    expect_outcome(desk.aim(from_to(200, -300, -0.01)), -300, Reason::ordered);
    EXPECT_EQ(desk.open_orders(), Counts{-500});
    expect_outcome(desk.aim(from_to(-5, 300, 0)), 0, Reason::edge_below_cost);
    EXPECT_EQ(desk.open_orders(), Counts{5}) << "closing passes the band";
}

TEST(ExecutionEngine, ChangesUnderTheBandAreNotTraded) {
    Desk desk;  // band: 0.2 % of 1,000,000 at 100 = 20 shares
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
        desk.engine.on_targets(make_slice(id, {}), targets, closes, money(1e6), true,
                               desk.venue.broker, outcomes, desk.changed);
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
