#include "daemon/engine/recovery.h"

#include <algorithm>

#include <fmt/format.h>

#include "daemon/engine/stored_replay.h"
#include "storage/stored_run.h"

namespace paperd::daemon {
namespace {

constexpr std::int64_t kChunkSlices = 256;  // read at a time: bounds the memory of a long recovery

}  // namespace

Result<Recovered> recover(Engine& engine, const RunPlan& plan, const std::string& db_path,
                          const storage::RunState& state, const std::function<bool()>& stop) {
    Recovered recovered;
    if (state.last_slice_id == 0) {
        return recovered;
    }
    if (state.checkpoint) {
        if (auto loaded = engine.load(state.checkpoint->blob); loaded.has_error()) {
            return fail(db_path + ": " + loaded.error().text);
        }
        recovered.from_checkpoint = state.checkpoint->slice_id;
    }
    auto stored = storage::StoredRun::open(db_path);
    if (stored.has_error()) {
        return stored.error();
    }
    StoredReplay replay(engine, plan.header.symbols,
                        tolerance_for((*stored)->header().fingerprint, plan.header.fingerprint));
    for (std::int64_t first = recovered.from_checkpoint + 1; first <= state.last_slice_id;
         first += kChunkSlices) {
        TRY_LET(auto steps,
                (*stored)->steps(first, std::min(first + kChunkSlices - 1, state.last_slice_id)));
        for (const storage::StoredStep& step : steps) {
            if (stop && stop()) {
                recovered.stopped = true;
                return recovered;
            }
            if (auto ran = replay.run(step); ran.has_error()) {
                return fail(db_path + ": " + ran.error().text, ErrorKind::difference);
            }
            ++recovered.slices_replayed;
        }
    }
    if (replay.check().differences > 0) {
        std::string text = fmt::format(
            "{}: replaying the {} slices since the last checkpoint gives something else than what "
            "is "
            "stored ({} differences):\n",
            db_path, recovered.slices_replayed, replay.check().differences);
        for (const std::string& sentence : replay.check().first) {
            text += "  " + sentence + "\n";
        }
        text +=
            "  Trading does not go on from an unsure state: run 'paperd verify --replay' on a "
            "copy, or "
            "start a new database.";
        return fail(text, ErrorKind::difference);
    }
    if (engine.last_slice_id() != state.last_slice_id ||
        engine.state_hash() != state.last_state_hash) {
        return fail(
            db_path + ": the recovered state is not the stored one; run 'paperd verify' on it",
            ErrorKind::difference);
    }
    return recovered;
}

}  // namespace paperd::daemon
