// From what people type (venue's days, ISO times, symbols) to the keys of the database.
#pragma once

#include <string>

#include "storage/database.h"

namespace paperd::storage {

struct SliceRange {
    std::int64_t first = 1;
    std::int64_t last = 0;  // less than first: no slice
};

// The slices from `from` to `to`, both included and each a venue's day, an ISO time or empty (no
// bound). Errors are of usage.
Result<SliceRange> slice_range(Database& database, const std::string& from, const std::string& to);

// The symbol's id; -1 for an empty name (all). An unknown one is an error of usage.
Result<std::int64_t> symbol_id_of(Database& database, const std::string& symbol);

}  // namespace paperd::storage
