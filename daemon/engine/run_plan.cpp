#include "daemon/engine/run_plan.h"

#include <algorithm>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "config/loader.h"
#include "execution/types/symbol_name.h"
#include "strategy/features/feature_set.h"
#include "strategy/groups.h"
#include "strategy/model_fit.h"
#include "strategy/models/model.h"

namespace paperd::daemon {
namespace {

// A complaint about a model, with where it came from.
Error of_model(const std::string& path, const Error& error) {
    return fail(path + ": " + error.text, error.kind);
}

Result<PlannedModel> read_model(const std::string& role, const std::string& path) {
    PlannedModel model{.role = role, .path = path, .sha256 = {}, .bundle = {}, .facts = {}};
    auto bundle = strategy::read_bundle(path);
    if (bundle.has_error()) {
        return fail(bundle.error().text, ErrorKind::usage);
    }
    auto facts = strategy::bundle_facts(*bundle);
    if (facts.has_error()) {
        return fail(facts.error().text, ErrorKind::usage);
    }
    model.sha256 = strategy::bundle_sha256(*bundle);
    model.bundle = std::move(*bundle);
    model.facts = std::move(*facts);
    return model;
}

// The forecaster, then the overlays' in order; none for a strategy without a model.
Result<std::vector<PlannedModel>> read_models(const config::Config& config) {
    std::vector<PlannedModel> models;
    if (!strategy::needs_model(config.strategy.kind)) {
        return models;
    }
    TRY_LET(auto forecaster, read_model(storage::kForecaster, config.model.path));
    models.push_back(std::move(forecaster));
    for (const strategy::OverlayModel& overlay : config.strategy.overlay_models) {
        TRY_LET(auto model, read_model(overlay.rule, overlay.path));
        models.push_back(std::move(model));
    }
    return models;
}

// In place of `["*"]`, which only the bars tell: what the models speak of, or one symbol.
Result<Universe> stand_in(const config::Config& config) {
    TRY_LET(const auto models, read_models(config));
    for (const PlannedModel& model : models) {
        if (model.facts.group == strategy::GroupKind::universe) {
            return model.facts.members();
        }
        if (model.facts.group != strategy::GroupKind::pair || config.strategy.pairs.empty()) {
            continue;
        }
        Universe legs;
        for (const std::string& pair : config.strategy.pairs) {
            TRY_LET(const auto names, strategy::pair_legs(pair));
            legs.insert(legs.end(), {std::string(names.first), std::string(names.second)});
        }
        return legs;
    }
    return Universe{"ANY"};
}

// A live run needs a feed of its own, and cannot assume what only a replay knows.
Result<void> check_feed(const config::Config& config, RunMode mode) {
    if (mode == RunMode::run && config.delisting.after_sessions) {
        return fail(config.path +
                        ": market.assume_delisted_after_sessions is given, but 'run' trades what "
                        "may only be halted, and a delisting there is an event; set it to off",
                    ErrorKind::usage);
    }
    if (mode == RunMode::run && !config.splits.empty()) {
        return fail(config.path +
                        ": market.splits is given, but the market that 'run' makes up has none, so "
                        "that it would be ignored; leave it out, or use 'paperd replay'",
                    ErrorKind::usage);
    }
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
    std::string text = config::deciding_yaml(plan.config);
    for (const std::string& symbol : plan.header.symbols) {
        text += symbol + "\n";
    }
    text += fmt::format("{}\n{}\n{}\n{}\n", plan.header.mode, plan.header.from, plan.header.to,
                        plan.header.calendar_version);
    for (const PlannedModel& model : plan.models) {
        text += fmt::format("{} {}\n", model.role, model.sha256);
    }
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
    TRY_LET(plan.models, plan_models(config, symbols));
    for (const PlannedModel& model : plan.models) {
        header.models.push_back({.role = model.role,
                                 .path = model.path,
                                 .sha256 = model.sha256,
                                 .facts_json = strategy::facts_to_json(model.facts),
                                 .bundle = model.bundle});
    }
    if (const strategy::ModelFacts* const facts = plan.forecaster()) {
        header.feature_set = facts->feature_set;
        header.feature_set_hash = strategy::feature_set_hash(facts->feature_set, facts->columns);
        header.fingerprint = strategy::inference_fingerprint();
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
    for (const storage::StoredModel& stored : header.models) {
        TRY_LET(auto facts, strategy::bundle_facts(stored.bundle));
        plan.models.push_back({.role = stored.role,
                               .path = stored.path,
                               .sha256 = stored.sha256,
                               .bundle = stored.bundle,
                               .facts = std::move(facts)});
    }
    return plan;
}

strategy::MarketFrame market_frame(const config::Config& config) {
    return {.interval = config.interval,
            .calendar = config.calendar,
            .lookback_bars = config.market_data.lookback_bars,
            .closures = config.closures};
}

Result<std::vector<PlannedModel>> plan_models(const config::Config& config,
                                              const Universe& symbols) {
    TRY_LET(auto models, read_models(config));
    const bool any_of_pairs = std::ranges::any_of(models, [](const PlannedModel& model) {
        return model.facts.group == strategy::GroupKind::pair;
    });
    if (!config.strategy.pairs.empty() && !any_of_pairs) {
        return fail(config.path +
                        ": strategy.pairs is given, but none of the job's models speaks of pairs, "
                        "so that it would be ignored; remove it, or name a model of pairs",
                    ErrorKind::usage);
    }
    for (std::size_t m = 0; m < models.size(); ++m) {
        const auto fits = strategy::check_model(models[m].facts, m, symbols, config.strategy,
                                                market_frame(config));
        if (fits.has_error()) {
            return of_model(models[m].path, fits.error());
        }
    }
    return models;
}

Result<std::unique_ptr<Engine>> make_engine(const RunPlan& plan) {
    const Universe& symbols = plan.header.symbols;
    const strategy::StrategySettings& settings = plan.config.strategy;
    std::vector<std::unique_ptr<strategy::Model>> models;
    ModelSpan span;
    for (const PlannedModel& planned : plan.models) {
        TRY_LET(const auto groups, strategy::make_groups(planned.facts, symbols, settings.pairs));
        auto made = strategy::make_model(planned.bundle, strategy::padded_slots(groups.size()));
        if (made.has_error()) {
            return of_model(planned.path, made.error());
        }
        models.push_back(std::move(*made));
        const auto& days = planned.facts.trained_days;
        span.trained_days.insert(span.trained_days.end(), days.begin(), days.end());
        if (!days.empty()) {
            span.trained_until =
                std::min(span.trained_until.value_or(days.back().last), days.back().last);
        }
    }
    auto strategy =
        strategy::make_strategy(symbols, settings, market_frame(plan.config), std::move(models));
    if (strategy.has_error()) {
        return plan.models.empty() ? strategy.error()
                                   : of_model(plan.config.model.path, strategy.error());
    }
    const bool of_files = plan.header.mode == "replay" && is_intraday(plan.config.interval);
    return std::make_unique<Engine>(plan.config, symbols.size(), std::move(*strategy),
                                    std::move(span), EngineOptions{.settle_after_gaps = of_files});
}

Result<void> check_plan(const config::Config& config, RunMode mode) {
    TRY(check_feed(config, mode));
    Universe symbols = config.symbols;
    if (symbols == Universe{"*"}) {
        TRY_LET(symbols, stand_in(config));
    }
    TRY_LET(const auto plan, plan_run(config, symbols, mode, "", ""));
    TRY(make_engine(plan));
    return {};
}

}  // namespace paperd::daemon
