#include "execution/types/split.h"

#include <gtest/gtest.h>

namespace paperd {
namespace {

Split of(std::int64_t new_shares, std::int64_t old_shares) {
    return {.symbol = {}, .ex_date = {}, .new_shares = new_shares, .old_shares = old_shares};
}

// 101 x 3/2 = 151.5; 302 x 1/3 = 100.67; each towards zero to a lot, also of a short.
TEST(Split, QuantitiesGoTowardsZeroToALot) {
    const Quantity share = Quantity::whole(1);
    EXPECT_EQ(split_quantity(Quantity::whole(101), of(3, 2), share), Quantity::whole(151));
    EXPECT_EQ(split_quantity(Quantity::whole(-101), of(3, 2), share), Quantity::whole(-151));
    EXPECT_EQ(split_quantity(Quantity::whole(302), of(1, 3), share), Quantity::whole(100));
    EXPECT_EQ(split_quantity(Quantity::whole(300), of(1, 3), share), Quantity::whole(100));
    EXPECT_EQ(split_quantity(Quantity::whole(3), of(1, 4), share), Quantity{});
    // In lots of 0.1: 1.5 x 3/2 = 2.25 is 2.2.
    EXPECT_EQ(split_quantity(*Quantity::parse("1.5"), of(3, 2), *Quantity::parse("0.1")),
              *Quantity::parse("2.2"));
}

// 100 / 3 = 33.33333333|3; a half: 0.00000003 / 2 = 0.00000001|5 to the even 2.
TEST(Split, PricesRoundHalfToEvenAndStayAboveZero) {
    EXPECT_EQ(split_price(Price::whole(100), of(3, 1)).text(), "33.33333333");
    EXPECT_EQ(split_price(Price::from_raw(3), of(2, 1)).raw(), 2);
    EXPECT_EQ(split_price(Price::from_raw(5), of(2, 1)).raw(), 2);
    EXPECT_EQ(split_price(Price::whole(7), of(1, 8)), Price::whole(56));
    EXPECT_EQ(split_price(Price::from_raw(1), of(100, 1)).raw(), 1);
    EXPECT_EQ(split_price(Price{}, of(2, 1)), Price{});
}

}  // namespace
}  // namespace paperd
