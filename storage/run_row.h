// The one row of `runs` with its instruments and model: written when a run begins, compared when a
// process comes back to it.
#pragma once

#include <optional>
#include <string>

#include "storage/database.h"
#include "storage/journal.h"

namespace paperd::storage {

Result<void> write_run(Database& database, const RunHeader& run);

// Nothing where the file holds no run yet. with_bundles false leaves the models' bytes unread.
Result<std::optional<RunHeader>> read_run(Database& database, bool with_bundles);

// Where the run stands: the last slice, completeness, the newest checkpoint. Looks at the ends of
// the tables only, however many rows they have.
Result<RunState> read_state(Database& database);

// Why `wanted` is another run than `stored`: one line a setting that differs, the config's lines
// as "- stored" and "+ wanted", at most a screenful.
std::string differences(const RunHeader& stored, const RunHeader& wanted);

}  // namespace paperd::storage
