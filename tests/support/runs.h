// A run in process: the engine and the journal without the program around them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "daemon/engine/run_plan.h"

namespace paperd::support {

// The plan of a config's text; a complaint fails the test.
daemon::RunPlan plan_for(const std::string& yaml, const Universe& symbols);

// Runs slices [next, next + count) on a journal that may hold some, as a new process would: open,
// recover, go on. Stores `group` slices a commit; what is in a group at the end dies with the
// process. Returns false when something failed, which fails the test as well.
bool run_some(const daemon::RunPlan& plan, const std::string& db, const std::vector<Slice>& slices,
              std::size_t count, std::size_t group = 1);

}  // namespace paperd::support
