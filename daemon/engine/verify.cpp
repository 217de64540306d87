#include "daemon/engine/verify.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <fmt/ranges.h>

#include "config/loader.h"
#include "daemon/engine/run_plan.h"
#include "daemon/engine/stored_replay.h"
#include "storage/rows.h"
#include "storage/stored_run.h"
#include "strategy/features/feature_set.h"
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
        const std::string difference = storage::kOrders.difference(stored[i], here[i]);
        if (!difference.empty()) {
            replay.note_difference(
                fmt::format("order {} ended otherwise: {}", stored[i].id, difference));
        }
    }
}

// What the run's own row repeats of the config and the model stored with it.
void compare_header(const RunPlan& plan, bool same_version, StoredReplay& replay) {
    const storage::RunHeader& header = plan.header;
    const auto differs = [&](const char* what) {
        replay.note_difference(fmt::format("{} stored with the run is not what it holds", what));
    };
    const strategy::ModelFacts* const facts = plan.forecaster();
    if (header.feature_set != (facts != nullptr ? facts->feature_set : "") ||
        header.feature_set_hash !=
            (facts != nullptr ? strategy::feature_set_hash(facts->feature_set, facts->columns)
                              : 0)) {
        differs("the feature set");
    }
    if (header.seed != plan.config.seed || header.currency != plan.config.currency ||
        header.interval_ns != bar_length(plan.config.interval).count()) {
        differs("the seed, the currency or the interval");
    }
    // Another version may know more keys.
    if (same_version && run_key(plan) != header.run_key) {
        differs("the run's key");
    }
}

// What the job's config has models for, in order.
std::vector<std::string> roles_of(const config::Config& config) {
    std::vector<std::string> roles;
    if (strategy::needs_model(config.strategy.kind)) {
        roles.emplace_back(storage::kForecaster);
        for (const strategy::OverlayModel& overlay : config.strategy.overlay_models) {
            roles.push_back(overlay.rule);
        }
    }
    return roles;
}

// A sentence for each thing that is not as when the run began: the models that the config names
// are all there, each with the SHA-256 and the facts stored beside it.
std::vector<std::string> altered_models(const storage::RunHeader& run) {
    std::vector<std::string> sentences;
    const auto config =
        config::parse_config(run.config_text, "the stored config", {.check_files = false});
    if (!config.has_error()) {
        const std::vector<std::string> roles = roles_of(*config);
        if (!std::ranges::equal(run.models, roles, {}, &storage::StoredModel::role)) {
            sentences.push_back(fmt::format("the config has {} models ({}), and {} are stored",
                                            roles.size(), fmt::join(roles, ", "),
                                            run.models.size()));
        }
    } else if (run.version == PAPERD_VERSION) {  // another version may know other keys
        sentences.push_back(config.error().text);
    }
    for (std::size_t i = 0; i < run.models.size(); ++i) {
        const storage::StoredModel& model = run.models[i];
        const std::string here = strategy::bundle_sha256(model.bundle);
        if (here != model.sha256) {
            sentences.push_back(fmt::format("model {} ({}) has the SHA-256 {}, and {} is stored", i,
                                            model.role, here, model.sha256));
            continue;
        }
        const auto facts = strategy::bundle_facts(model.bundle);
        if (facts.has_error()) {
            sentences.push_back(
                fmt::format("model {} ({}): {}", i, model.role, facts.error().text));
        } else if (strategy::facts_to_json(*facts) != model.facts_json) {
            sentences.push_back(
                fmt::format("model {} ({}) says other facts of itself than are stored beside it", i,
                            model.role));
        }
    }
    return sentences;
}

Result<bool> replay_all(storage::StoredRun& stored, const VerifyOptions& options,
                        std::ostream& out) {
    TRY_LET(auto plan, plan_of_stored(stored.header()));
    auto engine = make_engine(plan);
    if (engine.has_error()) {
        return fail(engine.error().text);  // nobody's wrong usage: it is the stored one
    }
    const std::string here = plan.models.empty() ? "none" : strategy::inference_fingerprint();
    ReplayTolerance tolerance = tolerance_for(stored.header().fingerprint, here);
    const bool same_version = plan.header.version == PAPERD_VERSION;
    tolerance.incidents = same_version;
    StoredReplay replay(**engine, plan.header.symbols, tolerance);
    compare_header(plan, same_version, replay);
    const std::int64_t last = stored.state().last_slice_id;
    const std::optional<storage::Checkpoint>& checkpoint = stored.state().checkpoint;
    for (std::int64_t first = 1; first <= last; first += kChunkSlices) {
        TRY_LET(auto steps, stored.steps(first, std::min(first + kChunkSlices - 1, last)));
        for (const storage::StoredStep& step : steps) {
            if (auto ran = replay.run(step); ran.has_error()) {
                replay.note_difference(ran.error().text);
                break;
            }
            if (tolerance.exact_model_state && checkpoint &&
                checkpoint->slice_id == step.slice.id && checkpoint->blob != (*engine)->save()) {
                replay.note_difference(fmt::format(
                    "the checkpoint of slice {} is not the state here", checkpoint->slice_id));
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
    if (!same_version) {
        fmt::print(out,
                   "stored by paperd {}, and this is {}: the words of incidents and the run's key "
                   "are not compared\n",
                   plan.header.version, PAPERD_VERSION);
    }
    if (!plan.models.empty()) {
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
    TRY_LET(auto stored, storage::StoredRun::open(db_path));
    TRY_LET(auto violations, stored->check_laws(kViolationsMax));
    const storage::RunState& state = stored->state();
    fmt::print(out, "{}: {} slices, {}\n", db_path, state.last_slice_id,
               state.complete ? "complete" : "not complete");
    const auto tell = [&](const char* what, const char* holds,
                          const std::vector<std::string>& sentences) {
        fmt::print(out, "{}: {}\n", what, sentences.empty() ? holds : "BROKEN");
        for (const std::string& sentence : sentences) {
            fmt::print(out, "  {}\n", sentence);
        }
        return sentences.empty();
    };
    bool good = tell("integrity and the ledger's laws", "hold", violations);
    const std::vector<std::string> altered = altered_models(stored->header());
    const bool same_models = altered.empty();
    if (!same_models || !stored->header().models.empty()) {
        good = tell("the config and its models", "as stored", altered) && good;
    }
    if (options.replay && !same_models) {
        fmt::print(out, "not replayed: it would not be with what the run was made with\n");
    } else if (options.replay) {
        TRY_LET(auto same, replay_all(*stored, options, out));
        good = good && same;
    }
    if (!good) {
        fmt::print(out,
                   "What to do: keep a copy of the file as evidence, do not trade on with it, and "
                   "restore it from a backup or replay the run into a new file.\n");
    }
    return good;
}

}  // namespace paperd::daemon
