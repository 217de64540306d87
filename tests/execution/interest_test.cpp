#include "execution/interest.h"

#include <gtest/gtest.h>

#include "tests/execution/market.h"

namespace paperd::execution {
namespace {

// Marks of 50, 200 and 10.
struct Holding {
    Portfolio portfolio{3};
    std::vector<LedgerEntry> ledger;

    explicit Holding(double cash = 0) {
        std::vector<LedgerEntry> ignored;
        portfolio.deposit(money(cash), ignored);
        portfolio.mark(make_slice(1, {make_bar(0, {.close = 50}), make_bar(1, {.close = 200}),
                                      make_bar(2, {.close = 10})}));
    }

    void trade(std::size_t symbol, std::int64_t count, double at) {
        Fill fill;
        fill.symbol = symbol_id(symbol);
        fill.quantity = shares(count);
        fill.price = price(at);
        std::vector<LedgerEntry> ignored;
        portfolio.apply(fill, close_of(1), ignored);
    }
};

CostSettings rates(double margin, double cash, double rebate, double borrow) {
    CostSettings costs;
    costs.margin_rate = margin;
    costs.cash_rate = cash;
    costs.short_rebate_rate = rebate;
    costs.borrow_rate_year = borrow;
    return costs;
}

// 100,000 deposited; 1,000 of A sold short at 40: cash 140,000. 1,000 of B bought at 180: cash
// 140,000 - 180,000 = -40,000. A is marked at 50: S = 1,000 x 50 = 50,000.
// free = cash - S = -40,000 - 50,000 = -90,000.
// Friday to Monday, 3 days:
//   rebate  50,000 x 0.012 x 3/360 =  5        into the account
//   borrow  50,000 x 0.036 x 3/360 = 15        out of it
//   margin  90,000 x 0.06  x 3/360 = 45        out of it
TEST(Interest, WorkedExampleOfADebitWithAShortOverAWeekend) {
    Holding holding(100'000);
    holding.trade(0, -1'000, 40);
    holding.trade(1, 1'000, 180);
    book_interest(holding.portfolio, rates(0.06, 0.05, 0.012, 0.036), 3, holding.ledger);
    const std::vector<LedgerEntry> expected = {
        {LedgerKind::short_rebate, symbol_id(0), 0, money(5)},
        {LedgerKind::borrow, symbol_id(0), 0, money(-15)},
        {LedgerKind::margin_interest, kNoSymbol, 0, money(-45)}};
    EXPECT_EQ(holding.ledger, expected);
    EXPECT_EQ(holding.portfolio.cash(), money(-40'000 + 5 - 15 - 45));
    holding.portfolio.check_balance();
}

// 320,000 deposited, 1,000 of A sold short at 40: cash 360,000, S = 50,000. The proceeds are not
// free: 310,000 earn 310,000 x 0.036 x 1/360 = 31, and not 36.
TEST(Interest, WhatAShortSaleBroughtIsNotFree) {
    Holding holding(320'000);
    holding.trade(0, -1'000, 40);
    book_interest(holding.portfolio, rates(0.06, 0.036, 0, 0), 1, holding.ledger);
    const std::vector<LedgerEntry> expected = {{LedgerKind::interest, kNoSymbol, 0, money(31)}};
    EXPECT_EQ(holding.ledger, expected);
}

// -1 x 0.06 / 360 = -0.000166..., rounded to -0.00016667; two days at once round once:
// -0.000333... to -0.00033333, where two bookings would make -0.00033334.
TEST(Interest, AnEntryIsRoundedOnceWhateverItsDays) {
    Holding holding(199);
    holding.trade(1, 1, 200);
    book_interest(holding.portfolio, rates(0.06, 0, 0, 0), 1, holding.ledger);
    EXPECT_EQ(holding.ledger.at(0).amount.raw(), -16'667);
    Holding two(199);
    two.trade(1, 1, 200);
    book_interest(two.portfolio, rates(0.06, 0, 0, 0), 2, two.ledger);
    EXPECT_EQ(two.ledger.at(0).amount.raw(), -33'333);
}

// 0.00003 of free cash at a rate of 0.06 for one day: 3,000 x 0.06 / 360 = 0.5 of the last
// decimal, to the even 0; 0.00009: 1.5, to the even 2.
TEST(Interest, HalvesGoToEven) {
    for (const auto& [cash, earned] : {std::pair{3'000, 0}, std::pair{9'000, 2}}) {
        Holding holding;
        std::vector<LedgerEntry> ignored;
        holding.portfolio.deposit(Money::from_raw(cash), ignored);
        book_interest(holding.portfolio, rates(0.06, 0.06, 0, 0), 1, holding.ledger);
        EXPECT_EQ(holding.portfolio.cash().raw(), cash + earned);
        EXPECT_EQ(holding.ledger.size(), earned == 0 ? 0U : 1U) << "zero is not booked";
    }
}

TEST(Interest, EachShortPaysForItselfInTheOrderOfSymbols) {
    Holding holding(1'000'000);
    holding.trade(0, -1'000, 40);  // marked at 50
    holding.trade(1, 500, 200);
    holding.trade(2, -360, 10);
    book_interest(holding.portfolio, rates(0.06, 0, 0, 0.036), 1, holding.ledger);
    const std::vector<LedgerEntry> expected = {{LedgerKind::borrow, symbol_id(0), 0, money(-5)},
                                               {LedgerKind::borrow, symbol_id(2), 0, money(-0.36)}};
    EXPECT_EQ(holding.ledger, expected);
}

TEST(Interest, ByDefaultADebitPaysSixPercentAndNothingElseEarns) {
    Holding debit(99'000);
    debit.trade(1, 500, 200);  // free: -1,000
    book_interest(debit.portfolio, {}, 36, debit.ledger);
    const std::vector<LedgerEntry> paid = {
        {LedgerKind::margin_interest, kNoSymbol, 0, money(-6)}};  // 1,000 x 0.06 x 36/360
    EXPECT_EQ(debit.ledger, paid);
    Holding rich(1'000);
    book_interest(rich.portfolio, {}, 36, rich.ledger);
    EXPECT_TRUE(rich.ledger.empty());
}

TEST(InterestDeathTest, NoDayNoInterest) {
    Holding holding;
    EXPECT_DEATH(book_interest(holding.portfolio, CostSettings{}, 0, holding.ledger), "a day");
}

}  // namespace
}  // namespace paperd::execution
