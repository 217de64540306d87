// Columns that stand for something: an enum's value, a flag, a reason, a symbol's place in the
// universe, as the lists of storage/rows.h say. A number in them that stands for nothing is damage,
// or a newer paperd's word; it must not become a value of the program.
#pragma once

#include <string>

#include "storage/database.h"
#include "storage/violations.h"

namespace paperd::storage {

// What read_steps reads of slices [first, last]. The error (difference) names the first such
// number: table, row, column, value.
Result<void> check_known_numbers(Database& database, std::int64_t first, std::int64_t last);

// The same of one table's rows for which `condition` (SQL) holds.
Result<void> check_known_numbers_of(Database& database, const std::string& table,
                                    const std::string& condition);

// Of every table, as violations.
Result<void> find_unknown_numbers(Database& database, Violations& violations);

}  // namespace paperd::storage
