// The maintenance margin by example: 0.25 of the longs and 0.30 of the shorts.
#include <vector>

#include <gtest/gtest.h>

#include "tests/risk/risk_support.h"

namespace paperd::risk {
namespace {

struct Desk {
    RiskManager risk;
    std::vector<Incident> incidents;
    std::vector<Approved> approved;
    std::vector<RiskAdjustment> rows;

    explicit Desk(std::size_t symbols, const Limits& limits = no_limits())
        : risk(symbols, limits, Quantity::whole(1)), approved(symbols) {}

    // Positions are those of `wanted` at 100.
    void decide(const std::vector<Wanted>& wanted, std::int64_t amount) {
        Equity equity = equity_of(amount);
        for (const Wanted& wish : wanted) {
            const Money value = wish.price * wish.position;
            equity.value += value;
            equity.gross += abs(value);
        }
        equity.net = equity.value;
        rows.clear();
        risk.on_equity(kMonday, equity, incidents);
        risk.approve(wanted, equity, false, approved, rows);
    }

    [[nodiscard]] std::int64_t shares(std::size_t i) const {
        return approved[i].target.raw() / kScale;
    }
};

// Longs of 20,000 + 4,000 shares at 100 are 2,400,000, shorts of 10,000 are 1,000,000: the margin
// is 0.25 x 2,400,000 + 0.30 x 1,000,000 = 900,000. With an equity of 675,000 k is 675,000 /
// 900,000 = 0.75: 15,000, 3,000 and -7,500 shares, whose margin is 0.25 x 1,800,000 + 0.30 x
// 750,000 = 675,000.
TEST(Margin, EveryPositionBecomesATargetOfWhatEquityCarries) {
    Desk desk(4);
    desk.decide({wish(0, 4, 20'000), held(1, 4'000), wish(2, -2, -10'000), wish(3, 0.5)}, 675'000);
    EXPECT_EQ(desk.shares(0), 15'000) << "more was wanted";
    EXPECT_EQ(desk.shares(1), 3'000) << "nothing was said";
    EXPECT_EQ(desk.shares(2), -7'500);
    EXPECT_EQ(desk.shares(3), 0) << "nothing is opened";
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_TRUE(desk.approved[i].risk_action) << i;
        EXPECT_EQ(desk.approved[i].reason, Reason::margin_call) << i;
    }
    ASSERT_EQ(desk.rows.size(), 4U);
    EXPECT_EQ(desk.rows[0].rule, Reason::margin_call);
    EXPECT_NEAR(desk.rows[0].limit, 1, 1e-12);
    EXPECT_NEAR(desk.rows[0].before, 900.0 / 675, 1e-12);
    EXPECT_NEAR(desk.rows[0].after, 1, 1e-12);
    ASSERT_EQ(desk.incidents.size(), 1U);
    EXPECT_EQ(desk.incidents[0].kind, "margin_call");
    EXPECT_EQ(desk.incidents[0].text,
              "Equity of 675000 is below the maintenance margin of 900000.00 for 3400000 of gross "
              "and 1400000 of net exposure: every position is scaled to 0.7500 of itself, and none "
              "is opened, until equity carries them.");
    EXPECT_EQ(desk.risk.state(), TradingState::active);
}

TEST(Margin, AtTheMarginNothingIsTouched) {
    Desk desk(2);
    // 0.25 x 2,000,000 + 0.30 x 1,000,000 = 800,000.
    desk.decide({held(0, 20'000), wish(1, -2, -10'000)}, 800'000);
    EXPECT_EQ(desk.shares(0), 20'000);
    EXPECT_EQ(desk.shares(1), -16'000);
    EXPECT_TRUE(desk.rows.empty());
    EXPECT_TRUE(desk.incidents.empty());
}

TEST(Margin, WhatIsWantedNearerFlatStays) {
    Desk desk(3);
    // 0.25 x 4,000,000 = 1,000,000: k is 0.5.
    desk.decide({wish(0, 0.2, 20'000), wish(1, -1, 20'000), held(2, 0)}, 500'000);
    EXPECT_EQ(desk.shares(0), 1'000) << "0.2 x 500,000 / 100, fewer than 10,000";
    EXPECT_EQ(desk.shares(1), 0) << "the other side is not opened";
}

TEST(Margin, WithoutABarNothingMovesAndTheCallIsReportedOnce) {
    Desk desk(2);
    Wanted silent = held(0, 20'000);
    silent.has_bar = false;
    const std::vector<Wanted> wanted = {silent, wish(1, 8, 20'000)};
    desk.decide(wanted, 500'000);
    EXPECT_EQ(desk.shares(0), 20'000);
    EXPECT_EQ(desk.shares(1), 10'000);
    BlobWriter out;
    desk.risk.save(out);
    Desk restored(2);
    BlobReader in(out.bytes());
    restored.risk.load(in);
    restored.decide(wanted, 500'000);
    EXPECT_TRUE(restored.incidents.empty()) << "it goes on";
    restored.decide(wanted, 1'000'000);
    restored.decide(wanted, 999'999);
    EXPECT_EQ(restored.incidents.size(), 1U) << "another one";
}

TEST(Margin, ASettingOfZeroIsNoMargin) {
    Limits limits = no_limits();
    limits.maintenance_margin_long = 0;
    limits.maintenance_margin_short = 0;
    Desk desk(1, limits);
    desk.decide({held(0, 20'000)}, 1'000);
    EXPECT_EQ(desk.shares(0), 20'000);
    EXPECT_TRUE(desk.incidents.empty());
}

}  // namespace
}  // namespace paperd::risk
