#include "storage/run_summary.h"

#include <algorithm>
#include <cmath>

#include "execution/types/fixed.h"
#include "execution/types/ledger_entry.h"
#include "storage/cursor.h"
#include "storage/reading.h"
#include "storage/wide.h"

namespace paperd::storage {
namespace {

double decimal(Wide raw) { return static_cast<double>(raw) / static_cast<double>(kScale); }

Result<void> count_rows(Database& database, RunSummary& summary) {
    const Cursor row(database,
                     "SELECT (SELECT count(*) FROM slices), (SELECT count(*) FROM orders), "
                     "(SELECT count(*) FROM slices WHERE warmup = 0), "
                     "(SELECT count(*) FROM in_sample_slices)");
    if (row.live()) {
        summary.slices = row.integer(0);
        summary.orders = row.integer(1);
        summary.slices_traded = row.integer(2);
        summary.in_sample_slices = row.integer(3);
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
        ++summary.fills;
        summary.traded_notional +=
            std::abs(decimal(wide_product(fill.integer(1), fill.integer(0))));
        delay += fill.integer(2);
        spread += fill.integer(3);
        slippage += fill.integer(4);
        impact += fill.integer(5);
        commission += fill.integer(6);
    }
    summary.costs = {.delay = decimal(delay),
                     .spread = decimal(spread),
                     .slippage = decimal(slippage),
                     .impact = decimal(impact),
                     .commission = decimal(commission)};
    return fill.ended();
}

// A deposit is what the account began with; a settlement ends a position, as a trade does.
Result<void> sum_ledger(Database& database, RunSummary& summary) {
    Cursor sums(database,
                "SELECT kind, sum(amount_e8) FROM ledger WHERE kind NOT IN (1, 2) GROUP BY kind "
                "ORDER BY kind");
    for (; sums.live(); sums.next()) {
        const auto kind = static_cast<LedgerKind>(sums.integer(0));
        const double amount = decimal(sums.integer(1));
        if (kind == LedgerKind::deposit) {
            summary.starting_equity = amount;
        } else if (kind != LedgerKind::settlement) {
            summary.booked.emplace_back(ledger_kind_name(kind), amount);
        }
    }
    return sums.ended();
}

Result<void> sum_round_trips(Database& database, RunSummary& summary) {
    RoundTrips& trips = summary.round_trips;
    Cursor trip(database, "SELECT pnl, slices FROM round_trips");
    for (; trip.live(); trip.next()) {
        const double pnl = trip.real(0);
        ++trips.closed;
        trips.won += pnl > 0 ? 1 : 0;
        trips.gains += std::max(pnl, 0.0);
        trips.losses -= std::min(pnl, 0.0);
        trips.slices_mean += trip.real(1);
    }
    if (trips.closed > 0) {
        trips.slices_mean /= static_cast<double>(trips.closed);
    }
    TRY(trip.ended());
    TRY_LET(trips.open,
            database.integer("SELECT count(*) FROM instruments i JOIN positions p ON p.position_id "
                             "= (SELECT max(position_id) FROM positions q WHERE q.symbol_id = "
                             "i.symbol_id) WHERE p.quantity_e8 <> 0"));
    return {};
}

// What is held at prices of an earlier day than the run's last.
Result<void> weigh_stale(Database& database, RunSummary& summary) {
    const Cursor row(database,
                     "SELECT coalesce(sum(abs(value)), 0.0) FROM open_positions WHERE stale");
    if (row.live() && summary.curve.equity > 0) {
        summary.stale_fraction = row.real(0) / summary.curve.equity;
    }
    return row.ended();
}

Result<void> count_incidents(Database& database, RunSummary& summary) {
    Cursor row(database,
               "SELECT kind, count(*) FROM incidents WHERE slice_id IS NOT NULL OR severity = 2 "
               "GROUP BY kind ORDER BY 2 DESC, kind");
    for (; row.live(); row.next()) {
        summary.incidents.emplace_back(row.text(0), row.integer(1));
        if (row.text(0) == "bad_row") {
            summary.bad_rows = row.integer(1);
        }
    }
    TRY(row.ended());
    Cursor set_aside(database, "SELECT text FROM incidents WHERE kind = 'out_of_session'");
    for (; set_aside.live(); set_aside.next()) {
        summary.out_of_session = set_aside.text(0);
    }
    return set_aside.ended();
}

Result<void> summarise_run(Database& database, const RunHeader& run, RunSummary& summary) {
    summary.run = run;
    TRY_LET(const auto complete, database.integer("SELECT complete FROM runs"));
    summary.complete = complete != 0;
    for (const auto part : {count_rows, sum_fills, sum_ledger, sum_round_trips, count_incidents}) {
        TRY(part(database, summary));
    }
    TRY_LET(summary.curve, follow_account(database, summary.starting_equity));
    if (summary.starting_equity > 0) {
        summary.return_fraction = summary.curve.equity / summary.starting_equity - 1;
    }
    TRY(weigh_stale(database, summary));
    TRY_LET(summary.decisions, count_decisions(database, run.symbols.size()));
    TRY_LET(summary.holes, find_holes(database, run));
    return {};
}

}  // namespace

Result<RunSummary> summarise(const std::string& db_path) {
    RunSummary summary;
    TRY(read_in_one_view(db_path, [&](Database& database, const RunHeader& run) {
        return summarise_run(database, run, summary);
    }));
    return summary;
}

}  // namespace paperd::storage
