// What a run prints when it ends: the account, the costs by kind, what risk denied and why, and
// what to try next.
#pragma once

#include <ostream>
#include <string>

#include "config/config.h"
#include "daemon/run/run_loop.h"

namespace paperd::daemon {

// `accounting`: also research accounting beside the engine's result.
Result<void> print_summary(const std::string& db_path, const config::Config& config,
                           bool accounting, std::ostream& out);

}  // namespace paperd::daemon
