// What must hold of every fill, over random bars and orders of every kind.
#include <map>

#include <gtest/gtest.h>

#include "tests/execution/market.h"

namespace paperd::execution {
namespace {

constexpr std::size_t kSymbols = 6;

OrderRequest random_order(Dice& dice, const Slice& slice, Price close) {
    OrderRequest request;
    request.symbol = symbol_id(static_cast<std::size_t>(dice.whole(0, kSymbols - 1)));
    request.quantity = shares(dice.whole(1, 2'000) * (dice.chance(0.5) ? 1 : -1));
    request.type = static_cast<OrderType>(dice.whole(0, 3));
    request.time_in_force = static_cast<TimeInForce>(dice.whole(0, 2));
    const Price away = price(close.to_double() * dice.uniform(0.96, 1.04));
    if (request.type == OrderType::limit) {
        request.limit_price = away;
    } else if (request.type == OrderType::stop) {
        request.stop_price = away;
    }
    request.decision_price = close;
    request.decision_slice = slice.id;
    request.decided_at = slice.closed_at;
    request.decided_day = slice.day;
    return request;
}

void check_fill(const Fill& fill, const Order& order, const Bar& bar) {
    const bool buying = fill.quantity.raw() > 0;
    ASSERT_FALSE(bar.synthetic);
    ASSERT_GE(fill.reference_price, bar.low);
    ASSERT_LE(fill.reference_price, bar.high);
    ASSERT_EQ(buying, order.quantity.raw() > 0);
    ASSERT_LE(abs(order.filled), abs(order.quantity));
    ASSERT_EQ(fill.spread_cost + fill.slippage_cost + fill.impact_cost,
              (fill.price - fill.reference_price) * fill.quantity);
    ASSERT_GE(fill.spread_cost, Money{});
    ASSERT_GE(fill.slippage_cost, Money{});
    ASSERT_GE(fill.impact_cost, Money{});
    ASSERT_GT(fill.commission, Money{});
    ASSERT_EQ(fill.delay_cost, (fill.reference_price - order.decision_price) * fill.quantity);
    if (order.limit_price) {
        ASSERT_TRUE(buying ? fill.price <= *order.limit_price : fill.price >= *order.limit_price);
    }
    if (order.type == OrderType::stop) {
        ASSERT_TRUE(order.stop_triggered);
    }
    if (order.limit_price &&
        (buying ? bar.open > *order.limit_price : bar.open < *order.limit_price)) {
        ASSERT_EQ(fill.price, *order.limit_price);
        const Price beyond = buying ? *order.limit_price - bar.low : bar.high - *order.limit_price;
        const double volume = bar.volume * beyond.to_double() / (bar.high - bar.low).to_double();
        ASSERT_LE(abs(fill.quantity).to_double(), volume + 1e-8);
    }
}

void run_market(const FailureSettings& failures) {
    constexpr std::uint64_t kSeed = 424'242;
    SCOPED_TRACE("seed " + std::to_string(kSeed));
    constexpr double kCap = 0.1;
    Dice dice(kSeed);
    Venue venue({.participation_cap = kCap}, {}, failures);
    std::map<OrderId, Order> book;
    std::map<OrderId, Quantity> filled;
    std::int64_t last_fill = 0;
    for (std::int64_t id = 1; id <= 20'000; ++id) {
        std::vector<Bar> bars;
        for (std::size_t symbol = 0; symbol < kSymbols; ++symbol) {
            if (dice.chance(0.9)) {
                bars.push_back(make_bar(symbol, random_bar(dice, 100, 5'000)));
                bars.back().synthetic = dice.chance(0.03);
            }
        }
        const Slice slice =
            make_minute(id, static_cast<int>(id / 7), dice.chance(0.12), std::move(bars));
        venue.run(slice);

        OrderId previous = 0;
        for (const Order& order : venue.changed) {
            ASSERT_GT(order.id, previous) << "each order once";
            previous = order.id;
            ASSERT_NE(order, book.at(order.id)) << "only what changed";
            book[order.id] = order;
        }
        std::map<std::size_t, Quantity> traded;
        for (const Fill& fill : venue.fills) {
            ASSERT_EQ(fill.id, ++last_fill);
            const Order& order = book.at(fill.order);
            ASSERT_LT(order.decision_slice, slice.id) << "never at or before its decision";
            ASSERT_EQ(order.decision_slice, fill.decision_slice);
            filled[fill.order] += fill.quantity;
            ASSERT_EQ(filled[fill.order], order.filled);
            const auto bar = std::find_if(slice.bars.begin(), slice.bars.end(),
                                          [&](const Bar& b) { return b.symbol == fill.symbol; });
            ASSERT_NE(bar, slice.bars.end());
            ASSERT_NO_FATAL_FAILURE(check_fill(fill, order, *bar));
            Quantity& sum = traded[index(fill.symbol)];
            sum += abs(fill.quantity);
            ASSERT_LE(sum.to_double(), kCap * bar->volume + 1e-8);
        }
        // `changed` and the list of working orders tell the same story.
        OrderId last_working = 0;
        for (const Order& order : venue.broker.working()) {
            ASSERT_GT(order.id, last_working);
            last_working = order.id;
            ASSERT_EQ(order, book.at(order.id));
            ASSERT_EQ(order.state, OrderState::working);
            ASSERT_NE(order.open_quantity().raw(), 0);
        }
        if (dice.chance(0.05)) {
            venue.changed.clear();
            venue.broker.cancel(symbol_id(static_cast<std::size_t>(dice.whole(0, kSymbols - 1))),
                                Reason::replaced, slice.closed_at, venue.changed);
            for (const Order& order : venue.changed) {
                book[order.id] = order;
            }
        }
        for (std::int64_t n = dice.whole(0, 3); n > 0; --n) {
            venue.submit(random_order(dice, slice, price(dice.uniform(98, 102))));
            book[venue.changed.at(0).id] = venue.changed.at(0);
        }
    }
    EXPECT_GT(last_fill, 5'000);
    std::map<OrderState, int> ends;
    for (const auto& [id, order] : book) {
        ++ends[order.state];
        ASSERT_NE(order.reason, Reason::none);
        ASSERT_EQ(order.filled, filled[id]);
        ASSERT_EQ(order.state == OrderState::filled, order.open_quantity().raw() == 0);
    }
    EXPECT_GT(ends[OrderState::filled], 1'000);
    EXPECT_GT(ends[OrderState::cancelled], 1'000);
    EXPECT_GT(ends[OrderState::expired], 1'000);
    EXPECT_EQ(ends[OrderState::rejected] > 0, failures.execution_failure_probability > 0);
}

TEST(Fills, ObeyTheirLawsOverRandomBarsAndOrders) { run_market({}); }

TEST(Fills, ObeyTheirLawsWithFailuresSwitchedOn) {
    FailureSettings failures;
    failures.execution_failure_probability = 0.05;
    failures.price_gap_probability = 0.5;
    failures.seed = 11;
    run_market(failures);
}

// The same orders against twice the prices and half the volume (no lot in the way) cost the same.
TEST(Fills, DoNotDependOnTheScaleOfSplitAdjustedPrices) {
    constexpr std::uint64_t kSeed = 99;
    SCOPED_TRACE("seed " + std::to_string(kSeed));
    Dice dice(kSeed);
    const BrokerSettings settings{.participation_cap = 0.1, .lot = Quantity::from_raw(1'000)};
    Venue cheap(settings);
    Venue dear(settings);
    Money paid_cheap;
    Money paid_dear;
    for (std::int64_t id = 1; id <= 2'000; ++id) {
        const BarNumbers numbers = random_bar(dice, 50, 1e5);
        BarNumbers halved = numbers;
        for (double* value : {&halved.open, &halved.high, &halved.low, &halved.close}) {
            *value *= 2;
        }
        halved.volume /= 2;
        OrderRequest request;
        request.quantity = shares(2 * dice.whole(1, 50));
        request.decision_slice = id - 1;
        cheap.submit(request);
        request.quantity = Quantity::from_raw(request.quantity.raw() / 2);
        dear.submit(request);
        cheap.run_bar(id, numbers);
        dear.run_bar(id, halved);
        for (const Fill& fill : cheap.fills) {
            paid_cheap += fill.price * fill.quantity + fill.commission;
        }
        for (const Fill& fill : dear.fills) {
            paid_dear += fill.price * fill.quantity + fill.commission;
        }
    }
    EXPECT_GT(paid_cheap, money(1e6));
    EXPECT_NEAR(paid_cheap.to_double() / paid_dear.to_double(), 1.0, 1e-7);
}

}  // namespace
}  // namespace paperd::execution
