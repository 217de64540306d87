// What holding costs from day to day: the borrow fee of shorts and the interest on cash, act/360,
// booked once when the venue's day changes, for the calendar days between, on what was held at the
// close before: call it before the new slice's dividends, fills and marks.
#pragma once

#include <vector>

#include "execution/costs.h"
#include "execution/portfolio.h"
#include "execution/types/ledger_entry.h"

namespace paperd::execution {

// days: calendar days since the last slice's day (>= 1). Rates count to the eighth decimal; cash
// below zero neither pays nor earns.
void book_carry(Portfolio& portfolio, const CostSettings& costs, int days,
                std::vector<LedgerEntry>& ledger);

}  // namespace paperd::execution
