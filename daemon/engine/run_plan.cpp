#include "daemon/engine/run_plan.h"

#include <span>
#include <utility>

#include <fmt/format.h>

#include "config/loader.h"
#include "execution/types/symbol_name.h"
#include "strategy/features/feature_set.h"
#include "strategy/models/model.h"

namespace paperd::daemon {
namespace {

bool needs_model(const config::Config& config) {
    return config.strategy.kind == strategy::StrategyKind::attention ||
           config.strategy.kind == strategy::StrategyKind::hybrid;
}

// What may differ between two processes of one run, put back to one value.
config::Config without_process_settings(config::Config config) {
    config.path.clear();
    config.title.clear();
    config.bars.clear();
    config.model.path.clear();
    config.database.clear();
    config.checkpoint_slices = config::Config{}.checkpoint_slices;
    config.speed = 0;
    config.server = {};
    config.log = {};
    config.training = {};
    config.train_from.clear();
    config.train_to.clear();
    config.research_cost_bps = config::Config{}.research_cost_bps;
    return config;
}

// A complaint about the plan's model, with where the model came from.
Error of_model(const RunPlan& plan, const Error& error) {
    return fail(plan.config.model.path + ": " + error.text, error.kind);
}

Result<void> check_model_fits(const RunPlan& plan) {
    const strategy::ModelFacts& facts = *plan.facts;
    if (facts.interval != plan.config.interval) {
        return fail(
            fmt::format("{}: the model was trained on bars of {}, and this job trades bars of "
                        "{}; train one with 'paperd train -c {}'",
                        plan.config.model.path, bar_interval_name(facts.interval),
                        bar_interval_name(plan.config.interval), plan.config.path),
            ErrorKind::usage);
    }
    if (facts.architecture != strategy::strategy_kind_name(plan.config.strategy.kind)) {
        return fail(
            fmt::format("{}: is a model of the kind '{}', and strategy.kind is another; set "
                        "strategy.kind to '{}' or name another model",
                        plan.config.model.path, facts.architecture, facts.architecture),
            ErrorKind::usage);
    }
    return {};
}

// A live run needs a feed of its own.
Result<void> check_feed(const config::Config& config, RunMode mode) {
    if (mode == RunMode::run && config.feed == config::FeedKind::files) {
        return fail(
            config.path +
                ": 'run' needs a live feed, and this job's bars are files; use 'paperd replay', or "
                "set market.feed to synthetic",
            ErrorKind::usage);
    }
    return {};
}

// Those of a config or a command line were looked at; those found in files were not. The run's
// stored config would not be readable with another name.
Result<void> check_names(const Universe& symbols) {
    for (const std::string& name : symbols) {
        if (!is_symbol_name(name)) {
            return fail(fmt::format("the bars are of a symbol called '{}', which no run can hold; "
                                    "rename it to 1 to {} letters, digits and {}",
                                    name, kNameMax, kSymbolMarks),
                        ErrorKind::usage);
        }
    }
    return {};
}

}  // namespace

std::string run_key(const RunPlan& plan) {
    std::string text = config::effective_yaml(without_process_settings(plan.config));
    for (const std::string& symbol : plan.header.symbols) {
        text += symbol + "\n";
    }
    std::string models;
    for (const storage::StoredModel& model : plan.header.models) {
        models += (models.empty() ? "" : " ") + model.sha256;
    }
    text += fmt::format("{}\n{}\n{}\n{}\n{}\n", plan.header.mode, plan.header.from, plan.header.to,
                        models, plan.header.calendar_version);
    const auto bytes = std::as_bytes(std::span<const char>(text));
    return strategy::bundle_sha256({bytes.begin(), bytes.end()});
}

Result<RunPlan> plan_run(const config::Config& config, const Universe& symbols, RunMode mode,
                         const std::string& from, const std::string& to) {
    TRY(check_feed(config, mode));
    TRY(check_names(symbols));
    RunPlan plan;
    plan.config = config;
    plan.config.symbols = symbols;
    storage::RunHeader& header = plan.header;
    header.mode = mode == RunMode::run ? "run" : "replay";
    header.version = PAPERD_VERSION;
    header.config_path = config.path;
    header.calendar_version = Calendar::version();
    header.seed = config.seed;
    header.from = from;
    header.to = to;
    header.interval_ns = bar_length(config.interval).count();
    header.currency = config.currency;
    header.symbols = symbols;
    header.fingerprint = "none";
    if (needs_model(config)) {
        auto bundle = strategy::read_bundle(config.model.path);
        if (bundle.has_error()) {
            return fail(bundle.error().text, ErrorKind::usage);
        }
        auto facts = strategy::bundle_facts(*bundle);
        if (facts.has_error()) {
            return fail(facts.error().text, ErrorKind::usage);
        }
        header.feature_set = facts->feature_set;
        header.feature_set_hash = strategy::feature_set_hash(facts->feature_set, facts->columns);
        header.models = {{.role = storage::kForecaster,
                          .path = config.model.path,
                          .sha256 = strategy::bundle_sha256(*bundle),
                          .facts_json = strategy::facts_to_json(*facts),
                          .bundle = std::move(*bundle)}};
        header.fingerprint = strategy::inference_fingerprint();
        plan.facts = std::move(*facts);
        TRY(check_model_fits(plan));
    }
    header.config_text = config::effective_yaml(plan.config);
    header.run_key = run_key(plan);
    return plan;
}

Result<RunPlan> plan_of_stored(const storage::RunHeader& header) {
    auto config =
        config::parse_config(header.config_text, "the stored config", {.check_files = false});
    if (config.has_error()) {
        return fail("the config stored in the database is not readable by this version:\n" +
                    config.error().text);
    }
    RunPlan plan;
    plan.config = std::move(*config);
    plan.header = header;
    if (!header.models.empty()) {
        TRY_LET(auto facts, strategy::bundle_facts(header.models.front().bundle));
        plan.facts = std::move(facts);
    }
    return plan;
}

Result<std::unique_ptr<Engine>> make_engine(const RunPlan& plan) {
    const std::size_t symbols = plan.header.symbols.size();
    std::unique_ptr<strategy::Model> model;
    ModelSpan span;
    if (plan.facts) {
        auto made = strategy::make_model(plan.header.models.front().bundle,
                                         strategy::padded_slots(symbols));
        if (made.has_error()) {
            return of_model(plan, made.error());
        }
        model = std::move(*made);
        span.trained_days = plan.facts->trained_days;
    }
    auto strategy = strategy::make_strategy(symbols, plan.config.strategy, std::move(model));
    if (strategy.has_error()) {
        return plan.facts ? of_model(plan, strategy.error()) : strategy.error();
    }
    return std::make_unique<Engine>(plan.config, symbols, std::move(*strategy), std::move(span));
}

Result<void> check_plan(const config::Config& config, RunMode mode) {
    const bool all = config.symbols == std::vector<std::string>{"*"};
    TRY_LET(const auto plan,
            plan_run(config, all ? Universe{"ANY"} : config.symbols, mode, "", ""));
    TRY(make_engine(plan));
    return {};
}

}  // namespace paperd::daemon
