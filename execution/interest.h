// What holding costs and earns from day to day, act/360, booked once when the venue's day changes
// for the calendar days between, on the values at the close before: call it before the new slice's
// splits, dividends, fills and marks. With S the market value of the shorts (each |quantity| x mark
// rounded to Money, then summed) and free = cash - S, all as they were at that close:
//   free < 0  pays costs.margin_rate      one entry, margin_interest
//   free > 0  earns costs.cash_rate       one entry, interest
//   S         earns costs.short_rebate_rate and pays costs.borrow_rate_year: one entry a short
//   each,
//             short_rebate and borrow
// An entry is amount x rate x days / 360 in integers, the rate rounded to its eighth decimal, with
// one rounding, half to even; nothing compounds within the days of one booking. Entries come in the
// order of symbols, rebate before borrow, then the account's own; one of zero is not booked.
#pragma once

#include <vector>

#include "execution/costs.h"
#include "execution/portfolio.h"
#include "execution/types/ledger_entry.h"

namespace paperd::execution {

// days: calendar days since the last slice's day (>= 1).
void book_interest(Portfolio& portfolio, const CostSettings& costs, int days,
                   std::vector<LedgerEntry>& ledger);

}  // namespace paperd::execution
