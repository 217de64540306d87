// Which bars of a run came, and which did not.
#pragma once

#include <cstdint>
#include <string>

#include "execution/types/result.h"
#include "execution/types/timestamp.h"
#include "storage/database.h"
#include "storage/journal.h"

namespace paperd::storage {

// Bars that did not come while trading, between the first and the last of a symbol: intraday within
// a day of the venue, daily where other symbols had one.
struct DataHoles {
    std::int64_t stored = 0;  // bars of any kind, warm-up included
    std::int64_t bars = 0;    // that came while trading
    std::int64_t missing = 0;
    std::int64_t holes = 0;
    std::int64_t longest = 0;  // missing in a row
    std::string symbol{};      // of the longest
    Timestamp after;           // close of the bar before it
};

// Errors are the database's.
Result<DataHoles> find_holes(Database& database, const RunHeader& run);

}  // namespace paperd::storage
