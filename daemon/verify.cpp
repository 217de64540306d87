#include "daemon/verify.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "daemon/run_setup.h"
#include "daemon/stored_replay.h"
#include "storage/stored_run.h"
#include "strategy/models/model.h"

namespace paperd::daemon {
namespace {

constexpr std::size_t kViolationsMax = 20;
constexpr std::int64_t kChunkSlices = 256;

void compare_orders(const std::vector<Order>& stored, StoredReplay& replay) {
    const std::vector<Order>& here = replay.orders();
    if (stored.size() != here.size()) {
        replay.note_difference(
            fmt::format("{} orders were stored and {} are made here", stored.size(), here.size()));
        return;
    }
    for (std::size_t i = 0; i < stored.size(); ++i) {
        if (!(stored[i] == here[i])) {
            replay.note_difference(
                fmt::format("order {} ended otherwise than stored", stored[i].id));
        }
    }
}

Result<bool> replay_all(storage::StoredRun& stored, const VerifyOptions& options,
                        std::ostream& out) {
    auto plan = plan_of_stored(stored.header());
    if (plan.has_error()) {
        return plan.error();
    }
    auto engine = make_engine(*plan);
    if (engine.has_error()) {
        return engine.error();
    }
    const std::string here = plan->facts ? strategy::inference_fingerprint() : "none";
    const ReplayTolerance tolerance = tolerance_for(stored.header().fingerprint, here);
    StoredReplay replay(**engine, plan->header.symbols, tolerance);
    const std::int64_t last = stored.state().last_slice_id;
    for (std::int64_t first = 1; first <= last; first += kChunkSlices) {
        auto steps = stored.steps(first, std::min(first + kChunkSlices - 1, last));
        if (steps.has_error()) {
            return steps.error();
        }
        for (const storage::StoredStep& step : *steps) {
            if (auto ran = replay.run(step); ran.has_error()) {
                replay.note_difference(ran.error().text);
                break;
            }
        }
        if (options.progress) {
            options.progress(std::min(first + kChunkSlices - 1, last), last);
        }
    }
    auto orders = stored.orders();
    if (orders.has_error()) {
        return orders.error();
    }
    compare_orders(*orders, replay);
    const ReplayCheck& check = replay.check();
    fmt::print(out, "replayed {} slices, {} orders: ", check.slices, orders->size());
    if (check.differences == 0) {
        fmt::print(out, "identical\n");
    } else {
        fmt::print(out, "{} differences\n", check.differences);
        for (const std::string& sentence : check.first) {
            fmt::print(out, "  {}\n", sentence);
        }
    }
    if (plan->facts) {
        fmt::print(
            out, "inferred again {}: predictions within {:.3g}, weights within {:.3g}\n",
            tolerance.exact_model_state
                ? "on the same machine and libraries"
                : "elsewhere (stored: " + stored.header().fingerprint + "; here: " + here + ")",
            check.prediction_error_max, check.weight_error_max);
    }
    return check.differences == 0;
}

}  // namespace

Result<bool> verify_database(const std::string& db_path, const VerifyOptions& options,
                             std::ostream& out) {
    auto stored = storage::StoredRun::open(db_path);
    if (stored.has_error()) {
        return stored.error();
    }
    auto violations = (*stored)->check_laws(kViolationsMax);
    if (violations.has_error()) {
        return violations.error();
    }
    const storage::RunState& state = (*stored)->state();
    fmt::print(out, "{}: {} slices, {}\n", db_path, state.last_slice_id,
               state.complete ? "complete" : "not complete");
    bool good = violations->empty();
    fmt::print(out, "integrity and the ledger's laws: {}\n", good ? "hold" : "BROKEN");
    for (const std::string& sentence : *violations) {
        fmt::print(out, "  {}\n", sentence);
    }
    if (options.replay) {
        auto same = replay_all(**stored, options, out);
        if (same.has_error()) {
            return same.error();
        }
        good = good && *same;
    }
    return good;
}

}  // namespace paperd::daemon
