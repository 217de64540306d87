// What execution leaves alone and what the caps make of it, by example: equity is 1,000,000 and
// prices are 100; the band is 0.01 of a share of 0.5, which is 5,000 or 50 shares.
#include "risk/resulting_book.h"

#include <vector>

#include <gtest/gtest.h>

#include "tests/risk/judged_desk.h"

namespace paperd::risk {
namespace {

const Quantity kShare = Quantity::whole(1);

struct Desk : JudgedDesk {
    explicit Desk(const Limits& limits, std::size_t symbols = 4,
                  const execution::CostSettings& costs = execution::free_of_charge())
        : JudgedDesk({}, 0.5, kShare, costs), risk(symbols, limits, kShare) {}

    void decide(const std::vector<Wanted>& wanted) {
        JudgedDesk::decide(risk, wanted, equity_of(1'000'000));
    }

    RiskManager risk;
};

Wanted working(Wanted wanted, std::int64_t ordered) {
    wanted.ordered = Quantity::whole(ordered);
    return wanted;
}

Limits gross_of(double limit) {
    Limits limits = no_limits();
    limits.gross_leverage_max = limits.gross_leverage_before_var_max = limit;
    return limits;
}

// Each of four wants 0.5; a gross of 10,000.5 shares leaves 2,500 to each. The second holds 2,460:
// 40 short, within the band, and stays; so do the first and the third, with 2,500 and 2,490. The
// fourth takes what is left: 10,000.5 - 2,500 - 2,460 - 2,490 = 2,550 shares.
TEST(ResultingBook, WhatTheBandLeavesAloneIsCountedAsItStays) {
    Desk desk(gross_of(1.00005));
    desk.decide(
        {wish(0, 0.5, 2'500), wish(1, 0.5, 2'460), wish(2, 0.5, 2'490), wish(3, 0.5, 2'400)});
    EXPECT_EQ(desk.shares(0), 2'500);
    EXPECT_EQ(desk.shares(1), 2'460);
    EXPECT_EQ(desk.shares(2), 2'490);
    EXPECT_EQ(desk.shares(3), 2'550);
    EXPECT_EQ(desk.approved[3].reason, Reason::gross_leverage);
}

// With 2,530 in the first and 2,500 in the third: the first and the fourth may have (10,000.5 -
// 2,460
// - 2,500) / 2 = 2,520 each, but 2,530 + 2,460 + 2,500 + 2,520 = 10,010 are 10 too many. So the
// first is trimmed to its 2,520, band or not.
TEST(ResultingBook, ATrimUnderTheBandIsTradedWhereTheBookNeedsIt) {
    Desk desk(gross_of(1.00005));
    desk.decide(
        {wish(0, 0.5, 2'530), wish(1, 0.5, 2'460), wish(2, 0.5, 2'500), wish(3, 0.5, 2'400)});
    EXPECT_EQ(desk.shares(0), 2'520);
    EXPECT_TRUE(desk.approved[0].risk_action);
    EXPECT_EQ(desk.shares(3), 2'520);
}

// 2,530 + 2,460 + 2,490 + 2,480 = 9,960: of the 2,500 that each may have the first has 30 too many,
// but the book is within the limit as it is.
TEST(ResultingBook, ATrimThatIsNotNeededIsNotTraded) {
    Desk desk(gross_of(1.00005));
    desk.decide(
        {wish(0, 0.5, 2'530), wish(1, 0.5, 2'460), wish(2, 0.5, 2'490), wish(3, 0.5, 2'480)});
    for (const auto& [symbol, held] : {std::pair{0, 2'530}, {1, 2'460}, {2, 2'490}, {3, 2'480}}) {
        EXPECT_EQ(desk.shares(static_cast<std::size_t>(symbol)), held);
        EXPECT_FALSE(desk.approved[static_cast<std::size_t>(symbol)].risk_action);
    }
}

// 5,000 are held and 2,000 more are on order, by which the gross of 0.8 is 0.1 short: the one that
// has no bar, and the one that has nothing to say, count with their orders.
TEST(ResultingBook, OrdersAtWorkCountAsTheyWillFill) {
    Desk desk(gross_of(0.8), 3);
    Wanted silent = working(held(0, 2'000), 1'000);
    silent.has_bar = false;
    desk.decide({silent, working(held(1, 3'000), 1'000), wish(2, 0.5)});
    EXPECT_EQ(desk.shares(0), 3'000);
    // The limit leaves 0.5 for the 0.4 of the second and the 0.5 of the third: 5/9 of each.
    EXPECT_EQ(desk.shares(1), 2'222);
    EXPECT_EQ(desk.shares(2), 2'777);
}

// Longs of 0.6 and a short of -0.6: the net is 0. But the short does not pay, and without it the
// net limit of 0.4 cuts the longs to 0.2 each.
TEST(ResultingBook, WhatDoesNotPayIsNoPartOfTheNet) {
    Limits limits = no_limits();
    limits.net_leverage_max = 0.4;
    execution::CostSettings costs = execution::free_of_charge();
    costs.slippage_bps = 10;  // the round trip is 20 bp
    Desk desk(limits, 3, costs);
    desk.terms.has_forecast = true;
    desk.forecasts = {0.01, 0.01, -0.0001};
    desk.decide({wish(0, 0.3), wish(1, 0.3), wish(2, -0.6)});
    EXPECT_EQ(desk.shares(0), 2'000);
    EXPECT_EQ(desk.shares(1), 2'000);
    EXPECT_EQ(desk.shares(2), 0);
    EXPECT_EQ(desk.approved[2].target, Quantity::whole(-6'000)) << "risk had nothing against it";
}

// The day may trade 0.01, 10,000. Scaled alike, 1.2 of wishes become 41, 33 and -25 shares, each
// below the band of 50, and none would ever be traded. So the two largest get 50 each, and that is
// all there is.
TEST(ResultingBook, WhatALimitCutsBelowTheBandIsHandedOutInPiecesOfIt) {
    Limits limits = no_limits();
    limits.turnover_day_max = 0.01;
    Desk desk(limits, 3);
    desk.decide({wish(0, 0.4), wish(1, 0.5), wish(2, -0.3)});
    EXPECT_EQ(desk.shares(0), 50);
    EXPECT_EQ(desk.shares(1), 50);
    EXPECT_EQ(desk.shares(2), 0);
    // Held, and wanting 0.4 more each: the day's turnover alone is what makes it small.
    desk.decide({wish(0, 0.5, 1'000), wish(1, 0.5, 1'000), wish(2, 0.5, 1'000)});
    EXPECT_EQ(desk.shares(0), 1'050);
    EXPECT_EQ(desk.shares(1), 1'050);
    EXPECT_EQ(desk.shares(2), 1'000);
}

// A gross of 0.012 for three of 0.5 is 40 shares each.
TEST(ResultingBook, NorDoesTheGrossLimitStarveAll) {
    Desk desk(gross_of(0.012), 3);
    desk.decide({wish(0, 0.5), wish(1, -0.5), wish(2, 0.5)});
    EXPECT_EQ(desk.shares(0), 50);
    EXPECT_EQ(desk.shares(1), -50);
    EXPECT_EQ(desk.shares(2), 0);
    // They stay, and nobody is traded for another.
    desk.decide({wish(0, 0.5, 50), wish(1, -0.5, -50), wish(2, 0.5)});
    EXPECT_EQ(desk.shares(0), 50);
    EXPECT_EQ(desk.shares(1), -50);
    EXPECT_EQ(desk.shares(2), 0);
}

// A bar's usual volume of 30 shares cuts an order to 30, below the band of 50: it is a part of the
// 5,000 that are wanted. The next part is ordered when the first has filled.
TEST(ResultingBook, AnOrderThatVolumeCutIsTradedInParts) {
    Limits limits = no_limits();
    limits.order_to_volume_max = 1;
    Desk desk(limits, 1);
    Wanted wanted = wish(0, 0.5);
    wanted.median_volume = 30;
    desk.decide({wanted});
    EXPECT_EQ(desk.shares(0), 30);
    desk.decide({working(wanted, 30)});
    EXPECT_EQ(desk.shares(0), 30);
    wanted.position = Quantity::whole(30);
    desk.decide({wanted});
    EXPECT_EQ(desk.shares(0), 60);
}

// A limit on the position of 0.003, 30 shares, is below the band: it is opened all the same, and
// then kept.
TEST(ResultingBook, APositionLimitUnderTheBandIsOpenedFromFlat) {
    Limits limits = no_limits();
    limits.position_fraction_max = 0.003;
    Desk desk(limits, 1);
    desk.decide({wish(0, 0.5)});
    EXPECT_EQ(desk.shares(0), 30);
    desk.decide({wish(0, 0.5, 25)});
    EXPECT_EQ(desk.shares(0), 25);
    desk.decide({wish(0, 0.5, 31)});
    EXPECT_EQ(desk.shares(0), 30) << "beyond the limit";
}

TEST(ResultingBook, AnExcessBelowABillionthOfALimitIsNone) {
    Limits limits = no_limits();
    limits.position_fraction_max = 0.5;
    Desk desk(limits, 1);
    desk.decide({wish(0, 0.5 * (1 + 5e-10))});
    EXPECT_TRUE(desk.rows.empty());
    desk.decide({wish(0, 0.5 * (1 + 5e-9))});
    EXPECT_EQ(desk.rows.size(), 1U);
}

}  // namespace
}  // namespace paperd::risk
