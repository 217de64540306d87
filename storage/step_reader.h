// Reads slices and what they did back from their tables. Rows with numbers that stand for nothing
// are refused (storage/known_numbers.h).
#pragma once

#include <vector>

#include "storage/database.h"
#include "storage/stored_run.h"

namespace paperd::storage {

// Slices with id in [first, last], ascending, with bars and commands. Bars are those the decisions
// saw: revision 0, as they came with their slice.
Result<std::vector<Slice>> read_slices(Database& database, std::int64_t first, std::int64_t last);

// Likewise with all else that the slice did, orders excepted; the feed's notes are among its
// incidents and in the slice.
Result<std::vector<StoredStep>> read_steps(Database& database, std::int64_t first,
                                           std::int64_t last);

// Every order as it now stands, ascending by id.
Result<std::vector<Order>> read_orders(Database& database);

// The commands that no slice has taken up yet, ascending by id.
Result<std::vector<Command>> read_waiting_commands(Database& database);

}  // namespace paperd::storage
