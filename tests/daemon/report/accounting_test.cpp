// Research accounting beside the engine's: where a difference is booked, and that nothing is left.
#include "daemon/report/accounting.h"

#include <cmath>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/stored_run.h"
#include "strategy/research/accounting.h"
#include "tests/support/jobs.h"
#include "tests/support/process.h"
#include "tests/support/runs.h"

namespace paperd::daemon {
namespace {

struct Account {
    AccountingGap gap;
    double research_net = 0;  // from the stored decisions and closes, by strategy::net_returns
    double engine = 0;        // from the stored equity
};

// What research would have earned of one symbol: its signals, held where there was none, and the
// adjusted return from each of its closes to the next.
double research_of(SymbolId symbol, const std::vector<storage::StoredStep>& steps) {
    std::vector<double> weights;
    std::vector<double> returns;
    double adjusted = 0;
    for (const storage::StoredStep& stored : steps) {
        for (const Bar& bar : stored.slice.bars) {
            if (bar.symbol == symbol && !bar.synthetic) {
                const double now = bar.close.to_double() * bar.factor();
                if (!returns.empty() && adjusted > 0) {
                    returns.back() = now / adjusted - 1;
                }
                adjusted = now;
            }
        }
        for (const Decision& decision : stored.step.decisions) {
            if (decision.symbol == symbol) {
                const double before = weights.empty() ? 0 : weights.back();
                const double signal = decision.signal.weight;
                weights.push_back(std::isnan(signal) ? before : signal);
                returns.push_back(0);
            }
        }
    }
    double total = 0;
    for (const double net : strategy::net_returns(weights, returns, 5e-4)) {
        total += net;
    }
    return total;
}

Account account_of(const std::string& job, const Universe& symbols,
                   const std::vector<Slice>& slices) {
    const support::TempDir dir;
    const std::string db = dir.path("a.db");
    EXPECT_TRUE(support::run_some(support::plan_for(job, symbols), db, slices, slices.size()));
    auto run = storage::StoredRun::open(db);
    EXPECT_FALSE(run.has_error());
    auto gap = research_against_engine(**run, 5);
    EXPECT_FALSE(gap.has_error());
    auto steps = (*run)->steps(1, static_cast<std::int64_t>(slices.size()));
    EXPECT_FALSE(steps.has_error());
    Account account{.gap = *gap};
    double before = 0;
    for (const storage::StoredStep& stored : *steps) {
        if (stored.step.warmup) {
            continue;
        }
        const double equity = stored.step.equity.equity.to_double();
        account.engine += before > 0 ? equity / before - 1 : 0;
        before = equity;
    }
    for (std::size_t i = 0; i < symbols.size(); ++i) {
        account.research_net += research_of(symbol_id(i), *steps);
    }
    return account;
}

AccountingGap gap_of(const std::string& job, const Universe& symbols,
                     const std::vector<Slice>& slices) {
    return account_of(job, symbols, slices).gap;
}

// The printed line's percentage.
double printed(const std::string& table, const std::string& name) {
    std::istringstream lines(table);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("  " + name + " ")) {
            return std::stod(line.substr(name.size() + 2));
        }
    }
    ADD_FAILURE() << "no line '" << name << "' in\n" << table;
    return 0;
}

// Minutes of two symbols, the second with bars only where `has_bar`; closes go up by 1 a minute.
std::vector<Slice> rising(int minutes, const std::function<bool(int)>& has_bar) {
    std::vector<Slice> slices;
    for (int minute = 1; minute <= minutes; ++minute) {
        Slice& slice = slices.emplace_back();
        slice.id = minute;
        slice.day = Day{std::chrono::year{2024} / 7 / 1};
        slice.closed_at = Timestamp{std::chrono::sys_days{std::chrono::year{2024} / 7 / 1}} +
                          std::chrono::hours{14} + std::chrono::minutes{minute};
        for (std::size_t i = 0; i < (has_bar(minute) ? 2U : 1U); ++i) {
            const Price close = Price::whole(100 + minute);
            slice.bars.push_back({.symbol = symbol_id(i),
                                  .closed_at = slice.closed_at,
                                  .open = close,
                                  .high = close,
                                  .low = close,
                                  .close = close,
                                  .adj_close = close,
                                  .volume = 1e9});
        }
    }
    return slices;
}

