#include "risk/sizing.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "execution/types/random.h"

namespace paperd::risk {
namespace {

const Quantity kShare = Quantity::whole(1);
const Quantity kSatoshis = Quantity::from_raw(1'000);  // 0.00001

Price price(double value) { return Price::nearest(value); }

TEST(Sizing, RoundsTowardsZeroOnBothSides) {
    const Money equity = Money::whole(1'000'000);
    EXPECT_EQ(target_quantity(0.5, equity, price(300), kShare), Quantity::whole(1'666));
    EXPECT_EQ(target_quantity(-0.5, equity, price(300), kShare), Quantity::whole(-1'666));
}

TEST(Sizing, WholeResultsAreNotLostToRounding) {
    EXPECT_EQ(target_quantity(0.3, Money::whole(1'000'000), price(100), kShare),
              Quantity::whole(3'000));
}

TEST(Sizing, LotsMayBeFractionsOrHundreds) {
    const Money equity = Money::whole(10'000);
    EXPECT_EQ(target_quantity(1, equity, price(30'000), kSatoshis), Quantity::from_raw(33'333'000));
    EXPECT_EQ(target_quantity(1, equity, price(7), Quantity::whole(100)), Quantity::whole(1'400));
}

TEST(Sizing, WithoutEquityNothingIsWanted) {
    EXPECT_EQ(target_quantity(1, Money{}, price(10), kShare), Quantity{});
    EXPECT_EQ(target_quantity(1, Money::whole(-5), price(10), kShare), Quantity{});
    EXPECT_EQ(weight_of(Quantity::whole(3), price(10), Money{}), 0);
    EXPECT_EQ(weight_of(Quantity::whole(3), price(10), Money::whole(-1)), 0);
}

TEST(Sizing, AnAbsurdQuantityIsCutToWholeLotsOfWhichTwoAndTheirDifferenceFit) {
    const Quantity huge =
        target_quantity(1e300, Money::whole(1'000'000), Price::from_raw(1), Quantity::whole(7));
    EXPECT_GT(huge.raw(), 2'300'000'000'000'000'000 - 2 * Quantity::whole(7).raw());
    EXPECT_LE(huge.raw(), 2'300'000'000'000'000'000);
    // From the largest short position to the largest long one, and once more.
    EXPECT_GT(((huge - -huge) + huge).raw(), 0);
    EXPECT_EQ(huge.raw() % Quantity::whole(7).raw(), 0);
}

TEST(Sizing, AWeightIsSignedNotionalOverEquity) {
    EXPECT_DOUBLE_EQ(weight_of(Quantity::whole(-50), price(200), Money::whole(40'000)), -0.25);
}

TEST(Sizing, NeverExceedsTheWeightAndComesWithinALotOfIt) {
    for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
        SCOPED_TRACE(seed);
        const auto uniform = [&](std::uint64_t purpose) { return draw_uniform(seed, 0, purpose); };
        const Money equity = Money::nearest(std::pow(10, 3 + 6 * uniform(0)));
        const Price at = price(std::pow(10, -1 + 5 * uniform(1)));
        const Quantity lot = uniform(2) < 0.5 ? kShare : kSatoshis;
        const double weight = 4 * uniform(3) - 2;
        const Quantity quantity = target_quantity(weight, equity, at, lot);
        EXPECT_EQ(quantity.raw() % lot.raw(), 0);
        const double reached = weight_of(quantity, at, equity);
        EXPECT_GE(reached * weight, 0);
        EXPECT_LE(std::abs(reached), std::abs(weight) * (1 + 1e-14));
        EXPECT_GT(std::abs(reached) + weight_of(lot, at, equity), std::abs(weight) * (1 - 1e-14));
    }
}

TEST(SizingDeathTest, WhatIsNotFiniteOrHasNoPriceIsAProgrammersError) {
    const Money equity = Money::whole(1);
    EXPECT_DEATH(static_cast<void>(target_quantity(NAN, equity, price(1), kShare)), "not finite");
    EXPECT_DEATH(static_cast<void>(target_quantity(1, equity, Price{}, kShare)), "above zero");
    EXPECT_DEATH(static_cast<void>(target_quantity(1, equity, price(1), Quantity{})), "above zero");
}

}  // namespace
}  // namespace paperd::risk
