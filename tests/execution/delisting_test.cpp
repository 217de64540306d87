#include "execution/delisting.h"

#include <gtest/gtest.h>

#include "tests/execution/market.h"

namespace paperd::execution {
namespace {

// Symbol 0 is held and goes; symbol 1 trades on.
struct Holder {
    Venue venue{{}, free_of_charge()};
    Portfolio portfolio{2};
    Delistings delistings;
    std::vector<CorporateAction> actions;
    std::vector<LedgerEntry> ledger;
    std::vector<Order> orders;
    std::vector<Incident> incidents;

    Holder(std::int64_t count, DelistingSettings settings) : delistings(2, settings) {
        Fill fill;
        fill.quantity = shares(count);
        fill.price = price(40);
        std::vector<LedgerEntry> ignored;
        portfolio.apply(fill, close_of(1), ignored);
    }

    void run(const Slice& slice) {
        delistings.on_slice(slice, portfolio, venue.broker, actions, ledger, orders, incidents);
        portfolio.mark(slice);
        portfolio.check_balance();
    }

    void day_with(std::int64_t id, bool own_bar, bool synthetic = false) {
        std::vector<Bar> bars;
        if (own_bar) {
            bars.push_back(make_bar(0, {.close = 50}));
            bars.back().synthetic = synthetic;
        }
        bars.push_back(make_bar(1, {}));
        run(make_slice(id, bars));
    }
};

// 100 long of cost 40, last close 50, 2 sessions, loss 0.3: day 1 has the last bar, days 2 and 3
// have none, and with day 4 the position ends at 50 x 0.7 = 35: 3,500 for what cost 4,000.
TEST(Delistings, WorkedExampleOfALong) {
    Holder holder(100, {.after_sessions = 2, .loss = 0.3});
    holder.day_with(1, true);
    holder.day_with(2, false);
    holder.day_with(3, false);
    EXPECT_TRUE(holder.actions.empty()) << "its second session without a bar is not over";
    holder.venue.order(5);
    holder.day_with(4, false);
    const std::vector<CorporateAction> action = {{.symbol = symbol_id(0),
                                                  .kind = CorporateActionKind::delisting,
                                                  .per_share = price(35),
                                                  .held = shares(100),
                                                  .held_after = {},
                                                  .amount = money(3'500)}};
    EXPECT_EQ(holder.actions, action);
    EXPECT_EQ(holder.ledger.at(0).kind, LedgerKind::settlement);
    EXPECT_EQ(holder.portfolio.position(symbol_id(0)).realized, money(-500));
    EXPECT_EQ(holder.orders.at(0).reason, Reason::cancelled_by_delisting);
    EXPECT_EQ(holder.incidents.at(0).kind, "assumed_delisted");
    holder.day_with(5, false);
    EXPECT_EQ(holder.actions.size(), 1U) << "once";
}

TEST(Delistings, AShortIsSettledAtTheLastClose) {
    Holder holder(-100, {.after_sessions = 1, .loss = 0.3});
    holder.day_with(1, true);
    holder.day_with(2, false);
    holder.day_with(3, false);
    EXPECT_EQ(holder.actions.at(0).per_share, price(50));
    EXPECT_EQ(holder.actions.at(0).amount, money(-5'000));
}

TEST(Delistings, ABarBeginsTheCountAnewAlsoInTheVerySliceThatWouldEndIt) {
    Holder holder(100, {.after_sessions = 2, .loss = 0.3});
    holder.day_with(1, true);
    holder.day_with(2, false);
    holder.day_with(3, false);
    holder.day_with(4, true);
    holder.day_with(5, false);
    holder.day_with(6, false);
    EXPECT_TRUE(holder.actions.empty());
    holder.day_with(7, true, true);  // made up: no bar
    EXPECT_EQ(holder.actions.size(), 1U);
}

TEST(Delistings, CountSessionsAndNotSlicesAndOnlyThoseInWhichOthersTraded) {
    Holder holder(100, {.after_sessions = 1, .loss = 0});
    holder.run(make_minute(1, 1, false, {make_bar(0, {.close = 50}), make_bar(1, {})}));
    holder.run(make_minute(2, 1, true, {make_bar(1, {})}));
    Bar made_up = make_bar(1, {});
    made_up.synthetic = true;
    holder.run(make_minute(3, 2, true, {made_up}));
    holder.run(make_minute(4, 3, false, {make_bar(1, {})}));
    holder.run(make_minute(5, 3, true, {make_bar(1, {})}));
    EXPECT_TRUE(holder.actions.empty()) << "day 1 had its bar, on day 2 nothing traded";
    holder.run(make_minute(6, 4, false, {make_bar(1, {})}));
    EXPECT_EQ(holder.actions.size(), 1U);
}

TEST(Delistings, OffLeavesAHoldingAtItsLastClose) {
    Holder holder(100, {});
    for (int i = 1; i < 100; ++i) {
        holder.day_with(i, i == 1);
    }
    EXPECT_TRUE(holder.actions.empty());
    EXPECT_EQ(holder.portfolio.mark_price(symbol_id(0)), price(50));
}

TEST(Delistings, GoOnFromACheckpoint) {
    const DelistingSettings settings{.after_sessions = 2, .loss = 0.3};
    Holder holder(100, settings);
    holder.day_with(1, true);
    holder.day_with(2, false);
    BlobWriter out;
    holder.delistings.save(out);
    const std::vector<std::byte> blob = out.take();
    BlobReader in(blob);
    Delistings loaded(2, settings);
    loaded.load(in);
    EXPECT_FALSE(in.failed());
    EXPECT_TRUE(in.at_end());
    holder.delistings = loaded;
    holder.day_with(3, false);
    holder.day_with(4, false);
    EXPECT_EQ(holder.actions.size(), 1U);
    BlobReader again(blob);
    Delistings other(3, settings);
    other.load(again);
    EXPECT_TRUE(again.failed());
}

}  // namespace
}  // namespace paperd::execution
