// One pass over all slices in the order of time, keeping the account beside the stored one:
//   slices     ids 1, 2, ... without gaps, times that ascend, hashes that never repeat
//   bars       low <= open, close <= high
//   decisions  one for each symbol of each slice, none in warm-up
//   fills      ids without gaps; after their decision, on a real bar of theirs and within it; on
//              their order's side and decision; columns that sum; never beyond a limit
//   ledger     each fill's trade and commission booked once; dividends, settlements and what splits
//              leave as the corporate actions say
//   actions    of what was held, at the last close; splits by their ratio, what they leave paid
//   positions  quantity = sum of fills and actions, cost - realized = what they cost; one row a
//   change equity     cash = sum of the ledger, value and gross from positions and last closes,
//   peak
// Sums are kept in 128 bits: whatever somebody wrote into the rows, the pass goes through.
#pragma once

#include "storage/database.h"
#include "storage/journal.h"
#include "storage/violations.h"

namespace paperd::storage {

Result<void> check_account_laws(Database& database, const RunHeader& run, Violations& violations);

}  // namespace paperd::storage
