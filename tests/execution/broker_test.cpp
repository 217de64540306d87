#include "execution/broker.h"

#include <gtest/gtest.h>

#include "tests/execution/market.h"

namespace paperd::execution {
namespace {

TEST(Broker, FillsAMarketOrderAtTheNextOpen) {
    Venue venue({}, free_of_charge());
    const OrderId id = venue.order(100);
    ASSERT_EQ(venue.changed.size(), 1U);
    EXPECT_EQ(venue.changed[0].state, OrderState::working);
    EXPECT_EQ(venue.changed[0].reason, Reason::accepted);
    EXPECT_EQ(venue.changed[0].since, close_of(0));

    venue.run_bar(1, {.open = 100.5});
    ASSERT_EQ(venue.fills.size(), 1U);
    EXPECT_EQ(venue.fills[0].id, 1);
    EXPECT_EQ(venue.fills[0].order, id);
    EXPECT_EQ(venue.fills[0].price, price(100.5));
    EXPECT_EQ(venue.fills[0].delay_cost, money(50));
    ASSERT_EQ(venue.changed.size(), 1U);
    EXPECT_EQ(venue.changed[0].state, OrderState::filled);
    EXPECT_EQ(venue.changed[0].reason, Reason::filled);
    EXPECT_EQ(venue.changed[0].filled, shares(100));
    EXPECT_EQ(venue.changed[0].since, close_of(1));
    EXPECT_TRUE(venue.broker.working().empty());
}

// A daily session from 8:30 to 15:00. At the open: a market order, a limit and a stop that the open
// passes. Within the bar, known at its close: a limit and a stop that it reaches, and the
// market-on-close order. A minute's fill is at the minute's close, wherever it filled.
TEST(Broker, StampsWhatFillsAtTheOpenOfADailyBarWithTheSessionsOpen) {
    const auto time_of = [](OrderType type, std::optional<double> at, bool daily) {
        Venue venue({}, free_of_charge());
        venue.order(100, type, TimeInForce::good_til_cancelled, at);
        Slice slice = make_slice(1, {make_bar(0, {.open = 100, .high = 103, .low = 97})});
        slice.open_for = daily ? std::chrono::minutes{390} : std::chrono::minutes{0};
        venue.run(slice);
        return venue.fills.empty() ? Timestamp{} : venue.fills[0].at;
    };
    const Timestamp open = close_of(1) - std::chrono::minutes{390};
    EXPECT_EQ(time_of(OrderType::market, std::nullopt, true), open);
    EXPECT_EQ(time_of(OrderType::limit, 101, true), open);
    EXPECT_EQ(time_of(OrderType::stop, 99, true), open);
    EXPECT_EQ(time_of(OrderType::limit, 98, true), close_of(1));
    EXPECT_EQ(time_of(OrderType::stop, 102, true), close_of(1));
    EXPECT_EQ(time_of(OrderType::market_on_close, std::nullopt, true), close_of(1));
    EXPECT_EQ(time_of(OrderType::market, std::nullopt, false), close_of(1));
}

TEST(BrokerDeathTest, AnOrderNeverMeetsTheSliceThatCausedIt) {
    Venue venue;
    OrderRequest request;
    request.quantity = shares(1);
    request.decision_slice = 5;
    venue.submit(request);
    const Slice same = make_slice(5, {make_bar(0, {})});
    EXPECT_DEATH(venue.run(same), "its decision has seen");
}

TEST(BrokerDeathTest, OrdersThatMeanNothingAreProgrammersErrors) {
    Venue venue;
    OrderRequest request;
    EXPECT_DEATH(venue.submit(request), "has a quantity");
    request.quantity = Quantity::from_raw(kScale / 2);
    EXPECT_DEATH(venue.submit(request), "whole lots");
    request.quantity = shares(1);
    request.type = OrderType::limit;
    EXPECT_DEATH(venue.submit(request), "have a limit");
    request.type = OrderType::stop;
    EXPECT_DEATH(venue.submit(request), "have a stop");
}

TEST(Broker, TheCapOfTheBarsVolumeIsSharedInTheOrderOfIdsAndTheRestCarriesOn) {
    Venue venue({.participation_cap = 0.10}, free_of_charge());
    const OrderId first = venue.order(70);
    const OrderId second = venue.order(-50);
    const OrderId third = venue.order(10);

    venue.run_bar(1, {.volume = 1'009});  // room for 100
    ASSERT_EQ(venue.fills.size(), 2U);
    EXPECT_EQ(venue.fills[0].order, first);
    EXPECT_EQ(venue.fills[0].quantity, shares(70));
    EXPECT_EQ(venue.fills[1].order, second);
    EXPECT_EQ(venue.fills[1].quantity, shares(-30));
    ASSERT_EQ(venue.changed.size(), 3U);
    EXPECT_EQ(venue.changed[1].reason, Reason::partially_filled);
    EXPECT_EQ(venue.changed[1].state, OrderState::working);
    EXPECT_EQ(venue.changed[1].filled, shares(-30));
    EXPECT_EQ(venue.changed[2].reason, Reason::no_volume);

    venue.run_bar(2, {.open = 102, .high = 103, .volume = 1'000});
    ASSERT_EQ(venue.fills.size(), 2U);
    EXPECT_EQ(venue.fills[0].order, second);
    EXPECT_EQ(venue.fills[0].quantity, shares(-20));
    EXPECT_EQ(venue.fills[0].price, price(102));
    EXPECT_EQ(venue.fills[1].order, third);
    EXPECT_TRUE(venue.broker.working().empty());
}

TEST(Broker, TheCapIsRoundedDownToALot) {
    Venue venue({.participation_cap = 0.10, .lot = shares(100)}, free_of_charge());
    venue.order(1'000);
    venue.run_bar(1, {.volume = 2'990});
    ASSERT_EQ(venue.fills.size(), 1U);
    EXPECT_EQ(venue.fills[0].quantity, shares(200));
    EXPECT_DOUBLE_EQ(venue.fills[0].participation, 200 / 2'990.0);
    venue.run_bar(2, {.volume = 999});
    EXPECT_TRUE(venue.fills.empty());
    EXPECT_EQ(venue.changed.at(0).reason, Reason::no_volume);
    EXPECT_EQ(venue.changed.at(0).since, close_of(2));
    venue.run_bar(3, {.volume = 0});
    EXPECT_TRUE(venue.changed.empty()) << "nothing new to say";
    venue.run_bar(4, {.volume = 1e300});
    EXPECT_EQ(venue.fills.at(0).quantity, shares(800));
}

TEST(Broker, FractionalLotsFillInFractions) {
    const Quantity lot = Quantity::from_raw(1'000);  // 0.00001
    Venue venue({.participation_cap = 0.10, .lot = lot}, free_of_charge());
    OrderRequest request;
    request.quantity = Quantity::from_raw(123'456'000);
    venue.submit(request);
    venue.run_bar(1, {.volume = 10.123456});
    EXPECT_EQ(venue.fills.at(0).quantity, Quantity::from_raw(101'234'000));
    venue.run_bar(2, {.volume = 10});
    EXPECT_EQ(venue.fills.at(0).quantity, Quantity::from_raw(22'222'000));
}

TEST(Broker, ASymbolWithoutABarWaits) {
    Venue venue({}, free_of_charge());
    venue.order(100);
    venue.run(make_slice(1, {make_bar(1, {})}));
    EXPECT_TRUE(venue.fills.empty());
    ASSERT_EQ(venue.changed.size(), 1U);
    EXPECT_EQ(venue.changed[0].reason, Reason::waiting_for_bar);
    EXPECT_EQ(venue.changed[0].since, close_of(1));
    venue.run(make_slice(2, {}));
    EXPECT_TRUE(venue.changed.empty());
    venue.run_bar(3, {});
    EXPECT_EQ(venue.fills.size(), 1U);
}

TEST(Broker, ASyntheticBarFillsNothing) {
    Venue venue({}, free_of_charge());
    venue.order(100);
    Bar made_up = make_bar(0, {});
    made_up.synthetic = true;
    venue.run(make_slice(1, {made_up}));
    EXPECT_TRUE(venue.fills.empty());
    EXPECT_EQ(venue.changed.at(0).reason, Reason::synthetic_bar);
    venue.run_bar(2, {});
    EXPECT_EQ(venue.fills.size(), 1U);
}

TEST(Broker, ALimitMustBePenetratedAndIsThenFree) {
    Venue venue;  // with costs
    venue.order(100, OrderType::limit, TimeInForce::good_til_cancelled, 99);
    venue.run_bar(1, {.open = 100, .high = 101, .low = 99});
    EXPECT_TRUE(venue.fills.empty()) << "touched is not traded through";
    EXPECT_EQ(venue.changed.at(0).reason, Reason::limit_not_reached);
    venue.run_bar(2, {.open = 100, .high = 101, .low = 98.99});
    ASSERT_EQ(venue.fills.size(), 1U);
    EXPECT_EQ(venue.fills[0].reference_price, price(99));
    EXPECT_EQ(venue.fills[0].price, price(99));
    EXPECT_EQ(venue.fills[0].impact_cost, Money{});
    EXPECT_EQ(venue.fills[0].commission, money(0.99));

    venue.order(-100, OrderType::limit, TimeInForce::good_til_cancelled, 102);
    venue.run_bar(3, {.open = 100, .high = 102, .low = 99});
    EXPECT_TRUE(venue.fills.empty());
    venue.run_bar(4, {.open = 100, .high = 102.01, .low = 99});
    EXPECT_EQ(venue.fills.at(0).price, price(102));
}

TEST(Broker, AFavourableGapFillsALimitAtTheOpenWithCostsUpToTheLimit) {
    Venue venue;
    venue.order(100, OrderType::limit, TimeInForce::good_til_cancelled, 99);
    venue.run_bar(1, {.open = 95, .high = 96, .low = 94, .close = 95});
    ASSERT_EQ(venue.fills.size(), 1U);
    EXPECT_EQ(venue.fills[0].reference_price, price(95));
    EXPECT_GT(venue.fills[0].price, price(95));
    EXPECT_LE(venue.fills[0].price, price(99));
    EXPECT_GT(venue.fills[0].spread_cost, Money{});

    venue.order(-100, OrderType::limit, TimeInForce::good_til_cancelled, 105);
    venue.run_bar(2, {.open = 105, .high = 106, .low = 104, .close = 105});
    EXPECT_EQ(venue.fills.at(0).reference_price, price(105));
    EXPECT_EQ(venue.fills.at(0).price, price(105)) << "no room for costs at the limit";
}

TEST(Broker, ALimitAtTheOpenFillsThereThoughNothingTradesBeyondIt) {
    Venue venue;
    venue.order(100, OrderType::limit, TimeInForce::good_til_cancelled, 100);
    venue.run_bar(1, {.open = 100, .high = 101, .low = 100});
    EXPECT_EQ(venue.fills.at(0).price, price(100));
    venue.order(-100, OrderType::limit, TimeInForce::good_til_cancelled, 100);
    venue.run_bar(2, {.open = 100, .high = 100, .low = 99});
    EXPECT_EQ(venue.fills.at(0).price, price(100));
}

TEST(Broker, AStopFillsAtTheStopOrAtTheOpenThatGappedBeyondIt) {
    Venue venue({}, free_of_charge());
    venue.order(100, OrderType::stop, TimeInForce::good_til_cancelled, 103);
    venue.run_bar(1, {.open = 100, .high = 102.99});
    EXPECT_EQ(venue.changed.at(0).reason, Reason::stop_not_reached);
    EXPECT_FALSE(venue.changed.at(0).stop_triggered);
    venue.run_bar(2, {.open = 100, .high = 103});
    EXPECT_EQ(venue.fills.at(0).price, price(103));

    venue.order(100, OrderType::stop, TimeInForce::good_til_cancelled, 103);
    venue.run_bar(3, {.open = 107, .high = 108, .low = 106, .close = 107});
    EXPECT_EQ(venue.fills.at(0).price, price(107));

    venue.order(-100, OrderType::stop, TimeInForce::good_til_cancelled, 98);
    venue.run_bar(4, {.open = 100, .low = 97});
    EXPECT_EQ(venue.fills.at(0).price, price(98));
    venue.order(-100, OrderType::stop, TimeInForce::good_til_cancelled, 98);
    venue.run_bar(5, {.open = 90, .high = 91, .low = 89, .close = 90});
    EXPECT_EQ(venue.fills.at(0).price, price(90));
}

TEST(Broker, AStopIsReachedWhereTheBarTouchesIt) {
    Venue venue({}, free_of_charge());
    venue.order(-100, OrderType::stop, TimeInForce::good_til_cancelled, 98);
    venue.run_bar(1, {.open = 100, .low = 98.01});
    EXPECT_EQ(venue.changed.at(0).reason, Reason::stop_not_reached);
    venue.run_bar(2, {.open = 100, .low = 98});
    ASSERT_EQ(venue.fills.size(), 1U);
    EXPECT_EQ(venue.fills[0].price, price(98));
    // Opening on it is the same price, and triggers too.
    venue.order(-100, OrderType::stop, TimeInForce::good_til_cancelled, 98);
    venue.run_bar(3, {.open = 98, .high = 99, .low = 97, .close = 98});
    EXPECT_EQ(venue.fills.at(0).price, price(98));
}

TEST(Broker, AStopPaysTheCostsOfAMarketOrder) {
    Venue venue;
    venue.order(100, OrderType::stop, TimeInForce::good_til_cancelled, 103);
    venue.run_bar(1, {.open = 100, .high = 103});
    EXPECT_EQ(venue.fills.at(0).reference_price, price(103));
    EXPECT_GT(venue.fills.at(0).price, price(103)) << "all in may lie outside the bar";
}

TEST(Broker, ATriggeredStopStaysTriggeredAndItsRestWorksAsAMarketOrder) {
    Venue venue({.participation_cap = 0.10}, free_of_charge());
    venue.order(100, OrderType::stop, TimeInForce::good_til_cancelled, 103);
    venue.run_bar(1, {.open = 100, .high = 104, .volume = 5});
    EXPECT_TRUE(venue.fills.empty());
    EXPECT_TRUE(venue.changed.at(0).stop_triggered);
    EXPECT_EQ(venue.changed.at(0).reason, Reason::no_volume);
    venue.run_bar(2, {.open = 99.5, .high = 100, .volume = 600});
    EXPECT_EQ(venue.fills.at(0).price, price(99.5));
    EXPECT_EQ(venue.fills.at(0).quantity, shares(60));
    venue.run_bar(3, {.open = 99.2, .high = 100});
    EXPECT_EQ(venue.fills.at(0).price, price(99.2));
    EXPECT_EQ(venue.fills.at(0).quantity, shares(40));
}

TEST(Broker, CancellingTouchesOneSymbolOrAll) {
    Venue venue;
    OrderRequest request;
    for (std::size_t symbol : {0U, 1U, 0U, 2U}) {
        request.symbol = symbol_id(symbol);
        request.quantity = shares(10);
        venue.submit(request);
    }
    std::vector<Order> changed;
    venue.broker.cancel(symbol_id(0), Reason::replaced, close_of(3), changed);
    ASSERT_EQ(changed.size(), 2U);
    EXPECT_EQ(changed[0].id, 1);
    EXPECT_EQ(changed[1].id, 3);
    EXPECT_EQ(changed[1].state, OrderState::cancelled);
    EXPECT_EQ(changed[1].reason, Reason::replaced);
    EXPECT_EQ(changed[1].since, close_of(3));
    venue.broker.cancel(symbol_id(0), Reason::replaced, close_of(4), changed);
    venue.broker.cancel(symbol_id(77), Reason::replaced, close_of(4), changed);
    EXPECT_EQ(changed.size(), 2U) << "nothing was left of them";
    ASSERT_EQ(venue.broker.working().size(), 2U);
    EXPECT_EQ(venue.broker.working()[0].id, 2);
    EXPECT_EQ(venue.broker.working()[1].id, 4);
    venue.broker.cancel_all(Reason::cancelled_by_halt, close_of(5), changed);
    ASSERT_EQ(changed.size(), 4U);
    EXPECT_EQ(changed[3].reason, Reason::cancelled_by_halt);
    EXPECT_TRUE(venue.broker.working().empty());
    venue.run_bar(1, {});
    EXPECT_TRUE(venue.fills.empty());
}

TEST(Broker, AFailingExecutionRejectsTheOrderAtTheBarThatWouldHaveFilledIt) {
    FailureSettings failures;
    failures.execution_failure_probability = 1;
    Venue venue({}, free_of_charge(), failures);
    venue.order(100, OrderType::limit, TimeInForce::good_til_cancelled, 99);
    venue.run_bar(1, {});
    EXPECT_EQ(venue.changed.at(0).reason, Reason::limit_not_reached);
    venue.run_bar(2, {.low = 98});
    EXPECT_TRUE(venue.fills.empty());
    EXPECT_EQ(venue.changed.at(0).state, OrderState::rejected);
    EXPECT_EQ(venue.changed.at(0).reason, Reason::execution_failed);
    EXPECT_TRUE(venue.broker.working().empty());
}

TEST(Broker, APriceGapMovesTheReferenceAgainstTheTraderInsideTheBar) {
    FailureSettings failures;
    failures.price_gap_probability = 1;
    failures.seed = 3;
    Venue venue({}, free_of_charge(), failures);
    venue.order(100);
    venue.order(-100);
    venue.order(100, OrderType::limit, TimeInForce::good_til_cancelled, 100.01);
    venue.order(100, OrderType::limit, TimeInForce::good_til_cancelled, 99.5);
    venue.run_bar(1, {});
    ASSERT_EQ(venue.fills.size(), 4U);
    EXPECT_GT(venue.fills[0].reference_price, price(100));
    EXPECT_LE(venue.fills[0].reference_price, price(101));
    EXPECT_LT(venue.fills[1].reference_price, price(100));
    EXPECT_GE(venue.fills[1].reference_price, price(99));
    EXPECT_LE(venue.fills[2].price, price(100.01));
    EXPECT_EQ(venue.fills[3].reference_price, price(99.5)) << "at the limit nothing gaps";
}

}  // namespace
}  // namespace paperd::execution
