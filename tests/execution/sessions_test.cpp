// How orders end: with the session, with their first bar, or at the close they asked for.
#include <gtest/gtest.h>

#include "tests/execution/market.h"

namespace paperd::execution {
namespace {

constexpr auto kLimit = OrderType::limit;
constexpr auto kOnClose = OrderType::market_on_close;
constexpr auto kDay = TimeInForce::day;
constexpr auto kGtc = TimeInForce::good_til_cancelled;
constexpr auto kIoc = TimeInForce::immediate_or_cancel;

const std::vector<Bar>& one_bar() {
    static const std::vector<Bar> kBars = {make_bar(0, {})};
    return kBars;
}

void expect_ended(const Venue& venue, OrderState state, Reason reason, Timestamp since) {
    ASSERT_EQ(venue.changed.size(), 1U);
    EXPECT_EQ(venue.changed[0].state, state);
    EXPECT_EQ(venue.changed[0].reason, reason);
    EXPECT_EQ(venue.changed[0].since, since);
    EXPECT_TRUE(venue.broker.working().empty());
}

TEST(Sessions, ADayOrderOnDailyBarsLivesForTheNextBarOnly) {
    Venue venue;
    venue.order(100, kLimit, kDay, 90);
    venue.run_bar(1, {});
    expect_ended(venue, OrderState::expired, Reason::expired, close_of(1));
}

TEST(Sessions, ADayOrderFillsOnItsLastSliceBeforeItExpires) {
    Venue venue({.participation_cap = 0.1}, free_of_charge());
    venue.order(100, OrderType::market, kDay);
    venue.run_bar(1, {.volume = 600});
    ASSERT_EQ(venue.fills.size(), 1U);
    EXPECT_EQ(venue.fills[0].quantity, shares(60));
    expect_ended(venue, OrderState::expired, Reason::expired, close_of(1));
    EXPECT_EQ(venue.changed[0].filled, shares(60));
}

TEST(Sessions, ADayOrderWithoutABarExpiresAllTheSame) {
    Venue venue;
    venue.order(100, OrderType::market, kDay);
    venue.run(make_slice(1, {make_bar(3, {})}));
    expect_ended(venue, OrderState::expired, Reason::expired, close_of(1));
}

TEST(Sessions, ADayOrderOfMinutesEndsWithTheSessionItWasDecidedIn) {
    Venue venue;
    venue.run(make_minute(1, 0, false, one_bar()));
    OrderRequest request;
    request.quantity = shares(10);
    request.type = kLimit;
    request.time_in_force = kDay;
    request.limit_price = price(90);
    request.decision_slice = 1;
    request.decided_day = day(0);
    venue.submit(request);
    venue.run(make_minute(2, 0, false, one_bar()));
    EXPECT_EQ(venue.broker.working().size(), 1U);
    venue.run(make_minute(3, 0, true, one_bar()));
    expect_ended(venue, OrderState::expired, Reason::expired, close_of(0, 3));
}

TEST(Sessions, ADayOrderWhoseSessionsLastSliceNeverCameEndsOnTheNextDayUnfilled) {
    Venue venue;
    venue.run(make_minute(1, 0, false, one_bar()));
    OrderRequest request;
    request.quantity = shares(10);
    request.time_in_force = kDay;
    request.decision_slice = 1;
    request.decided_day = day(0);
    venue.submit(request);
    venue.run(make_minute(2, 1, false, one_bar()));
    EXPECT_TRUE(venue.fills.empty());
    expect_ended(venue, OrderState::expired, Reason::expired, close_of(1, 2));
}

TEST(Sessions, ADayOrderDecidedAtTheCloseWorksThroughTheNextSession) {
    Venue venue;
    venue.run(make_minute(1, 0, true, one_bar()));
    OrderRequest request;
    request.quantity = shares(10);
    request.type = kLimit;
    request.time_in_force = kDay;
    request.limit_price = price(99.5);
    request.decision_slice = 1;
    request.decided_day = day(0);
    venue.submit(request);
    venue.run(make_minute(2, 1, false, {make_bar(0, {.low = 99.6})}));
    EXPECT_EQ(venue.broker.working().size(), 1U);
    venue.run(make_minute(3, 1, false, one_bar()));
    EXPECT_EQ(venue.fills.size(), 1U);
}

TEST(Sessions, AGoodTilCancelledOrderOutlivesSessions) {
    Venue venue;
    venue.order(100, kLimit, kGtc, 90);
    for (int id = 1; id < 50; ++id) {
        venue.run_bar(id, {});
        ASSERT_EQ(venue.broker.working().size(), 1U);
    }
    venue.run_bar(50, {.open = 89, .high = 90, .low = 88, .close = 89});
    EXPECT_EQ(venue.fills.size(), 1U);
}

TEST(Sessions, ImmediateOrCancelTakesTheFirstBarOnly) {
    Venue venue({.participation_cap = 0.1}, free_of_charge());
    venue.order(100, OrderType::market, kIoc);
    venue.run(make_slice(1, {}));
    EXPECT_EQ(venue.changed.at(0).reason, Reason::waiting_for_bar);
    venue.run_bar(2, {.volume = 300});
    ASSERT_EQ(venue.fills.size(), 1U);
    EXPECT_EQ(venue.fills[0].quantity, shares(30));
    expect_ended(venue, OrderState::cancelled, Reason::unfilled_ioc, close_of(2));
    EXPECT_EQ(venue.changed[0].filled, shares(30));

    venue.order(100, kLimit, kIoc, 90);
    venue.run_bar(3, {});
    expect_ended(venue, OrderState::cancelled, Reason::unfilled_ioc, close_of(3));

    venue.order(10, OrderType::market, kIoc);
    venue.run_bar(4, {});
    EXPECT_EQ(venue.changed.at(0).state, OrderState::filled);
}

TEST(Sessions, ImmediateOrCancelIsCancelledByASyntheticBar) {
    Venue venue;
    venue.order(10, OrderType::market, kIoc);
    Bar made_up = make_bar(0, {});
    made_up.synthetic = true;
    venue.run(make_slice(1, {made_up}));
    expect_ended(venue, OrderState::cancelled, Reason::unfilled_ioc, close_of(1));
}

TEST(Sessions, MarketOnCloseFillsAtTheCloseOfTheSessionsLastBar) {
    Venue venue({}, free_of_charge());
    venue.run(make_minute(1, 0, false, one_bar()));
    OrderRequest request;
    request.quantity = shares(-10);
    request.type = kOnClose;
    request.decision_slice = 1;
    request.decided_day = day(0);
    venue.submit(request);
    venue.run(make_minute(2, 0, false, one_bar()));
    EXPECT_TRUE(venue.fills.empty());
    EXPECT_TRUE(venue.changed.empty()) << "still accepted: its time has not come";
    venue.run(make_minute(3, 0, true, {make_bar(0, {.open = 100, .close = 100.7})}));
    ASSERT_EQ(venue.fills.size(), 1U);
    EXPECT_EQ(venue.fills[0].reference_price, price(100.7));
    EXPECT_EQ(venue.changed.at(0).state, OrderState::filled);
}

TEST(Sessions, MarketOnCloseOnDailyBarsFillsAtTheNextClose) {
    Venue venue({}, free_of_charge());
    venue.order(10, kOnClose);
    venue.run_bar(1, {.open = 100, .close = 99.3});
    EXPECT_EQ(venue.fills.at(0).price, price(99.3));
}

TEST(Sessions, MarketOnCloseWithoutAClosingBarSaysSo) {
    for (const TimeInForce tif : {kGtc, kDay}) {
        const OrderState ended = tif == kDay ? OrderState::expired : OrderState::cancelled;
        Venue seen;
        seen.order(10, kOnClose, tif);
        seen.run(make_slice(1, {make_bar(1, {})}));
        expect_ended(seen, ended, Reason::no_closing_bar, close_of(1));

        Venue unseen;  // the session's last slice never came
        unseen.order(10, kOnClose, tif);
        unseen.run(make_minute(1, 0, false, one_bar()));
        EXPECT_EQ(unseen.broker.working().size(), 1U);
        unseen.run(make_minute(2, 1, true, one_bar()));
        EXPECT_TRUE(unseen.fills.empty());
        expect_ended(unseen, ended, Reason::no_closing_bar, close_of(1, 2));
    }
}

TEST(Sessions, WhatTheCapLeavesOfAMarketOnCloseOrderWorksAtTheNextClose) {
    Venue venue({.participation_cap = 0.1}, free_of_charge());
    venue.order(100, kOnClose);
    venue.run_bar(1, {.close = 100.1, .volume = 600});
    EXPECT_EQ(venue.changed.at(0).reason, Reason::partially_filled);
    venue.run_bar(2, {.close = 100.2, .volume = 600});
    ASSERT_EQ(venue.fills.size(), 1U);
    EXPECT_EQ(venue.fills[0].quantity, shares(40));
    EXPECT_EQ(venue.fills[0].price, price(100.2));

    venue.order(100, kOnClose, kDay);
    venue.run_bar(3, {.volume = 600});
    expect_ended(venue, OrderState::expired, Reason::expired, close_of(3));
    venue.order(100, kOnClose, kIoc);
    venue.run_bar(4, {.volume = 600});
    expect_ended(venue, OrderState::cancelled, Reason::unfilled_ioc, close_of(4));
}

}  // namespace
}  // namespace paperd::execution
