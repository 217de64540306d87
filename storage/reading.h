// How every reader begins: the file read-only, of a schema we know, with a run in it.
#pragma once

#include <string>

#include "storage/database.h"
#include "storage/run_row.h"

namespace paperd::storage {

Result<Database> open_for_reading(const std::string& path);

// An error where the file holds no run yet. with_model false leaves the bundle unread.
Result<RunHeader> read_header(Database& database, bool with_model);

}  // namespace paperd::storage
