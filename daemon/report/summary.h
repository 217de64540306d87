// What a run prints when it ends: the account, the costs by kind, what risk denied and why, what
// was noticed, and research accounting beside the engine's result.
#pragma once

#include <ostream>
#include <string>

#include "config/config.h"
#include "execution/types/result.h"

namespace paperd::daemon {

// Reads the database alone; `config` gives title, currency, calendar and research's cost. Errors
// are the database's; what was printed until then stays.
Result<void> print_summary(const std::string& db_path, const config::Config& config,
                           std::ostream& out);

}  // namespace paperd::daemon
