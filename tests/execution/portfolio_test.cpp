#include "execution/portfolio.h"

#include <gtest/gtest.h>

#include "tests/execution/market.h"

namespace paperd::execution {
namespace {

Fill make_fill(std::size_t symbol, Quantity quantity, Price at, Money commission = {}) {
    static std::int64_t id = 0;
    Fill fill;
    fill.id = ++id;
    fill.symbol = symbol_id(symbol);
    fill.quantity = quantity;
    fill.price = at;
    fill.commission = commission;
    return fill;
}

struct Account {
    Portfolio portfolio{2};
    std::vector<LedgerEntry> ledger;

    const Position& trade(std::int64_t count, double at, int when = 1) {
        portfolio.apply(make_fill(0, shares(count), price(at)), close_of(when), ledger);
        portfolio.check_balance();
        return portfolio.position(symbol_id(0));
    }
};

TEST(Portfolio, ALongPositionKeepsItsTotalCostAndRealizesItsShare) {
    Account account;
    account.trade(100, 10);
    const Position& position = account.trade(50, 13);
    EXPECT_EQ(position.quantity, shares(150));
    EXPECT_EQ(position.cost, money(1'650));
    account.trade(-50, 12);
    EXPECT_EQ(position.cost, money(1'100));
    EXPECT_EQ(position.realized, money(600 - 550));
    account.trade(-100, 10);
    EXPECT_EQ(position.cost, Money{});
    EXPECT_EQ(position.realized, money(50 - 100));
    EXPECT_EQ(account.portfolio.cash(), money(-50));
}

TEST(Portfolio, AShortPositionsCostIsItsProceeds) {
    Account account;
    const Position& position = account.trade(-100, 20);
    EXPECT_EQ(position.cost, money(-2'000));
    account.trade(40, 15);
    EXPECT_EQ(position.cost, money(-1'200));
    EXPECT_EQ(position.realized, money(200));
    account.trade(60, 25);
    EXPECT_EQ(position.cost, Money{});
    EXPECT_EQ(position.realized, money(200 - 300));
}

TEST(Portfolio, ASettlementTurnsThePositionIntoCashAtItsMark) {
    Account account;
    std::vector<CorporateAction> actions;
    account.portfolio.end(symbol_id(0), CorporateActionKind::settlement, price(12), actions,
                          account.ledger);
    EXPECT_TRUE(actions.empty()) << "nothing is held";
    for (const std::int64_t count : {100, -100}) {
        account.trade(count, 10);
        Slice slice;
        slice.bars.push_back(
            make_bar(0, {.open = 12, .high = 12, .low = 12, .close = 12, .volume = 1}));
        account.portfolio.mark(slice);
        const Money before = account.portfolio.equity().equity;
        const Money realized = account.portfolio.position(symbol_id(0)).realized;
        account.portfolio.end(symbol_id(0), CorporateActionKind::settlement, price(12), actions,
                              account.ledger);
        account.portfolio.check_balance();
        const Position& position = account.portfolio.position(symbol_id(0));
        EXPECT_EQ(position.quantity, Quantity{});
        EXPECT_EQ(position.realized - realized, money(count > 0 ? 200 : -200));
        EXPECT_EQ(account.portfolio.equity().equity, before);
        EXPECT_EQ(actions.back().amount, money(count > 0 ? 1'200 : -1'200));
        EXPECT_EQ(account.ledger.back().kind, LedgerKind::settlement);
    }
}

TEST(Portfolio, AFillThroughZeroClosesTheOldPositionAndOpensTheNewOne) {
    Account account;
    const Position& position = account.trade(100, 10, 1);
    account.trade(-150, 12, 2);
    EXPECT_EQ(position.quantity, shares(-50));
    EXPECT_EQ(position.cost, money(-600));
    EXPECT_EQ(position.realized, money(200));
    EXPECT_EQ(position.since, close_of(2));
    account.trade(80, 11, 3);
    EXPECT_EQ(position.quantity, shares(30));
    EXPECT_EQ(position.cost, money(330));
    EXPECT_EQ(position.realized, money(250));
    EXPECT_EQ(position.since, close_of(3));
}

TEST(Portfolio, SinceIsWhenThePositionLastLeftFlatOrChangedSign) {
    Account account;
    const Position& position = account.trade(10, 10, 1);
    EXPECT_EQ(position.since, close_of(1));
    account.trade(10, 10, 2);
    account.trade(-5, 10, 3);
    EXPECT_EQ(position.since, close_of(1));
    account.trade(-15, 10, 4);
    account.trade(-1, 10, 5);
    EXPECT_EQ(position.since, close_of(5));
}

TEST(Portfolio, EveryChangeOfCashIsALedgerEntry) {
    Account account;
    Portfolio& portfolio = account.portfolio;
    portfolio.deposit(money(10'000), account.ledger);
    const Fill fill = make_fill(1, shares(-10), price(50), money(1.25));
    portfolio.apply(fill, close_of(1), account.ledger);
    portfolio.book(LedgerKind::dividend, symbol_id(1), money(-3), account.ledger);
    portfolio.book(LedgerKind::interest, kNoSymbol, Money{}, account.ledger);
    const std::vector<LedgerEntry> expected = {
        {LedgerKind::deposit, kNoSymbol, 0, money(10'000)},
        {LedgerKind::trade, symbol_id(1), fill.id, money(500)},
        {LedgerKind::commission, symbol_id(1), fill.id, money(-1.25)},
        {LedgerKind::dividend, symbol_id(1), 0, money(-3)}};
    EXPECT_EQ(account.ledger, expected);
    EXPECT_EQ(portfolio.cash(), money(10'495.75));
    EXPECT_EQ(portfolio.position(symbol_id(1)).realized, Money{})
        << "commission is not part of realized";
}

TEST(Portfolio, EquityIsCashAndPositionsAtTheLastKnownCloses) {
    Account account;
    Portfolio& portfolio = account.portfolio;
    portfolio.deposit(money(1'000), account.ledger);
    account.trade(10, 20);
    portfolio.apply(make_fill(1, shares(-5), price(40)), close_of(1), account.ledger);
    portfolio.mark(make_slice(1, {make_bar(0, {.close = 25}), make_bar(1, {.close = 50})}));
    const Equity first = portfolio.equity();
    EXPECT_EQ(first.cash, money(1'000));
    EXPECT_EQ(first.value, money(0));
    EXPECT_EQ(first.gross, money(500));
    EXPECT_EQ(first.net, first.value);
    EXPECT_EQ(first.equity, money(1'000));
    portfolio.mark(make_slice(2, {make_bar(0, {.close = 30})}));
    EXPECT_EQ(portfolio.equity().equity, money(1'050)) << "the other keeps its last close";
    Bar made_up = make_bar(0, {.close = 10});
    made_up.synthetic = true;
    portfolio.mark(make_slice(3, {made_up}));
    EXPECT_EQ(portfolio.equity().equity, money(1'050));
    portfolio.mark(make_slice(4, {make_bar(0, {.close = 20})}));
    EXPECT_EQ(portfolio.equity().equity, money(950));
    EXPECT_EQ(portfolio.equity().peak, money(1'050));
}

// A million fills, long, short and through zero, in fractions that never divide evenly.
TEST(Portfolio, ConservesEveryUnitOverAMillionRandomFills) {
    constexpr std::uint64_t kSeed = 1'000'003;
    SCOPED_TRACE("seed " + std::to_string(kSeed));
    constexpr std::size_t kSymbols = 5;
    constexpr std::int64_t kBound = 2'000'000'000'000;  // 20,000 shares
    Dice dice(kSeed);
    Portfolio portfolio(kSymbols);
    std::vector<LedgerEntry> ledger;
    portfolio.deposit(money(1e6), ledger);
    std::vector<std::int64_t> quantity(kSymbols);
    std::vector<__int128> trades(kSymbols);
    __int128 cash = 0;
    std::int64_t through_zero = 0;
    for (int i = 0; i < 1'000'000; ++i) {
        const auto symbol = static_cast<std::size_t>(dice.whole(0, kSymbols - 1));
        Quantity change = Quantity::from_raw(dice.whole(1, kBound / 4));
        if (dice.chance(quantity[symbol] > 0 ? 0.55 : 0.45)) {
            change = -change;
        }
        if (dice.chance(0.02) && quantity[symbol] != 0) {
            change = Quantity::from_raw(-quantity[symbol]);
        }
        const Fill fill = make_fill(symbol, change, Price::from_raw(dice.whole(1, 20'000'000'000)),
                                    Money::from_raw(dice.whole(0, 300'000'000)));
        const std::int64_t before = quantity[symbol];
        quantity[symbol] += change.raw();
        through_zero += before != 0 && (before > 0) == (quantity[symbol] < 0) ? 1 : 0;
        portfolio.apply(fill, close_of(1), ledger);
        for (const LedgerEntry& entry : ledger) {
            cash += entry.amount.raw();
            if (entry.kind == LedgerKind::trade) {
                ASSERT_EQ(entry.amount, -(fill.price * fill.quantity));
                trades[symbol] += entry.amount.raw();
            }
        }
        ledger.clear();
        const Position& position = portfolio.position(symbol_id(symbol));
        ASSERT_EQ(position.quantity.raw(), quantity[symbol]);
        ASSERT_EQ(position.realized.raw() - static_cast<__int128>(position.cost.raw()),
                  trades[symbol]);
        ASSERT_TRUE(quantity[symbol] == 0 ? position.cost.raw() == 0
                                          : (position.cost.raw() >= 0) == (quantity[symbol] > 0) ||
                                                position.cost.raw() == 0);
        if (i % 1'000 == 0) {
            portfolio.check_balance();
            ASSERT_EQ(static_cast<__int128>(portfolio.cash().raw()), cash);
        }
    }
    portfolio.check_balance();
    EXPECT_EQ(static_cast<__int128>(portfolio.cash().raw()), cash);
    EXPECT_GT(through_zero, 50'000);
}

TEST(PortfolioDeathTest, AnUnbalancedAccountStopsTheProcess) {
    Account account;
    account.portfolio.deposit(money(100), account.ledger);
    BlobWriter out;
    account.portfolio.save(out);
    std::vector<std::byte> bytes = out.take();
    bytes[bytes.size() - 24] ^= std::byte{1};  // the cash, before the ledger's sum and the peak
    BlobReader in(bytes);
    account.portfolio.load(in);
    ASSERT_FALSE(in.failed());
    EXPECT_DEATH(account.portfolio.check_balance(), "cash is not the sum");
}

}  // namespace
}  // namespace paperd::execution
