// The numbers of a whole run, for the end of a replay and the report: read from the database alone.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "execution/types/result.h"
#include "storage/account_curve.h"
#include "storage/data_holes.h"
#include "storage/decision_counts.h"
#include "storage/journal.h"

namespace paperd::storage {

// What fills cost, in account currency; > 0 hurts.
struct FillCosts {
    double delay = 0;
    double spread = 0;
    double slippage = 0;
    double impact = 0;
    double commission = 0;
};

// Positions from flat to flat, as the view round_trips has them.
struct RoundTrips {
    std::int64_t closed = 0;
    std::int64_t won = 0;    // pnl > 0
    double gains = 0;        // sum of pnl > 0, account currency
    double losses = 0;       // minus the sum of pnl < 0
    double slices_mean = 0;  // from the first fill's slice to the last one's
    std::int64_t open = 0;   // positions at the end
};

struct RunSummary {
    RunHeader run;          // without the models' bundles
    bool complete = false;  // false: it goes on, or was stopped
    std::int64_t slices = 0, slices_traded = 0, orders = 0, fills = 0;
    std::int64_t in_sample_slices = 0;  // on training days of the model
    double starting_equity = 0, return_fraction = 0;
    double traded_notional = 0;  // sum of |quantity x price| of the fills
    FillCosts costs;
    // What was booked beside trades and their commission, by kind of ledger entry, in the kinds'
    // order; into the account > 0.
    std::vector<std::pair<std::string, double>> booked;
    AccountCurve curve;
    // Of the equity at the end: held, without sign, in symbols that had no bar on the last slice's
    // day.
    double stale_fraction = 0;
    RoundTrips round_trips;
    DecisionCounts decisions;
    Counts incidents;              // of slices, by kind
    std::int64_t bad_rows = 0;     // rows of bar files that were set aside
    std::string out_of_session{};  // how many bars outside the session were; empty: none
    DataHoles holes;
};

// All of one instant, also of a run that goes on. Memory grows with days and symbols alone.
Result<RunSummary> summarise(const std::string& db_path);

}  // namespace paperd::storage
