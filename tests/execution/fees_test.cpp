#include "execution/fees.h"

#include <gtest/gtest.h>

#include "execution/fee_schedules.h"
#include "tests/execution/market.h"

namespace paperd::execution {
namespace {

Day on(const char* text) { return *parse_day(text); }

// The fees of `count` shares, sold where negative, at `at` each.
std::string charged(FeeSchedule schedule, std::int64_t count, double at, const char* date) {
    const Quantity size = abs(shares(count));
    return fees(fee_preset(schedule).terms, {.notional = price(at) * size,
                                             .size = size,
                                             .sell = count < 0,
                                             .maker = false,
                                             .day = on(date)})
        .text();
}

std::string custom(const FeeTerms& terms, std::int64_t count, double at) {
    return fees(terms,
                {.notional = price(at) * shares(count), .size = shares(count), .day = day(0)})
        .text();
}

// 1,000 shares at 25 are 25,000. 0.005 x 1,000 = 5, between the minimum of 1 and the maximum of 1%
// of 25,000 = 250. A sell on 2024-06-03 pays 27.80 a million of 25,000 = 0.695 to the SEC, and
// 0.000166 x 1,000 = 0.166 to FINRA, below its 8.30: 5 + 0.695 + 0.166 = 5.861.
TEST(Fees, AWorkedExampleOfAPriceAShare) {
    EXPECT_EQ(charged(FeeSchedule::per_share, 1'000, 25, "2024-06-03"), "5");
    EXPECT_EQ(charged(FeeSchedule::per_share, -1'000, 25, "2024-06-03"), "5.861");
}

// What the broker itself gives as examples: 100 shares at 25 would be 0.50 and pay the minimum; of
// 1,000 at 0.25, 1% of 250 is less than 5. Where 1% is less than the minimum too, it is the 1%: of
// 10 shares at 2, 0.20.
TEST(Fees, TheMaximumGoesBeforeTheMinimum) {
    EXPECT_EQ(charged(FeeSchedule::per_share, 100, 25, "2024-06-03"), "1");
    EXPECT_EQ(charged(FeeSchedule::per_share, 1'000, 0.25, "2024-06-03"), "2.5");
    EXPECT_EQ(charged(FeeSchedule::per_share, 10, 2, "2024-06-03"), "0.2");
}

// 200 shares at 320.50 are 64,100: 20.70 a million is 1.32687; 200 x 0.000119 is 0.0238; together
// 1.35067.
TEST(Fees, AWorkedExampleWithoutCommission) {
    EXPECT_EQ(charged(FeeSchedule::zero_commission, -200, 320.5, "2019-12-23"), "1.35067");
    EXPECT_EQ(charged(FeeSchedule::zero_commission, 200, 320.5, "2019-12-23"), "0");
}

TEST(Fees, CryptoAndTheNotebookPayATenthOfAPercent) {
    EXPECT_EQ(charged(FeeSchedule::crypto_taker, -2, 65'000, "2024-03-06"), "130");
    EXPECT_EQ(charged(FeeSchedule::notebook, 2, 65'000, "2024-03-06"), "130");
}

// At 8.00 a million 0.000625 pays half of a 1e-8, which goes to the even 0, and 0.001875 pays one
// and a half, which go to the even 2. Each part rounds by itself: 0.5 bp of 0.0001 is half of a
// 1e-8, that is nothing; half a share at 0.00000001 a share is too, and together they are not one.
TEST(Fees, EachRoundsHalfToEvenByItself) {
    FeeTerms sec;
    sec.section_31 = true;
    Charged sold{.notional = Money::from_raw(62'500), .size = shares(1), .sell = true};
    sold.day = on("2023-06-01");
    EXPECT_EQ(fees(sec, sold).raw(), 0);
    sold.notional = Money::from_raw(187'500);
    EXPECT_EQ(fees(sec, sold).raw(), 2);

    FeeTerms parts;
    parts.taker_bps = 0.5;
    parts.per_share = 0.00000001;
    const Charged small{.notional = Money::from_raw(10'000),
                        .size = Quantity::from_raw(kScale / 2)};
    EXPECT_EQ(fees(parts, small).raw(), 0);
}

// 50,000 x 0.000119 = 5.95 is where the cap begins.
TEST(Fees, TheTradingActivityFeeHasAMaximumAFill) {
    FeeTerms taf;
    taf.taf = true;
    const auto of = [&](std::int64_t count) {
        return fees(taf, {.notional = money(1),
                          .size = shares(count),
                          .sell = true,
                          .maker = false,
                          .day = on("2019-12-23")})
            .text();
    };
    EXPECT_EQ(of(49'999), "5.949881");
    EXPECT_EQ(of(50'000), "5.95");
    EXPECT_EQ(of(90'000'000'000), "5.95");
}

TEST(Fees, ARateHoldsFromItsFirstDayOn) {
    for (std::size_t i = 1; i < section_31_rates().size(); ++i) {
        const Section31Rate& row = section_31_rates()[i];
        EXPECT_EQ(section_31_on(row.first_day).rate_e8, row.rate_e8);
        EXPECT_EQ(section_31_on(row.first_day - std::chrono::days{1}).rate_e8,
                  section_31_rates()[i - 1].rate_e8);
    }
    EXPECT_EQ(section_31_on(on("2013-10-07")).rate_e8, 1740);
    EXPECT_EQ(section_31_on(on("2019-12-23")).rate_e8, 2070);
    EXPECT_EQ(section_31_on(on("2025-12-31")).rate_e8, 0) << "nothing from May 2025 on";
    EXPECT_EQ(taf_on(on("2021-12-31")).per_share.text(), "0.000119");
    EXPECT_EQ(taf_on(on("2022-01-01")).fill_max.text(), "6.49");
}

TEST(Fees, BeforeTheFirstRowAndAfterTheLastTheNearestHolds) {
    EXPECT_EQ(section_31_on(on("1999-11-01")).rate_e8, 1100);
    EXPECT_EQ(section_31_on(on("2039-01-03")).rate_e8, 2060);
    EXPECT_EQ(taf_on(on("1999-11-01")).per_share.text(), "0.000075");
    EXPECT_EQ(taf_on(on("2039-01-03")).per_share.text(), "0.000195");
}

TEST(Fees, OfCustomTermsAreWhatTheyWere) {
    FeeTerms terms;
    terms.taker_bps = 1;
    terms.minimum = 1.5;
    EXPECT_EQ(custom(terms, 10, 100), "1.5");
    EXPECT_EQ(custom(terms, 1'000, 100), "10");
    terms.maximum_bps = 0.5;
    EXPECT_EQ(custom(terms, 1'000, 100), "5");
}

// Fees are never negative; the estimate is what a taker's fill pays; no fill pays more than the
// bound says.
TEST(Fees, EstimateAndBoundHoldForRandomFills) {
    constexpr std::uint64_t kSeed = 31;
    SCOPED_TRACE("seed " + std::to_string(kSeed));
    Dice dice(kSeed);
    for (int i = 0; i < 100'000; ++i) {
        FeeTerms terms{.maker_bps = dice.uniform(0, 50),
                       .taker_bps = dice.uniform(0, 50),
                       .per_share = dice.chance(0.5) ? dice.uniform(0, 0.1) : 0,
                       .minimum = dice.chance(0.5) ? dice.uniform(0, 5) : 0,
                       .section_31 = dice.chance(0.5),
                       .taf = dice.chance(0.5)};
        if (dice.chance(0.3)) {
            terms.maximum_bps = dice.uniform(0, 100);
        }
        Charged fill{.notional = Money::from_raw(dice.whole(1, 100'000'000'000'000)),
                     .size = Quantity::from_raw(dice.whole(1, 10'000'000'000'000)),
                     .sell = dice.chance(0.5),
                     .maker = dice.chance(0.5),
                     .day = day(static_cast<int>(dice.whole(-9'000, 9'000)))};
        const double notional = fill.notional.to_double();
        const double size = fill.size.to_double();
        const Money paid = fees(terms, fill);
        ASSERT_GE(paid, Money{});
        // Four roundings, and settings count to the eighth decimal: a bp's eighth, of the notional,
        // and a share's.
        const double tolerance = 1e-7 + 3e-12 * notional + 1e-8 * size;
        ASSERT_LE(paid.to_double(), fees_at_most(terms, notional, size, 1) + tolerance);
        fill.maker = false;
        const FeeEstimate estimate = estimate_fees(terms, notional, size, fill.day);
        const double expected = estimate.commission + (fill.sell ? estimate.sale : 0);
        ASSERT_NEAR(fees(terms, fill).to_double(), expected * notional, tolerance);
    }
}

}  // namespace
}  // namespace paperd::execution
