#include "execution/carry.h"

#include <gtest/gtest.h>

#include "tests/execution/market.h"

namespace paperd::execution {
namespace {

struct Holding {
    Portfolio portfolio{3};
    std::vector<LedgerEntry> ledger;

    Holding() {
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

CostSettings rates(double borrow, double interest) {
    CostSettings costs;
    costs.borrow_rate_year = borrow;
    costs.interest_rate_year = interest;
    return costs;
}

TEST(Carry, ShortsPayTheBorrowFeeOnTheirMarketValueActual360) {
    Holding holding;
    holding.trade(0, -1'000, 40);  // marked at 50
    holding.trade(1, 500, 200);
    holding.trade(2, -360, 10);
    book_carry(holding.portfolio, rates(0.036, 0), 1, holding.ledger);
    const std::vector<LedgerEntry> expected = {{LedgerKind::borrow, symbol_id(0), 0, money(-5)},
                                               {LedgerKind::borrow, symbol_id(2), 0, money(-0.36)}};
    EXPECT_EQ(holding.ledger, expected);
    holding.portfolio.check_balance();
}

TEST(Carry, AWeekendCountsItsCalendarDays) {
    Holding holding;
    holding.trade(0, -1'000, 40);
    book_carry(holding.portfolio, rates(0.036, 0), 3, holding.ledger);
    EXPECT_EQ(holding.ledger.at(0).amount, money(-15));
}

TEST(Carry, PositiveCashEarnsInterestOnWhatWasThereBeforeTheFee) {
    Holding holding;
    std::vector<LedgerEntry> ignored;
    holding.portfolio.deposit(money(320'000), ignored);
    holding.trade(0, -1'000, 40);  // cash 360,000
    book_carry(holding.portfolio, rates(0.036, 0.05), 3, holding.ledger);
    ASSERT_EQ(holding.ledger.size(), 2U);
    EXPECT_EQ(holding.ledger[1].kind, LedgerKind::interest);
    EXPECT_EQ(holding.ledger[1].amount, money(150));
    EXPECT_EQ(holding.portfolio.cash(), money(360'000 - 15 + 150));
}

TEST(Carry, NegativeCashAndLongPositionsCostNothing) {
    Holding holding;
    holding.trade(0, 1'000, 40);
    book_carry(holding.portfolio, rates(0.036, 0.05), 1, holding.ledger);
    EXPECT_TRUE(holding.ledger.empty());
}

TEST(CarryDeathTest, NoDayNoCarry) {
    Holding holding;
    EXPECT_DEATH(book_carry(holding.portfolio, CostSettings{}, 0, holding.ledger), "a day");
}

}  // namespace
}  // namespace paperd::execution
