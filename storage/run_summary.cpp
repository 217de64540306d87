#include "storage/run_summary.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "execution/types/fixed.h"
#include "storage/cursor.h"
#include "storage/reading.h"
#include "storage/wide.h"

namespace paperd::storage {
namespace {

double decimal(Wide raw) { return static_cast<double>(raw) / static_cast<double>(kScale); }

Result<void> count_rows(Database& database, RunSummary& summary) {
    const Cursor row(
        database,
        "SELECT (SELECT count(*) FROM slices), (SELECT count(*) FROM bars), "
        "(SELECT count(*) FROM decisions), (SELECT count(*) FROM orders), "
        "(SELECT count(*) FROM fills), "
        "(SELECT count(*) FROM slices WHERE warmup = 0), "
        "(SELECT count(DISTINCT decision_id >> 16) FROM decisions WHERE in_sample <> 0)");
    if (row.live()) {
        summary.slices = row.integer(0);
        summary.bars = row.integer(1);
        summary.decisions = row.integer(2);
        summary.orders = row.integer(3);
        summary.fills = row.integer(4);
        summary.slices_traded = row.integer(5);
        summary.in_sample_slices = row.integer(6);
    }
    return row.ended();
}

Result<void> sum_fills(Database& database, RunSummary& summary) {
    Cursor fill(database,
                "SELECT quantity_e8, price_e8, delay_cost_e8, spread_cost_e8, slippage_cost_e8, "
                "impact_cost_e8, commission_e8 FROM fills");
    // A long run's sums need not fit Money.
    Wide delay = 0;
    Wide spread = 0;
    Wide slippage = 0;
    Wide impact = 0;
    Wide commission = 0;
    for (; fill.live(); fill.next()) {
        summary.traded_notional +=
            std::abs(decimal(wide_product(fill.integer(1), fill.integer(0))));
        delay += fill.integer(2);
        spread += fill.integer(3);
        slippage += fill.integer(4);
        impact += fill.integer(5);
        commission += fill.integer(6);
    }
    summary.delay_cost = decimal(delay);
    summary.spread_cost = decimal(spread);
    summary.slippage_cost = decimal(slippage);
    summary.impact_cost = decimal(impact);
    summary.commission = decimal(commission);
    return fill.ended();
}

Result<void> sum_ledger(Database& database, RunSummary& summary) {
    Cursor sums(database,
                "SELECT kind, sum(amount_e8) FROM ledger WHERE kind NOT IN (1, 2) GROUP BY kind");
    for (; sums.live(); sums.next()) {
        const double amount = decimal(sums.integer(1));
        switch (static_cast<LedgerKind>(sums.integer(0))) {
            case LedgerKind::deposit:
                summary.starting_equity = amount;
                break;
            case LedgerKind::dividend:
            case LedgerKind::dividend_reversal:
                summary.dividends += amount;
                break;
            case LedgerKind::borrow:
                summary.borrow = -amount;
                break;
            case LedgerKind::interest:
                summary.interest = amount;
                break;
            case LedgerKind::margin_interest:
                summary.margin_interest = -amount;
                break;
            case LedgerKind::short_rebate:
                summary.short_rebate = amount;
                break;
            case LedgerKind::trade:
            case LedgerKind::commission:
            case LedgerKind::settlement:
            case LedgerKind::split:
                break;
        }
    }
    return sums.ended();
}

Result<void> follow_equity(Database& database, RunSummary& summary) {
    Cursor row(database,
               "SELECT equity_e8, peak_e8, day FROM equity NATURAL JOIN slices WHERE warmup = 0 "
               "ORDER BY slice_id");
    summary.equity = summary.starting_equity;
    double day_before = summary.starting_equity;  // at its end
    std::int64_t day = 0;
    const auto end_day = [&] {
        if (day_before > 0) {
            summary.day_returns.push_back(summary.equity / day_before - 1);
        }
        day_before = summary.equity;
    };
    bool began = false;
    for (; row.live(); row.next()) {
        if (began && row.integer(2) != day) {
            end_day();
        }
        began = true;
        day = row.integer(2);
        summary.equity = decimal(row.integer(0));
        if (row.integer(1) > 0) {
            summary.drawdown_worst =
                std::min(summary.drawdown_worst, summary.equity / decimal(row.integer(1)) - 1);
        }
    }
    if (began) {
        end_day();
    }
    if (summary.starting_equity > 0) {
        summary.return_fraction = summary.equity / summary.starting_equity - 1;
    }
    return row.ended();
}

// Each symbol from its last adjusted close at or before the first traded slice's close (its first
// one after, where there is none) to its last; equal weights, not rebalanced. What lies across a
// settlement earns nothing.
Result<void> hold_the_universe(Database& database, std::size_t symbols, RunSummary& summary) {
    TRY_LET(
        const auto first,
        database.integer("SELECT slice_id FROM slices WHERE warmup = 0 ORDER BY slice_id LIMIT 1"));
    if (first == 0) {
        return {};
    }
    std::vector<double> entry(symbols);
    std::vector<double> last(symbols);
    std::vector<double> growth(symbols, 1);  // of the pieces before the last cut
    Cursor cut(database,
               "SELECT slice_id, symbol_id FROM corporate_actions WHERE kind = 2 ORDER BY 1, 2");
    Cursor bar(database,
               "SELECT slice_id, symbol_id, adj_close_e8 FROM bars "
               "WHERE revision = 0 AND flags & 1 = 0 ORDER BY bar_id");
    for (; bar.live(); bar.next()) {
        const auto symbol = static_cast<std::size_t>(bar.integer(1));
        while (cut.live() && std::pair(cut.integer(0), cut.integer(1)) <
                                 std::pair(bar.integer(0), bar.integer(1))) {
            cut.next();
        }
        const bool begins_anew =
            cut.live() && cut.integer(0) == bar.integer(0) && cut.integer(1) == bar.integer(1);
        if (symbol < symbols) {
            if (begins_anew && entry[symbol] > 0) {
                growth[symbol] *= last[symbol] / entry[symbol];
                entry[symbol] = 0;
            }
            last[symbol] = decimal(bar.integer(2));
            if (bar.integer(0) <= first || entry[symbol] == 0) {
                entry[symbol] = last[symbol];
            }
        }
    }
    double sum = 0;
    std::size_t held = 0;
    for (std::size_t i = 0; i < symbols; ++i) {
        if (entry[i] > 0) {
            sum += growth[i] * last[i] / entry[i] - 1;
            ++held;
        }
    }
    summary.buy_and_hold_fraction = held == 0 ? 0 : sum / static_cast<double>(held);
    TRY(cut.ended());
    return bar.ended();
}

// What is held at prices of an earlier day than the run's last.
Result<void> weigh_stale(Database& database, RunSummary& summary) {
    Cursor row(database, "SELECT coalesce(sum(abs(value)), 0.0) FROM open_positions WHERE stale");
    if (row.live() && summary.equity != 0) {
        summary.stale_fraction = row.real(0) / summary.equity;
    }
    return row.ended();
}

// Names and counts, the most frequent first.
using Counts = std::vector<std::pair<std::string, std::int64_t>>;

Result<void> count_names(Database& database, std::string_view sql, Counts& counts) {
    Cursor row(database, sql);
    for (; row.live(); row.next()) {
        counts.emplace_back(row.text(0), row.integer(1));
    }
    return row.ended();
}

Result<void> count_incidents(Database& database, RunSummary& summary) {
    TRY(count_names(database,
                    "SELECT kind, count(*) FROM incidents WHERE slice_id IS NOT NULL "
                    "GROUP BY kind ORDER BY 2 DESC, kind",
                    summary.incidents));
    for (const auto& [kind, count] : summary.incidents) {
        if (kind == "bad_row") {
            summary.bad_rows = count;
        }
    }
    Cursor set_aside(database, "SELECT text FROM incidents WHERE kind = 'out_of_session'");
    for (; set_aside.live(); set_aside.next()) {
        summary.out_of_session = set_aside.text(0);
    }
    return set_aside.ended();
}

Result<void> find_holes(Database& database, const RunHeader& run, RunSummary& summary) {
    struct Last {
        std::int64_t slice = 0;
        std::int64_t day = 0;
        std::int64_t closed_at = 0;
    };

    constexpr std::int64_t kDay = 86'400'000'000'000;
    const bool daily = run.interval_ns <= 0 || run.interval_ns >= kDay;
    DataHoles& holes = summary.holes;
    std::vector<Last> last(run.symbols.size());
    Cursor bar(database,
               "SELECT slice_id, symbol_id, day, closed_at_ns FROM bars JOIN slices USING "
               "(slice_id) WHERE warmup = 0 AND revision = 0 AND flags & 1 = 0 ORDER BY bar_id");
    for (; bar.live(); bar.next()) {
        const auto symbol = static_cast<std::size_t>(bar.integer(1));
        if (symbol >= last.size()) {
            continue;
        }
        ++holes.bars;
        const Last now{bar.integer(0), bar.integer(2), bar.integer(3)};
        const Last before = std::exchange(last[symbol], now);
        const std::int64_t apart = daily ? now.slice - before.slice
                                   : before.day == now.day
                                       ? (now.closed_at - before.closed_at) / run.interval_ns
                                       : 1;
        if (before.slice == 0 || apart <= 1) {
            continue;
        }
        ++holes.holes;
        holes.missing += apart - 1;
        if (apart - 1 > holes.longest) {
            holes.longest = apart - 1;
            holes.symbol = run.symbols[symbol];
            holes.after = from_ns(before.closed_at);
        }
    }
    return bar.ended();
}

// A rule denied a target when it is the decision's reason and left the position as it was or flat;
// every other effect of a rule reduced one.
Result<void> count_rules(Database& database, std::size_t symbols, RunSummary& summary) {
    Cursor rule(database,
                "SELECT a.slice_id, a.symbol_id, r.name, d.reason = a.rule, d.target_quantity_e8 "
                "FROM risk_adjustments a JOIN reasons r ON r.reason_id = a.rule "
                "JOIN decisions d ON d.decision_id = a.decision_id ORDER BY a.adjustment_id");
    Cursor position(database,
                    "SELECT slice_id, symbol_id, quantity_e8 FROM positions ORDER BY position_id");
    std::vector<std::int64_t> held(symbols);
    std::map<std::string, std::int64_t> denied;
    std::map<std::string, std::int64_t> reduced;
    for (; rule.live(); rule.next()) {
        for (; position.live() && position.integer(0) <= rule.integer(0); position.next()) {
            const auto symbol = static_cast<std::size_t>(position.integer(1));
            if (symbol < symbols) {
                held[symbol] = position.integer(2);
            }
        }
        const auto symbol = static_cast<std::size_t>(rule.integer(1));
        const std::int64_t target = rule.integer(4);
        const bool stopped = target == 0 || (symbol < symbols && target == held[symbol]);
        ++(rule.integer(3) != 0 && stopped ? denied : reduced)[rule.text(2)];
    }
    for (const auto& [counts, into] :
         {std::pair{&denied, &summary.denied}, std::pair{&reduced, &summary.reduced}}) {
        into->assign(counts->begin(), counts->end());
        std::stable_sort(into->begin(), into->end(),
                         [](const auto& a, const auto& b) { return a.second > b.second; });
    }
    TRY(position.ended());
    return rule.ended();
}

Result<void> count_reasons(Database& database, RunSummary& summary) {
    return count_names(database,
                       "SELECT name, count(*) FROM decisions JOIN reasons "
                       "ON reason_id = reason GROUP BY reason ORDER BY 2 DESC, reason",
                       summary.reasons);
}

Result<void> summarise_run(Database& database, const RunHeader& run, RunSummary& summary) {
    for (const auto part : {count_rows, sum_fills, sum_ledger, follow_equity, weigh_stale,
                            count_incidents, count_reasons}) {
        TRY(part(database, summary));
    }
    for (const auto part : {hold_the_universe, count_rules}) {
        TRY(part(database, run.symbols.size(), summary));
    }
    return find_holes(database, run, summary);
}

}  // namespace

Result<RunSummary> summarise(const std::string& db_path) {
    RunSummary summary;
    const auto read = read_in_one_view(db_path, [&](Database& database, const RunHeader& run) {
        return summarise_run(database, run, summary);
    });
    if (read.has_error()) {
        return read.error();
    }
    return summary;
}

}  // namespace paperd::storage
