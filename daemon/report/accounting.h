// Research accounting (weight x close-to-close return, less a cost of turnover) beside what the
// engine earned of the same signals, and where the difference went. All figures are sums of
// one-slice returns on the equity before, so that the parts add up to the difference exactly.
#pragma once

#include <ostream>
#include <string>

#include "config/config.h"
#include "storage/stored_run.h"

namespace paperd::daemon {

// Each is a sum over slices, as a fraction of equity; positive: the engine earned less than
// research for this reason.
struct AccountingGap {
    double research_gross = 0;  // weight x adjusted close-to-close return
    double research_cost = 0;   // research's own cost of turnover
    double engine = 0;          // equity / equity before - 1
    double delay = 0;           // the decision's close to the reference price
    double spread = 0;
    double slippage = 0;
    double impact = 0;
    double commission = 0;
    double borrow = 0;
    // Research earns dividends on its weights, the engine on what it holds; and interest.
    double dividends_and_cash = 0;
    // Lots, the band, partial fills: the target against what was held.
    double rounding_and_band = 0;
    // The signal against the target that risk and the cost gate let through; both stay where there
    // is no opinion.
    double risk_and_gate = 0;
    double rest = 0;  // second-order terms: what the parts above leave

    [[nodiscard]] double research_net() const { return research_gross - research_cost; }

    [[nodiscard]] double difference() const { return research_net() - engine; }
};

// `research_cost_bps`: of turnover. Reads the run in chunks; memory does not grow with its length.
// Errors are the database's.
Result<AccountingGap> research_against_engine(storage::StoredRun& run, double research_cost_bps);

// A table of percentages, the parts in the order above.
void print_accounting(const AccountingGap& gap, double research_cost_bps, std::ostream& out);

}  // namespace paperd::daemon
