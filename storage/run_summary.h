// The numbers of a whole run, for the end of a replay and the report.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "execution/types/result.h"
#include "execution/types/timestamp.h"

namespace paperd::storage {

// Bars that did not come while trading, between the first and the last of a symbol: intraday within
// a day of the venue, daily where other symbols had one.
struct DataHoles {
    std::int64_t bars = 0;  // that came
    std::int64_t missing = 0;
    std::int64_t holes = 0;
    std::int64_t longest = 0;  // missing in a row
    std::string symbol{};      // of the longest
    Timestamp after;           // close of the bar before it
};

struct RunSummary {
    std::int64_t slices = 0, bars = 0, decisions = 0, orders = 0, fills = 0;
    double starting_equity = 0, equity = 0, return_fraction = 0, buy_and_hold_fraction = 0,
           drawdown_worst = 0;
    double delay_cost = 0, spread_cost = 0, slippage_cost = 0, impact_cost = 0, commission = 0,
           borrow = 0;
    double dividends = 0, interest = 0, traded_notional = 0;
    double margin_interest = 0;  // paid, on free cash below 0; `interest` is that above it
    double short_rebate = 0;
    // Of the equity at the end: held, without sign, in symbols that had no bar on the last slice's
    // day (the view open_positions).
    double stale_fraction = 0;
    std::int64_t in_sample_slices = 0, slices_traded = 0;
    std::vector<std::pair<std::string, std::int64_t>>
        denied;  // rule name, count: targets set to no change or flat
    std::vector<std::pair<std::string, std::int64_t>> reduced;    // rule name, count
    std::vector<std::pair<std::string, std::int64_t>> reasons;    // decision reason, count
    std::vector<std::pair<std::string, std::int64_t>> incidents;  // of slices; kind, count
    std::int64_t bad_rows = 0;     // rows of bar files that were set aside
    std::string out_of_session{};  // how many bars outside the session were; empty: none
    DataHoles holes;
    std::vector<double> day_returns;  // of equity, a venue's day each; the first from the deposit
};

// Return of holding the universe in equal weights from the first traded slice's closes to the last,
// dividends included by adj_close, is buy_and_hold_fraction.
Result<RunSummary> summarise(const std::string& db_path);

}  // namespace paperd::storage
