// What a trade database's rows must obey, checked from the rows alone: SQLite's integrity, keys
// that lead somewhere, numbers that stand for something (storage/known_numbers.h), orders that
// agree with their fills, and the account's conservation (storage/account_laws.h).
#pragma once

#include <string>
#include <vector>

#include "storage/database.h"
#include "storage/journal.h"

namespace paperd::storage {

// A sentence a violation with the row's key, at most `most`. A damaged file is reported by its
// integrity alone: nothing else can be trusted then.
Result<std::vector<std::string>> find_violations(Database& database, const RunHeader& run,
                                                 std::size_t most);

}  // namespace paperd::storage
