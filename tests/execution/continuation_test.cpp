// Saving, loading and going on is the same as going on.
#include <gtest/gtest.h>

#include "execution/dividends.h"
#include "execution/interest.h"
#include "execution/portfolio.h"
#include "execution/splits.h"
#include "tests/execution/market.h"

namespace paperd::execution {
namespace {

constexpr std::size_t kSymbols = 4;

FailureSettings some_failures() {
    FailureSettings failures;
    failures.execution_failure_probability = 0.02;
    failures.price_gap_probability = 0.1;
    return failures;
}

// The trading half of an engine: splits, dividends, broker, portfolio.
struct Trader {
    Venue venue{{.participation_cap = 0.05}, {}, some_failures()};
    Portfolio portfolio{kSymbols};
    Dividends dividends{kSymbols, DividendSettings{}};
    std::vector<CorporateAction> actions;
    std::vector<LedgerEntry> ledger;
    std::vector<Incident> incidents;
    Equity equity;

    void on_slice(const Slice& slice, const std::vector<OrderRequest>& orders) {
        actions.clear();
        ledger.clear();
        incidents.clear();
        book_interest(portfolio, venue.costs.settings(), 1, ledger);
        std::vector<Order> changed;
        apply_splits(slice, Quantity::whole(1), portfolio, venue.broker, dividends, actions, ledger,
                     changed);
        dividends.on_slice(slice, portfolio, actions, ledger, incidents);
        venue.run(slice);
        for (const Fill& fill : venue.fills) {
            portfolio.apply(fill, slice.closed_at, ledger);
        }
        portfolio.mark(slice);
        portfolio.check_balance();
        equity = portfolio.equity();
        for (const OrderRequest& order : orders) {
            venue.broker.submit(order, venue.changed);
        }
    }

    [[nodiscard]] std::vector<std::byte> save() const {
        BlobWriter out;
        venue.broker.save(out);
        portfolio.save(out);
        dividends.save(out);
        return out.take();
    }

    [[nodiscard]] bool load(std::span<const std::byte> bytes) {
        BlobReader in(bytes);
        venue.broker.load(in);
        portfolio.load(in);
        dividends.load(in);
        return !in.failed() && in.at_end();
    }
};

struct Event {
    Slice slice;
    std::vector<OrderRequest> orders;
};

std::vector<Event> random_events(std::uint64_t seed, int count) {
    Dice dice(seed);
    std::vector<Event> events;
    for (std::int64_t id = 1; id <= count; ++id) {
        Event event;
        std::vector<Bar> bars;
        for (std::size_t symbol = 0; symbol < kSymbols; ++symbol) {
            if (dice.chance(0.9)) {
                Bar bar = make_bar(symbol, random_bar(dice, 100, 20'000));
                bar.adj_close = price(bar.close.to_double() * (dice.chance(0.2) ? 0.99 : 1.0));
                bars.push_back(bar);
            }
        }
        event.slice = make_minute(id, static_cast<int>(id / 5), dice.chance(0.2), std::move(bars));
        for (const Bar& bar : event.slice.bars) {
            if (dice.chance(0.05)) {
                event.slice.splits.push_back({.symbol = bar.symbol,
                                              .ex_date = event.slice.day,
                                              .new_shares = dice.chance(0.5) ? 3 : 2,
                                              .old_shares = dice.chance(0.5) ? 5 : 1});
            }
        }
        for (std::int64_t n = dice.whole(0, 3); n > 0; --n) {
            OrderRequest order;
            order.symbol = symbol_id(static_cast<std::size_t>(dice.whole(0, kSymbols - 1)));
            order.quantity = shares(dice.whole(1, 900) * (dice.chance(0.5) ? 1 : -1));
            order.type = static_cast<OrderType>(dice.whole(0, 3));
            order.time_in_force = static_cast<TimeInForce>(dice.whole(0, 2));
            const Price at = price(dice.uniform(97, 103));
            if (order.type == OrderType::limit) {
                order.limit_price = at;
            } else if (order.type == OrderType::stop) {
                order.stop_price = at;
            }
            order.decision_price = price(100);
            order.decision_slice = id;
            order.decided_at = event.slice.closed_at;
            order.decided_day = event.slice.day;
            event.orders.push_back(order);
        }
        events.push_back(event);
    }
    return events;
}

TEST(Continuation, ALoadedRunGoesOnAsIfItHadNeverStopped) {
    constexpr std::uint64_t kSeed = 31'337;
    SCOPED_TRACE("seed " + std::to_string(kSeed));
    const std::vector<Event> events = random_events(kSeed, 400);
    Trader uninterrupted;
    Trader resumed;
    std::size_t fills = 0;
    std::size_t actions = 0;
    for (std::size_t i = 0; i < events.size(); ++i) {
        Trader fresh;
        ASSERT_TRUE(fresh.load(uninterrupted.save()));
        ASSERT_EQ(fresh.save(), uninterrupted.save()) << "loading forgets nothing";
        fresh.on_slice(events[i].slice, events[i].orders);
        uninterrupted.on_slice(events[i].slice, events[i].orders);
        fills += uninterrupted.venue.fills.size();
        actions += uninterrupted.actions.size();
        ASSERT_EQ(fresh.venue.fills, uninterrupted.venue.fills);
        ASSERT_EQ(fresh.venue.changed, uninterrupted.venue.changed);
        ASSERT_EQ(fresh.venue.broker.working(), uninterrupted.venue.broker.working());
        ASSERT_EQ(fresh.ledger, uninterrupted.ledger);
        ASSERT_EQ(fresh.actions, uninterrupted.actions);
        ASSERT_EQ(fresh.equity, uninterrupted.equity);
        // One that was loaded once, at the start of the second half, and then left alone.
        if (i == events.size() / 2) {
            ASSERT_TRUE(resumed.load(uninterrupted.save()));
        } else if (i > events.size() / 2) {
            resumed.on_slice(events[i].slice, events[i].orders);
        }
    }
    EXPECT_EQ(resumed.save(), uninterrupted.save());
    EXPECT_GT(fills, 200U);
    EXPECT_GT(actions, 100U);
}

TEST(Continuation, ADamagedCheckpointFailsTheReader) {
    Trader trader;
    for (const Event& event : random_events(5, 20)) {
        trader.on_slice(event.slice, event.orders);
    }
    std::vector<OrderRequest> more(1);
    more[0].quantity = shares(1'000'000);
    more[0].decision_slice = 21;
    trader.on_slice(make_slice(21, {}), more);
    const std::vector<std::byte> bytes = trader.save();
    for (std::size_t size = 0; size < bytes.size(); size += 7) {
        Trader other;
        EXPECT_FALSE(other.load(std::span(bytes).first(size)));
    }
    std::vector<std::byte> wrong_tag = bytes;
    wrong_tag[0] ^= std::byte{1};
    EXPECT_FALSE(Trader().load(wrong_tag));

    BlobWriter of_two;
    Portfolio(2).save(of_two);
    BlobReader in(of_two.bytes());
    Portfolio of_three(3);
    of_three.load(in);
    EXPECT_TRUE(in.failed());
}

}  // namespace
}  // namespace paperd::execution
