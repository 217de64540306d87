// From a config and the command line to everything a run needs: its identity, its universe, its
// model, its engine.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/config.h"
#include "daemon/engine/engine.h"
#include "storage/journal.h"

namespace paperd::daemon {

enum class RunMode : std::uint8_t { run, replay };

// One of the models of a run, with what it is there for.
struct PlannedModel {
    std::string role;  // "forecaster", or the overlay's rule
    std::string path;  // for people
    std::string sha256;
    strategy::BundleBytes bundle;
    strategy::ModelFacts facts;
};

struct RunPlan {
    config::Config config;
    storage::RunHeader header;         // symbols and models included
    std::vector<PlannedModel> models;  // the forecaster, then the overlays' in order; or none

    // nullptr without a model.
    [[nodiscard]] const strategy::ModelFacts* forecaster() const {
        return models.empty() ? nullptr : &models.front().facts;
    }
};

// A digest of what decides results: the config's keys that do (config::Key::decides), the universe,
// the span, the models' hashes and the calendar's version.
std::string run_key(const RunPlan& plan);

// Reads the models, checks that they fit the job, and names the run. `symbols`: the resolved
// universe. from, to: venue's days, or empty. Error, of the kind usage: what in the config, the
// universe or the models does not fit this mode.
Result<RunPlan> plan_run(const config::Config& config, const Universe& symbols, RunMode mode,
                         const std::string& from, const std::string& to);

// The same from a database's header: the config and the models stored with the run.
Result<RunPlan> plan_of_stored(const storage::RunHeader& header);

// What a strategy has to know of a job's bars.
strategy::MarketFrame market_frame(const config::Config& config);

// The facts of a job's models, forecaster first, each read from its file and checked against the
// job (strategy::check_model). An empty list for a job without a model. Errors name the file.
Result<std::vector<PlannedModel>> plan_models(const config::Config& config,
                                              const Universe& symbols);

// Error: what of the models or the strategy's settings cannot be used together.
Result<std::unique_ptr<Engine>> make_engine(const RunPlan& plan);

// What `run` or `replay` would refuse of the config before the first bar, found by beginning as
// they do: a plan and its engine. `["*"]` stands for what the models speak of, or for one symbol.
Result<void> check_plan(const config::Config& config, RunMode mode);

}  // namespace paperd::daemon
