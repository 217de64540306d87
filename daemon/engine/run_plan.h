// From a config and the command line to everything a run needs: its identity, its universe, its
// model, its engine.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "daemon/engine/engine.h"
#include "storage/journal.h"

namespace paperd::daemon {

enum class RunMode : std::uint8_t { run, replay };

struct RunPlan {
    config::Config config;
    storage::RunHeader header;  // symbols and model included
    std::optional<strategy::ModelFacts> facts;
};

// A digest of what decides results: the config without its process settings (database, server, log,
// speed, the place of files), the universe, the span, the model's hash and the calendar's version.
std::string run_key(const RunPlan& plan);

// Reads the model and names the run. `symbols`: the resolved universe. from, to: venue's days, or
// empty. Error, of the kind usage: what in the config, the universe or the model does not fit this
// mode.
Result<RunPlan> plan_run(const config::Config& config, const Universe& symbols, RunMode mode,
                         const std::string& from, const std::string& to);

// The same from a database's header: the config and the model stored with the run.
Result<RunPlan> plan_of_stored(const storage::RunHeader& header);

// Error: what of the model or the strategy's settings cannot be used together.
Result<std::unique_ptr<Engine>> make_engine(const RunPlan& plan);

// What `run` or `replay` would refuse of the config before the first bar, found by beginning as
// they do: a plan and its engine. `["*"]` stands for one symbol.
Result<void> check_plan(const config::Config& config, RunMode mode);

}  // namespace paperd::daemon
