// A replay that goes on must go on with the bars it began with: a run of old and new bars mixed
// would be the history of neither.
#pragma once

#include <span>
#include <string>

#include "execution/types/result.h"
#include "execution/types/slice.h"
#include "execution/types/symbol.h"

namespace paperd::daemon {

// Compares the slices stored at `db_path` with the first of those just read from the files, as
// they were before any ran: times, every field of every bar, and the rows set aside. Reads the
// database in pieces. The error (usage) names the first difference.
Result<void> check_resumed_bars(const std::string& db_path, std::span<const Slice> read,
                                const Universe& symbols);

}  // namespace paperd::daemon
