#include "execution/account_range.h"

#include <gtest/gtest.h>

#include "tests/execution/market.h"

namespace paperd::execution {
namespace {

// Two symbols; 1,000 shares of the second one are held, bought at 100 with a million in cash.
class Range : public testing::Test {
protected:
    Range() : portfolio_(2), broker_({}, costs_, failures_, stats_) {
        portfolio_.deposit(money(1e6), ledger_);
        Fill fill;
        fill.id = 1;
        fill.symbol = symbol_id(1);
        fill.quantity = shares(1000);
        fill.price = price(100);
        portfolio_.apply(fill, close_of(1), ledger_);
        portfolio_.mark(make_slice(1, {make_bar(0, {}), make_bar(1, {})}));
    }

    std::optional<OutOfRange> beyond(double high_first, double high_second, std::int64_t days = 1,
                                     const CostSettings& costs = {}) {
        AccountRange range(2, costs);
        const Slice slice =
            make_slice(2, {make_bar(0, {.high = high_first}), make_bar(1, {.high = high_second})});
        return range.beyond(slice, portfolio_, broker_, days);
    }

    CostModel costs_{{}, 1};
    Failures failures_{{}};
    FixedStats stats_;
    std::vector<LedgerEntry> ledger_;
    std::vector<Order> changed_;
    Portfolio portfolio_;
    Broker broker_;
};

TEST_F(Range, PricesOfWhatIsNeitherHeldNorOrderedDoNotMatter) { EXPECT_FALSE(beyond(1e9, 110)); }

TEST_F(Range, AHoldingIsCountedAtTheBarsHigh) {
    EXPECT_FALSE(beyond(101, 2.9e7));
    const auto found = beyond(101, 3.1e7);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->symbol, symbol_id(1));
    EXPECT_GT(found->amount, kAccountMax);
}

TEST_F(Range, AnOrderCountsWithAllItsCosts) {
    OrderRequest request;
    request.symbol = symbol_id(0);
    request.quantity = shares(-1000);
    request.decision_price = price(100);
    request.decision_slice = 1;
    broker_.submit(request, changed_);
    EXPECT_FALSE(beyond(5e6, 110));
    const auto found = beyond(1.1e7, 110);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->symbol, symbol_id(0));
    CostSettings dear;
    dear.commission_per_share = 1000;
    dear.slippage_bps = 10'000;
    EXPECT_TRUE(beyond(5e6, 110, 1, dear).has_value() || beyond(8e6, 110, 1, dear).has_value());
}

TEST_F(Range, CarryOfCenturiesCounts) {
    CostSettings costs;
    costs.cash_rate = 1;
    EXPECT_FALSE(beyond(101, 101, 300, costs));
    const auto found = beyond(101, 101, 20'000'000, costs);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->symbol, kNoSymbol);
}

}  // namespace
}  // namespace paperd::execution
