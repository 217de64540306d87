#include "execution/splits.h"

#include <gtest/gtest.h>

#include "tests/execution/market.h"

namespace paperd::execution {
namespace {

Split ratio(std::int64_t new_shares, std::int64_t old_shares, std::size_t symbol = 0) {
    return {.symbol = symbol_id(symbol),
            .ex_date = day(2),
            .new_shares = new_shares,
            .old_shares = old_shares};
}

// A holder of symbol 0, marked at the close before.
struct Holder {
    Venue venue{{}, free_of_charge()};
    Portfolio portfolio{2};
    Dividends dividends{2, {}};
    std::vector<CorporateAction> actions;
    std::vector<LedgerEntry> ledger;
    std::vector<Order> orders;

    Holder(std::int64_t count, double bought_at, double close) {
        Fill fill;
        fill.quantity = shares(count);
        fill.price = price(bought_at);
        std::vector<LedgerEntry> ignored;
        if (count != 0) {
            portfolio.apply(fill, close_of(1), ignored);
        }
        portfolio.mark(make_slice(1, {make_bar(0, {.close = close})}));
    }

    void split(const Split& split) {
        Slice slice = make_slice(2, {});
        slice.splits = {split};
        apply_splits(slice, Quantity::whole(1), portfolio, venue.broker, dividends, actions, ledger,
                     orders);
        portfolio.check_balance();
    }
};

// 101 shares bought at 20 (cost 2,020), close before 30, 3 new for 2 old.
//   101 x 3/2 = 151.5: 151 shares; the rest, 0.5, is paid at 30 / 1.5 = 20: 10.
//   The rest is 0.5 / 151.5 = 1/303 of the holding: its cost is 2,020 / 303 = 6.66666667, and
//   2,020 - 6.66666667 = 2,013.33333333 is left. Realized: 10 - 6.66666667 = 3.33333333.
TEST(Splits, WorkedExampleOfThreeForTwo) {
    Holder holder(101, 20, 30);
    const Money cash = holder.portfolio.cash();
    holder.split(ratio(3, 2));
    const Position& position = holder.portfolio.position(symbol_id(0));
    EXPECT_EQ(position.quantity, shares(151));
    EXPECT_EQ(position.cost, money(2'013.33333333));
    EXPECT_EQ(position.realized, money(3.33333333));
    EXPECT_EQ(position.since, close_of(1)) << "it is held on";
    EXPECT_EQ(holder.portfolio.mark_price(symbol_id(0)), price(20));
    EXPECT_EQ(holder.portfolio.cash(), cash + money(10));
    const std::vector<CorporateAction> action = {{.symbol = symbol_id(0),
                                                  .kind = CorporateActionKind::split,
                                                  .per_share = price(20),
                                                  .held = shares(101),
                                                  .held_after = shares(151),
                                                  .amount = money(10)}};
    EXPECT_EQ(holder.actions, action);
    const std::vector<LedgerEntry> entry = {{LedgerKind::split, symbol_id(0), 0, money(10)}};
    EXPECT_EQ(holder.ledger, entry);
}

// 300 shares, 1 new for 3 old, a ratio that no decimal number hits: 100 shares and no rest. 302:
// 100 shares, and 2/3 of a new one, 2 old ones at 7 = 14, paid.
TEST(Splits, ARatioIsExact) {
    Holder whole(300, 5, 7);
    whole.split(ratio(1, 3));
    EXPECT_EQ(whole.portfolio.position(symbol_id(0)).quantity, shares(100));
    EXPECT_EQ(whole.portfolio.position(symbol_id(0)).cost, money(1'500)) << "unchanged";
    EXPECT_TRUE(whole.ledger.empty());
    EXPECT_EQ(whole.portfolio.mark_price(symbol_id(0)), price(21));
    Holder rest(302, 5, 7);
    rest.split(ratio(1, 3));
    EXPECT_EQ(rest.portfolio.position(symbol_id(0)).quantity, shares(100));
    EXPECT_EQ(rest.ledger.at(0).amount, money(14));
}

// -101 short at 20, close 30, 3 for 2: -151, and 0.5 new shares are bought back at 20: 10 paid.
TEST(Splits, AShortPaysForTheRest) {
    Holder holder(-101, 20, 30);
    holder.split(ratio(3, 2));
    EXPECT_EQ(holder.portfolio.position(symbol_id(0)).quantity, shares(-151));
    EXPECT_EQ(holder.portfolio.position(symbol_id(0)).cost, money(-2'013.33333333));
    EXPECT_EQ(holder.ledger.at(0).amount, money(-10));
}

TEST(Splits, LessThanALotIsPaidOutWholly) {
    Holder holder(3, 20, 30);
    holder.split(ratio(1, 4));
    const Position& position = holder.portfolio.position(symbol_id(0));
    EXPECT_EQ(position.quantity, Quantity{});
    EXPECT_EQ(position.cost, Money{});
    EXPECT_EQ(position.realized, money(30));  // 3 x (30 - 20)
    EXPECT_EQ(holder.ledger.at(0).amount, money(90));
}

TEST(Splits, OfASymbolNotHeldMoveNoMoneyAndAreKnown) {
    Holder holder(0, 0, 30);
    holder.split(ratio(4, 1));
    ASSERT_EQ(holder.actions.size(), 1U);
    EXPECT_EQ(holder.actions[0].held_after, Quantity{});
    EXPECT_TRUE(holder.ledger.empty());
    EXPECT_EQ(holder.portfolio.mark_price(symbol_id(0)), price(7.5));
}

// A limit buy of 105 at 90, 50 of which are filled, over 3 new for 2 old: 55 x 3/2 = 82.5, 82 at 90
// / 1.5 = 60, of the decision at 100 / 1.5 = 66.66666667. A sell stop of 1 at 80 over 1 for 2 is
// less than a lot.
TEST(Splits, WorkingOrdersGoOnAsNewOnesOfTheSameDecision) {
    Holder holder(0, 0, 30);
    holder.venue.order(105, OrderType::limit, TimeInForce::good_til_cancelled, 90);
    holder.venue.run_bar(1, {.open = 95, .high = 96, .low = 89, .close = 95, .volume = 500});
    ASSERT_EQ(holder.venue.changed.at(0).filled, shares(50));
    const Order before = holder.venue.changed[0];
    holder.split(ratio(3, 2));
    ASSERT_EQ(holder.orders.size(), 2U);
    EXPECT_EQ(holder.orders[0].id, before.id);
    EXPECT_EQ(holder.orders[0].state, OrderState::cancelled);
    EXPECT_EQ(holder.orders[0].reason, Reason::cancelled_by_split);
    EXPECT_EQ(holder.orders[0].quantity, shares(105)) << "its rows stay what its fills were";
    Order next = before;
    next.id = 2;
    next.quantity = shares(82);
    next.filled = {};
    next.limit_price = price(60);
    next.decision_price = Price::from_raw(6'666'666'667);
    next.state = OrderState::working;
    next.reason = Reason::accepted;
    next.since = close_of(2);
    EXPECT_EQ(holder.orders[1], next);
    EXPECT_EQ(holder.venue.broker.working(), std::vector<Order>{next});
    holder.venue.run_bar(3, {.open = 59, .high = 61, .low = 58, .close = 60});
    ASSERT_EQ(holder.venue.fills.size(), 1U);
    EXPECT_EQ(holder.venue.fills[0].quantity, shares(82));
    EXPECT_EQ(holder.venue.fills[0].order, 2);

    Holder small(0, 0, 30);
    small.venue.order(-1, OrderType::stop, TimeInForce::good_til_cancelled, 80);
    small.split(ratio(1, 2));
    ASSERT_EQ(small.orders.size(), 1U);
    EXPECT_EQ(small.orders[0].reason, Reason::cancelled_by_split);
    EXPECT_TRUE(small.venue.broker.working().empty());
}

TEST(Splits, OrdersOfOtherSymbolsStayAndTheOrderOfIdsIsKept) {
    Holder holder(0, 0, 30);
    const OrderId first = holder.venue.order(10);
    OrderRequest request;
    request.symbol = symbol_id(1);
    request.quantity = shares(7);
    request.decision_price = price(100);
    request.decided_at = close_of(0);
    request.decided_day = day(0);
    const OrderId other = holder.venue.submit(request);
    const OrderId second = holder.venue.order(20);
    holder.split(ratio(2, 1));
    const std::vector<Order>& working = holder.venue.broker.working();
    ASSERT_EQ(working.size(), 3U);
    EXPECT_EQ(working[0].id, other);
    EXPECT_EQ(working[1].quantity, shares(20)) << "of order " << first;
    EXPECT_EQ(working[2].quantity, shares(40)) << "of order " << second;
}

// A DAY order of day 0, over a split before day 1, ends with day 1's first slice as it would have.
TEST(Splits, ADayOrderKeepsItsSession) {
    Holder holder(0, 0, 30);
    holder.venue.run(make_minute(1, 0, false, {}));
    holder.venue.order(10, OrderType::limit, TimeInForce::day, 1);
    holder.venue.run(make_minute(2, 0, false, {make_bar(0, {})}));
    Slice slice = make_minute(3, 1, false, {make_bar(0, {})});
    slice.splits = {ratio(2, 1)};
    std::vector<Order> orders;
    holder.venue.broker.split(slice.splits[0], slice.closed_at, orders);
    holder.venue.run(slice);
    ASSERT_EQ(holder.venue.changed.size(), 1U);
    EXPECT_EQ(holder.venue.changed[0].reason, Reason::expired);
}

// A split is no dividend, and the dividend after it is read in new shares: close 100, 4 for 1, then
// adj_close / close steps from 0.98 to 1 at 25: 25 x (1 - 0.98) = 0.5 a share.
TEST(Splits, DividendsGoOnInNewShares) {
    Holder holder(100, 100, 100);
    std::vector<Incident> incidents;
    const auto bar = [&](std::int64_t id, double close, double factor) {
        Bar made = make_bar(0, {.close = close});
        made.adj_close = price(close * factor);
        holder.actions.clear();
        holder.dividends.on_slice(make_slice(id, {made}), holder.portfolio, holder.actions,
                                  holder.ledger, incidents);
    };
    bar(1, 100, 0.98);
    holder.split(ratio(4, 1));
    bar(2, 25, 1);
    ASSERT_EQ(holder.actions.size(), 1U);
    EXPECT_EQ(holder.actions[0].per_share, price(0.5));
    EXPECT_EQ(holder.actions[0].amount, money(200));  // 400 held
    EXPECT_TRUE(incidents.empty());
}

// Whatever is held and however it splits: the books balance, nothing but the rounding of a lot is
// paid, and value and cash together change by a rounding of the mark at most.
TEST(Splits, ConserveTheAccountWhateverTheRatio) {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Dice dice(seed);
        const double close = dice.uniform(0.5, 900);
        Holder holder(dice.whole(-100'000, 100'000), dice.uniform(1, 500), close);
        for (int i = 0; i < 4; ++i) {
            Split split = ratio(dice.whole(1, 30), dice.whole(1, 30));
            const Price mark = holder.portfolio.mark_price(symbol_id(0));
            const Quantity held = holder.portfolio.position(symbol_id(0)).quantity;
            const Money worth = holder.portfolio.cash() + mark * held;
            holder.actions.clear();
            holder.split(split);
            const CorporateAction& action = holder.actions.at(0);
            EXPECT_EQ(action.held, held);
            EXPECT_EQ(action.held_after, holder.portfolio.position(symbol_id(0)).quantity);
            const Price after = holder.portfolio.mark_price(symbol_id(0));
            EXPECT_LT(abs(action.amount), after * Quantity::whole(1) + Money::from_raw(2))
                << "less than a share is paid";
            // Half a unit of the mark's last decimal for each share, and two roundings.
            const std::int64_t slack = abs(action.held_after).raw() / kScale / 2 + 3;
            const Money now = holder.portfolio.cash() + after * action.held_after;
            EXPECT_LE(std::abs((now - worth).raw()), slack);
        }
    }
}

}  // namespace
}  // namespace paperd::execution
