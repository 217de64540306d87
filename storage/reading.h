// How every reader begins: the file read-only, of a schema we know, with a run in it.
#pragma once

#include <functional>
#include <string>

#include "storage/database.h"
#include "storage/run_row.h"

namespace paperd::storage {

Result<Database> open_for_reading(const std::string& path);

// An error where the file holds no run yet. with_model false leaves the bundle unread.
Result<RunHeader> read_header(Database& database, bool with_model);

// Opens the file and hands it to read(database, its run without the bundle), all in one
// transaction: everything read is of one instant.
Result<void> read_in_one_view(const std::string& path,
                              const std::function<Result<void>(Database&, const RunHeader&)>& read);

}  // namespace paperd::storage
