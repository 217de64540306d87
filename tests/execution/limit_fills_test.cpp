// How much a limit order gets at its limit.
#include <gtest/gtest.h>

#include "tests/execution/market.h"

namespace paperd::execution {
namespace {

constexpr auto kGtc = TimeInForce::good_til_cancelled;

// A buy of 1,000 at the limit 99.90, and a bar from 100.00 down to 99.88 and up to 100.40 in which
// 3,000 shares trade. Of its range of 0.52 lies 0.02 beyond the limit: 3,000 x 0.02 / 0.52 =
// 115.38, that is 115 whole shares. The cap, 0.10 x 3,000 = 300, would allow more. At the limit the
// price has no spread, slippage or impact: 115 x 99.90 = 11,488.50, of which the commission of 1 bp
// is 1.14885.
TEST(LimitFills, AWorkedExample) {
    Venue venue;
    venue.order(1'000, OrderType::limit, kGtc, 99.9);
    venue.run_bar(1, {.open = 100, .high = 100.4, .low = 99.88, .close = 100.1, .volume = 3'000});
    ASSERT_EQ(venue.fills.size(), 1U);
    EXPECT_EQ(venue.fills[0].quantity, shares(115));
    EXPECT_EQ(venue.fills[0].price.text(), "99.9");
    EXPECT_EQ(venue.fills[0].commission.text(), "1.14885");
    EXPECT_EQ(venue.changed.at(0).reason, Reason::partially_filled);

    // Down to 99.00, 0.90 of the range of 1.40 lies beyond: 3,000 x 0.90 / 1.40 = 1,928.57. Now the
    // cap is what binds: 300.
    venue.run_bar(2, {.open = 100, .high = 100.4, .low = 99, .close = 100.1, .volume = 3'000});
    EXPECT_EQ(venue.fills.at(0).quantity, shares(300));

    // Opening at 99.50 it is no longer at the limit: the cap alone.
    venue.run_bar(3, {.open = 99.5, .high = 100.4, .low = 99.4, .close = 100, .volume = 4'000});
    EXPECT_EQ(venue.fills.at(0).quantity, shares(400));
    EXPECT_GT(venue.fills.at(0).price, price(99.5));
}

// A sell of 1,000 at 100.10 in a bar up to 100.12 with the range 0.52: the mirror, 115.
TEST(LimitFills, SellsMirror) {
    Venue venue;
    venue.order(-1'000, OrderType::limit, kGtc, 100.1);
    venue.run_bar(1, {.open = 100, .high = 100.12, .low = 99.6, .close = 99.9, .volume = 3'000});
    ASSERT_EQ(venue.fills.size(), 1U);
    EXPECT_EQ(venue.fills[0].quantity, shares(-115));
    EXPECT_EQ(venue.fills[0].price.text(), "100.1");
}

// Each of three orders may have 115 of what traded beyond the limit, all together 300: 115, 115 and
// the 70 that are left.
TEST(LimitFills, OrdersShareTheCapAndEachHasItsOwnBound) {
    Venue venue;
    for (int i = 0; i < 3; ++i) {
        venue.order(1'000, OrderType::limit, kGtc, 99.9);
    }
    venue.run_bar(1, {.open = 100, .high = 100.4, .low = 99.88, .close = 100.1, .volume = 3'000});
    ASSERT_EQ(venue.fills.size(), 3U);
    EXPECT_EQ(venue.fills[0].quantity, shares(115));
    EXPECT_EQ(venue.fills[1].quantity, shares(115));
    EXPECT_EQ(venue.fills[2].quantity, shares(70));
}

// 3,000 x 0.0001 / 0.5201 = 0.58: less than a share traded beyond the limit.
TEST(LimitFills, LessThanALotBeyondTheLimitIsNoFill) {
    Venue venue;
    venue.order(1'000, OrderType::limit, kGtc, 99.88);
    venue.run_bar(1, {.open = 100, .high = 100.4, .low = 99.8799, .close = 100.1, .volume = 3'000});
    EXPECT_TRUE(venue.fills.empty());
    EXPECT_EQ(venue.changed.at(0).reason, Reason::no_volume);
}

// 0.3 of the range is 0.3 of the volume to the last lot, whatever a double makes of 0.3.
TEST(LimitFills, AWholeLotIsNotLostToADoublesLastBit) {
    for (const std::int64_t volume : {10, 70, 1'000, 30'010, 999'990}) {
        Venue venue({.participation_cap = 1});
        venue.order(1'000'000, OrderType::limit, kGtc, 99.3);
        venue.run_bar(1, {.open = 99.5,
                          .high = 100,
                          .low = 99,
                          .close = 99.5,
                          .volume = static_cast<double>(volume)});
        EXPECT_EQ(venue.fills.at(0).quantity, shares(volume * 3 / 10)) << volume;
    }
}

// Over random bars and limits no fill is above its own bound, and none together above the cap.
TEST(LimitFills, NeverPassEitherBound) {
    constexpr std::uint64_t kSeed = 20'240'306;
    SCOPED_TRACE("seed " + std::to_string(kSeed));
    Dice dice(kSeed);
    int bound_by_limit = 0;
    int bound_by_cap = 0;
    for (int round = 0; round < 20'000; ++round) {
        const double cap = dice.uniform(0.01, 1);
        const Quantity lot = Quantity::from_raw(dice.chance(0.5) ? kScale : 1'000);
        Venue venue({.participation_cap = cap, .lot = lot}, free_of_charge());
        const BarNumbers numbers = random_bar(dice, 100, 5'000);
        const Bar bar = make_bar(0, numbers);
        for (std::int64_t n = dice.whole(1, 4); n > 0; --n) {
            const std::int64_t size = dice.whole(1, 2'000);
            venue.order(dice.chance(0.5) ? size : -size, OrderType::limit, kGtc,
                        dice.uniform(numbers.low * 0.99, numbers.high * 1.01));
        }
        const std::vector<Order> orders = venue.broker.working();
        venue.run_bar(1, numbers);
        const Quantity room = floor_to_lot(Quantity::nearest(cap * numbers.volume), lot);
        Quantity taken;
        for (const Fill& fill : venue.fills) {
            const Order& order = orders.at(static_cast<std::size_t>(fill.order - 1));
            const Price limit = *order.limit_price;
            const bool buying = fill.quantity.raw() > 0;
            const Quantity size = abs(fill.quantity);
            ASSERT_EQ(size.raw() % lot.raw(), 0);
            if (buying ? bar.open > limit : bar.open < limit) {
                const Price beyond = buying ? limit - bar.low : bar.high - limit;
                ASSERT_GT(beyond, Price{}) << "touched is not traded through";
                const double bound =
                    numbers.volume * (beyond.to_double() / (bar.high - bar.low).to_double());
                ASSERT_LE(size.to_double(), bound + 1e-8);
                const Quantity least =
                    std::min(abs(order.quantity), room - taken) - Quantity::from_raw(1);
                bound_by_limit += size < least ? 1 : 0;
            }
            taken += size;
            ASSERT_LE(taken, room);
            bound_by_cap += taken == room ? 1 : 0;
        }
    }
    EXPECT_GT(bound_by_limit, 1'000);
    EXPECT_GT(bound_by_cap, 1'000);
}

}  // namespace
}  // namespace paperd::execution