std::string job(const std::string& more = "") {
    return "market:\n  symbols: [AAA, BBB]\n  interval: 1m\n  warmup_days: 0\n"
           "strategy:\n  kind: buy_and_hold\n"
           "risk:\n  position_fraction_max: 1\n"
           "server:\n  enabled: false\n" +
           more;
}

TEST(AccountingGap, AHoldWithoutABarIsNoDoingOfRiskOrGate) {
    // BBB is ordered in minute 1 and has its next bar in minute 3: what was let through stays.
    const auto gap = gap_of(job("execution:\n  rebalance_band: 0.1\n"), {"AAA", "BBB"},
                            rising(6, [](int minute) { return minute != 2; }));
    EXPECT_GT(gap.research_gross, 0.01);
    EXPECT_NEAR(gap.risk_and_gate, 0, 1e-15);
    // Each gets 0.99 / 2. AAA opens a minute, BBB two minutes above the close that decided:
    // 0.495 x (1/101 + 2/101).
    EXPECT_NEAR(gap.delay, 0.495 * 3 / 101, 2e-5);
    EXPECT_LT(std::abs(gap.rounding_and_band), 2e-3);
    EXPECT_NEAR(gap.rest, 0, 1e-12);
}

TEST(AccountingGap, WhatStaleDataStoppedIsRisks) {
    // The order of minute 1 is dropped in minute 5; BBB comes back in minute 8, three above it.
    const auto silent = [](int minute) { return minute == 1 || minute >= 8; };
    const auto gap = gap_of(job(), {"AAA", "BBB"}, rising(12, silent));
    // Research holds 0.99 / 2 of BBB from 101 to 108; nothing of it was held till then.
    EXPECT_NEAR(gap.risk_and_gate, 0.495 * 7 / 101, 1e-12);
    EXPECT_NEAR(gap.rest, 0, 1e-12);
}

TEST(AccountingGap, LeavesNothingOverWhereOrdersWorkOnAndBarsAreMissing) {
    Universe symbols;
    // Small fills, lost orders and late bars: most orders work over several slices, on holds too.
    const std::string yaml = support::synthetic_job(1,
                                                    "execution:\n"
                                                    "  participation_cap: 0.01\n"
                                                    "failures:\n"
                                                    "  data_delay_probability: 0.2\n"
                                                    "  execution_failure_probability: 0.05\n");
    std::vector<Slice> slices = support::slices_of(yaml, symbols);
    for (std::size_t i = 30; i < slices.size(); i += 7) {
        std::erase_if(slices[i].bars, [&](const Bar& bar) { return index(bar.symbol) == i % 3; });
        for (Bar& bar : slices[i].bars) {
            bar.synthetic = index(bar.symbol) == (i + 1) % 3;
        }
    }
    const auto [gap, research_net, engine] = account_of(yaml, symbols, slices);
    EXPECT_NE(gap.delay, 0);
    EXPECT_NE(gap.rounding_and_band, 0);
    EXPECT_NEAR(gap.rest, 0, 1e-10);
    // The two figures that are compared, from what is stored.
    EXPECT_NE(gap.research_cost, 0);
    EXPECT_NEAR(gap.research_net(), research_net, 1e-12);
    EXPECT_NEAR(gap.engine, engine, 1e-12);
    // Printed are all the parts: they add up to what is printed as their sum.
    std::ostringstream out;
    print_accounting(gap, 5, out);
    const std::string table = out.str();
    double parts = 0;
    std::size_t count = 0;
    for (const char* name :
         {"  research's own cost", "  delay", "  spread", "  slippage", "  impact", "  commission",
          "  borrow", "  dividends and cash", "  rounding and band", "  risk and gate", "  rest"}) {
        parts += printed(table, name);
        ++count;
    }
    EXPECT_NEAR(parts, printed(table, "research less engine"),
                0.0005 * (static_cast<double>(count) + 1));
    EXPECT_NEAR(printed(table, "research less engine"),
                printed(table, "research, net") - printed(table, "engine"), 0.0016);
    EXPECT_NEAR(printed(table, "engine"), engine * 100, 0.00051);
}

}  // namespace
}  // namespace paperd::daemon
