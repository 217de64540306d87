// Buying and holding through the engine: what it orders, when, and that it then leaves it alone.
#include <cmath>
#include <sstream>

#include <gtest/gtest.h>

#include "daemon/engine/verify.h"
#include "tests/support/process.h"
#include "tests/support/runs.h"

namespace paperd::daemon {
namespace {

// Fills at the open, without any cost.
std::string job(const std::string& symbols, const std::string& more = {}) {
    return "market: {symbols: [" + symbols +
           "], interval: 1d, calendar: always_open, warmup_bars: 0}\n"
           "strategy: {kind: buy_and_hold}\n"
           "costs: {spread_classes: [{dollar_volume_day_min: 0, spread_bps: 0}], slippage_bps: 0, "
           "margin_rate: 0, "
           "impact_coefficient: 0, commission_bps: 0}\n"
           "storage: {checkpoint_slices: 3}\n"
           "server: {enabled: false}\n" +
           more;
}

Slice day_slice(int id) {
    Slice slice;
    slice.id = id;
    slice.day = Day{std::chrono::year{2024} / 7 / 1} + std::chrono::days{id - 1};
    slice.closed_at = Timestamp{slice.day.time_since_epoch()} + std::chrono::hours{24};
    slice.last_of_session = true;
    return slice;
}

void add_bar(Slice& slice, std::size_t symbol, int open, int close, double volume) {
    slice.bars.push_back({.symbol = symbol_id(symbol),
                          .closed_at = slice.closed_at,
                          .open = Price::whole(open),
                          .high = Price::whole(std::max(open, close)),
                          .low = Price::whole(std::min(open, close)),
                          .close = Price::whole(close),
                          .adj_close = Price::whole(close),
                          .volume = volume});
}

// What a job's engine makes of slices; a refusal fails the test.
std::vector<Step> run(const RunPlan& plan, const std::vector<Slice>& slices) {
    auto engine = make_engine(plan);
    std::vector<Step> steps;
    for (const Slice& slice : slices) {
        auto step = (*engine)->on_slice(slice);
        EXPECT_FALSE(step.has_error()) << (step.has_error() ? step.error().text : "");
        if (step.has_error()) {
            break;
        }
        steps.push_back(std::move(*step));
    }
    return steps;
}

// Each order once, as it was sent.
std::vector<Order> sent(const std::vector<Step>& steps) {
    std::vector<Order> orders;
    for (const Step& step : steps) {
        for (const Order& order : step.orders) {
            if (order.decision_slice == step.slice_id) {
                orders.push_back(order);
            }
        }
    }
    return orders;
}

void expect_verified(const RunPlan& plan, const std::vector<Slice>& slices) {
    const support::TempDir dir;
    for (std::size_t i = 0; i < slices.size(); ++i) {
        ASSERT_TRUE(support::run_some(plan, dir.path("parts.db"), slices, 1)) << i;
    }
    std::ostringstream said;
    EXPECT_TRUE(*verify_database(dir.path("parts.db"), {.replay = true, .progress = {}}, said))
        << said.str();
}

}  // namespace

// 1,000,000 USD, two symbols; a bar of AAA has 10,000 shares, of which 10% may be ours.
// Day 1: AAA closes at 100, BBB is not listed. n = 2: 0.99 x 1,000,000 / 2 = 495,000 for AAA,
//        495,000 / 100 = 4,950 shares ordered.
// Day 2: 1,000 of them fill at the open of 100: cash 900,000. AAA closes at 101, so that the 3,950
//        on order are worth 398,950, and free are 501,050. n = 1: 0.99 x 501,050 = 496,039.50 for
//        BBB, which lists with a close of 50: 9,920.79, 9,920 shares ordered.
// Day 3: another 1,000 of AAA at 101, all of BBB at 51. Nothing is ordered any more, also where
//        prices then double: AAA works on until day 6, when its last 950 fill.
TEST(BuyAndHold, OrdersEachSymbolOnceAndHoldsIt) {
    const RunPlan plan = support::plan_for(job("AAA, BBB"), {"AAA", "BBB"});
    std::vector<Slice> slices;
    for (int id = 1; id <= 12; ++id) {
        Slice& slice = slices.emplace_back(day_slice(id));
        const int factor = id > 8 ? 2 : 1;
        add_bar(slice, 0, factor * (98 + id), factor * (99 + id), 10'000);
        if (id >= 2) {
            add_bar(slice, 1, factor * (48 + id), factor * (48 + id), 1'000'000);
        }
    }
    const auto steps = run(plan, slices);
    ASSERT_EQ(steps.size(), 12U);
    EXPECT_EQ(steps[0].decisions[0].signal.weight, 0.495);
    EXPECT_EQ(steps[1].decisions[0].reason, Reason::holding);
    EXPECT_EQ(steps[1].decisions[1].signal.weight, 0.99 * 501'050 / 1 / 1'001'000);
    const auto orders = sent(steps);
    ASSERT_EQ(orders.size(), 2U);
    EXPECT_EQ(orders[0].quantity, Quantity::whole(4'950));
    EXPECT_EQ(orders[1].quantity, Quantity::whole(9'920));
    std::size_t fills = 0;
    for (const Step& step : steps) {
        fills += step.fills.size();
        EXPECT_TRUE(step.adjustments.empty());
        if (step.slice_id > 2) {
            for (const Decision& decision : step.decisions) {
                EXPECT_EQ(decision.reason, Reason::holding);
                EXPECT_TRUE(std::isnan(decision.signal.weight));
            }
        }
    }
    EXPECT_EQ(fills, 5U + 1U);
    // Bought at 100, 101, 102, 103 and (950) 104, and BBB at 51; marked at 2 x 111 and 2 x 60.
    const Money cash =
        Money::whole(1'000'000 - 1'000 * (100 + 101 + 102 + 103) - 950 * 104 - 9'920 * 51);
    EXPECT_EQ(steps[11].equity.cash, cash);
    EXPECT_EQ(steps[11].equity.equity, cash + Money::whole(4'950 * 222 + 9'920 * 120));
    expect_verified(plan, slices);
}

// Each symbol of a panel gets its share of the same cash: an order a symbol, no share twice.
TEST(BuyAndHold, BuysAPanelWithAnOrderASymbol) {
    constexpr std::size_t kSymbols = 505;
    Universe symbols;
    for (std::size_t i = 0; i < kSymbols; ++i) {
        symbols.push_back("S" + std::to_string(i));
    }
    const RunPlan plan =
        support::plan_for(job("\"*\"", "execution: {rebalance_band: 0}\n"), symbols);
    std::vector<Slice> slices;
    for (int id = 1; id <= 40; ++id) {
        Slice& slice = slices.emplace_back(day_slice(id));
        for (std::size_t i = 0; i < kSymbols; ++i) {
            // A tenth of them lists on day 11; the last one costs more than its share of 1,960 USD.
            const int price = i + 1 == kSymbols ? 3'000 : 20 + static_cast<int>(i % 90) + id % 3;
            if (id > 10 || i % 10 != 3) {
                add_bar(slice, i, price, price, 1e6);
            }
        }
    }
    const auto steps = run(plan, slices);
    ASSERT_EQ(steps.size(), 40U);
    std::vector<int> orders(kSymbols);
    for (const Order& order : sent(steps)) {
        ++orders[index(order.symbol)];
    }
    for (std::size_t i = 0; i + 1 < kSymbols; ++i) {
        EXPECT_EQ(orders[i], 1) << i;
    }
    // Whole shares: what is left of 504 shares is about half a price of 65 each, and 1%.
    EXPECT_GT(steps[39].equity.gross, Money::whole(950'000));
    EXPECT_GE(steps[39].equity.cash, Money{});
    EXPECT_EQ(steps[30].decisions[0].reason, Reason::holding);
}

// What is not taken is asked for again: while trading is halted nothing can be ordered, after
// 'resume' it is; 'flatten' sells all, and the next 'resume' buys anew.
TEST(BuyAndHold, SellsOnlyWhereItIsToldToAndBuysAfterResume) {
    const RunPlan plan =
        support::plan_for(job("AAA", "risk: {position_fraction_max: 1}\n"), {"AAA"});
    std::vector<Slice> slices;
    for (int id = 1; id <= 12; ++id) {
        Slice& slice = slices.emplace_back(day_slice(id));
        add_bar(slice, 0, 100, 100, 1e6);
        const auto command = [&](CommandKind kind) {
            slice.commands = {{id, kind, slice.closed_at, ""}};
        };
        if (id == 1) {
            command(CommandKind::halt);
        } else if (id == 3 || id == 9) {
            command(CommandKind::resume);
        } else if (id == 6) {
            command(CommandKind::flatten);
        }
    }
    const auto steps = run(plan, slices);
    ASSERT_EQ(steps.size(), 12U);
    const Reason expected[] = {Reason::halted,  Reason::halted,  Reason::ordered, Reason::holding,
                               Reason::holding, Reason::ordered, Reason::flatten, Reason::flatten,
                               Reason::ordered, Reason::holding, Reason::holding, Reason::holding};
    for (std::size_t t = 0; t < 12; ++t) {
        EXPECT_EQ(steps[t].decisions[0].reason, expected[t])
            << t + 1 << ": " << reason_text(steps[t].decisions[0].reason).name;
    }
    EXPECT_EQ(sent(steps).size(), 3U);
    expect_verified(plan, slices);
}

}  // namespace paperd::daemon
