// Start-up is recovery: the newest checkpoint is loaded, and the slices stored since run through
// the same engine, each compared with what the journal holds. So every restart is also a
// verification.
#pragma once

#include <functional>
#include <string>

#include "daemon/engine/engine.h"
#include "daemon/engine/run_plan.h"
#include "storage/journal.h"

namespace paperd::daemon {

struct Recovered {
    std::int64_t from_checkpoint = 0;  // its slice, 0: from the beginning
    std::int64_t slices_replayed = 0;
    bool stopped = false;  // before its end, because it was asked to
};

// Brings a fresh engine to the state after the last stored slice. Error kind `difference` when the
// replayed slices do not match what is stored, with the first differences. `stop` is asked before
// each slice; nothing is written, so stopping loses nothing, but the engine is then unusable.
Result<Recovered> recover(Engine& engine, const RunPlan& plan, const std::string& db_path,
                          const storage::RunState& state, const std::function<bool()>& stop = {});

}  // namespace paperd::daemon
