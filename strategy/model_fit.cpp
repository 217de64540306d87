#include "strategy/model_fit.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "execution/types/check.h"

namespace paperd::strategy {

namespace {

Error misfit(std::string text) { return fail(std::move(text), ErrorKind::usage); }

Result<void> check_columns(const ModelFacts& facts) {
    const bool pair = facts.group == GroupKind::pair;
    const auto known = pair ? std::span<const std::string_view>(kPairStreamColumns)
                            : std::span<const std::string_view>(feature_columns(facts.feature_set));
    if (known.empty()) {
        return misfit(
            fmt::format("the model's feature set '{}' is not known here: it was made for "
                        "another version, train it anew",
                        facts.feature_set));
    }
    if (facts.columns.empty()) {
        return misfit("the model names no columns");
    }
    for (const std::string& full : facts.columns) {
        const std::string_view column =
            facts.group == GroupKind::universe ? member_and_column(full).second : full;
        if (std::ranges::find(known, column) == known.end()) {
            return misfit(
                fmt::format("the model's column '{}' is not one that the feature set '{}' gives "
                            "while trading: train it on other columns",
                            column, facts.feature_set));
        }
        if (is_level_column(column)) {
            return misfit(
                fmt::format("the model's column '{}' is in shares or currency, so its "
                            "scale changes with every split: train it on scale-free "
                            "columns",
                            column));
        }
    }
    return {};
}

// A pair's stream keeps its own bars; the other sets look back on the handler's.
Result<void> check_lookback(const ModelFacts& facts, const MarketFrame& frame) {
    const std::size_t needed =
        facts.group == GroupKind::pair ? 0 : feature_warmup_bars(facts.feature_set);
    if (frame.lookback_bars >= needed) {
        return {};
    }
    return misfit(
        fmt::format("the model's feature set '{}' looks back on {} bars, and market.lookback_bars "
                    "keeps {}: raise it",
                    facts.feature_set, needed, frame.lookback_bars));
}

Result<void> check_rule(const ModelFacts& facts, const StrategySettings& settings) {
    TRY_LET(const auto* const rule, position_rule_of(settings, facts));
    TRY(places_read(*rule, facts));
    if (rule->needs_shorts && !settings.allow_short) {
        return misfit(
            fmt::format("the position rule '{}' sells short and strategy.allow_short is "
                        "false; set it to true",
                        rule->name));
    }
    return {};
}

Result<void> check_overlay(const ModelFacts& facts, const OverlayModel& overlay) {
    const OverlayEntry* const entry = find_overlay(overlay.rule);
    if (entry == nullptr) {
        return misfit(fmt::format("there is no overlay '{}'; known are {}", overlay.rule,
                                  fmt::join(overlay_names(), ", ")));
    }
    TRY(places_read(*entry, facts));
    return {};
}

}  // namespace

Result<const PositionRuleEntry*> position_rule_of(const StrategySettings& settings,
                                                  const ModelFacts& facts) {
    const bool by_default = settings.position_rule == kDefaultPositions;
    const std::string& name = by_default ? facts.positions : settings.position_rule;
    if (name.empty()) {
        return misfit(
            fmt::format("the model names no position rule; set strategy.positions to one "
                        "of {}",
                        fmt::join(position_rule_names(), ", ")));
    }
    const PositionRuleEntry* const rule = find_position_rule(name);
    if (rule == nullptr) {
        return misfit(fmt::format("there is no position rule '{}'; known are {}", name,
                                  fmt::join(position_rule_names(), ", ")));
    }
    return rule;
}

Result<std::vector<std::size_t>> places_read(const PositionRuleEntry& rule,
                                             const ModelFacts& facts) {
    const auto kind = [](GroupKind group) {
        return kGroupKindNames.at(static_cast<std::size_t>(group));
    };
    if (rule.group != facts.group) {
        return fail(fmt::format("the position rule '{}' is for a {}, and the model speaks of a {}; "
                                "set strategy.positions to another rule",
                                rule.name, kind(rule.group), kind(facts.group)),
                    ErrorKind::usage);
    }
    if (rule.group == GroupKind::universe && !facts.per_member) {
        return fail(fmt::format("the position rule '{}' wants outputs for each member, and the "
                                "model has one set for all",
                                rule.name),
                    ErrorKind::usage);
    }
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < facts.outputs.size(); ++i) {
        const bool named = std::ranges::find(rule.reads, facts.outputs[i]) != rule.reads.end();
        if (named || (rule.reads_returns && bars_ahead(facts.outputs[i]) > 0)) {
            places.push_back(i);
        }
    }
    for (const std::string_view name : rule.reads) {
        if (std::ranges::find(facts.outputs, name) == facts.outputs.end()) {
            return fail(fmt::format("the position rule '{}' reads {}, and the model gives {}; set "
                                    "strategy.positions to another rule, or use another model",
                                    rule.name, name, fmt::join(facts.outputs, ", ")),
                        ErrorKind::usage);
        }
    }
    return places;
}

Result<Groups> check_model(const ModelFacts& facts, std::size_t model, const Universe& symbols,
                           const StrategySettings& settings, const MarketFrame& frame) {
    CHECK(model <= settings.overlay_models.size(), "a forecaster, and a model an overlay");
    if (facts.interval < frame.interval) {
        return misfit(
            fmt::format("the model was trained on bars of {}, and this job trades longer "
                        "ones, of {}; train another, or set market.interval to {}",
                        bar_interval_name(facts.interval), bar_interval_name(frame.interval),
                        bar_interval_name(facts.interval)));
    }
    TRY(check_columns(facts));
    TRY(check_lookback(facts, frame));
    if (model == 0) {
        TRY(check_rule(facts, settings));
    } else {
        TRY(check_overlay(facts, settings.overlay_models[model - 1]));
    }
    TRY_LET(auto groups, make_groups(facts, symbols, settings.pairs));
    const auto outside = std::ranges::find_if(groups.of_symbol,
                                              [](const auto& group) { return !group.has_value(); });
    if (outside != groups.of_symbol.end()) {
        const auto place = static_cast<std::size_t>(outside - groups.of_symbol.begin());
        return misfit(
            fmt::format("{} is in none of strategy.pairs, so that the model says nothing "
                        "of it; remove it from market.symbols, or add a pair",
                        symbols[place]));
    }
    return groups;
}

}  // namespace paperd::strategy
