#include "strategy/strategy.h"

#include <algorithm>

#include <fmt/format.h>

#include "strategy/baselines.h"
#include "strategy/model_strategy.h"

namespace paperd::strategy {

std::string_view strategy_kind_name(StrategyKind kind) {
    constexpr std::string_view kNames[] = {"attention", "hybrid", "buy_and_hold", "sma_cross"};
    return kNames[static_cast<std::size_t>(kind)];
}

namespace {

// What is wrong with this model for this strategy; empty when nothing is.
std::string model_complaint(std::size_t symbols, StrategyKind kind, const Model& model) {
    const ModelFacts& facts = model.facts();
    if (strategy_kind_name(kind) != facts.architecture) {
        return fmt::format(
            "the strategy is '{0}' but the model's architecture is '{1}': set the "
            "strategy to '{1}' or choose another model",
            strategy_kind_name(kind), facts.architecture);
    }
    const auto known = feature_columns(facts.feature_set);
    if (known.empty()) {
        return fmt::format(
            "the model's feature set '{}' is not known here: it was made for "
            "another version, train it anew",
            facts.feature_set);
    }
    for (const std::string& column : facts.columns) {
        if (std::ranges::find(known, column) == known.end()) {
            return fmt::format(
                "the model's column '{}' is not one that the feature set '{}' gives "
                "while trading: train it on other columns",
                column, facts.feature_set);
        }
        if (is_level_column(column)) {
            return fmt::format(
                "the model's column '{}' is in shares or currency, so its scale "
                "changes with every split: train it on scale-free columns",
                column);
        }
    }
    if (facts.columns.empty()) {
        return "the model names no columns";
    }
    if (model.slots() != padded_slots(symbols)) {
        return fmt::format("the model was built with {} slots, but {} symbols need {}",
                           model.slots(), symbols, padded_slots(symbols));
    }
    return {};
}

// What cannot be meant in the rules from prediction to position; empty when nothing.
std::string positions_complaint(const PositionSettings& p) {
    if (!(p.vol_target > 0)) {
        return fmt::format("vol_target must be above 0, not {}", p.vol_target);
    }
    if (!(p.gate_percentile >= 0 && p.gate_percentile <= 100)) {
        return fmt::format("gate_percentile must be 0 to 100, not {}", p.gate_percentile);
    }
    if (p.gate_window < 1 || p.smoothing < 1 || p.confidence_window < 1) {
        return fmt::format(
            "gate_window, smoothing and confidence_window count predictions and "
            "must be at least 1, not {}, {} and {}",
            p.gate_window, p.smoothing, p.confidence_window);
    }
    return {};
}

}  // namespace

Result<std::unique_ptr<Strategy>> make_strategy(std::size_t symbols,
                                                const StrategySettings& settings,
                                                std::unique_ptr<Model> model) {
    if (symbols == 0) {
        return fail("a strategy needs at least one symbol", ErrorKind::usage);
    }
    const bool wants_model =
        settings.kind == StrategyKind::attention || settings.kind == StrategyKind::hybrid;
    if (wants_model && model == nullptr) {
        return fail(fmt::format("the strategy '{}' needs a model: name one in the config, or "
                                "train one with 'paperd train'",
                                strategy_kind_name(settings.kind)),
                    ErrorKind::usage);
    }
    if (!wants_model && model != nullptr) {
        return fail(fmt::format("the strategy '{}' takes no model: remove it from the config, or "
                                "set the strategy to 'attention' or 'hybrid'",
                                strategy_kind_name(settings.kind)),
                    ErrorKind::usage);
    }
    if (wants_model) {
        for (const std::string& complaint : {model_complaint(symbols, settings.kind, *model),
                                             positions_complaint(settings.positions)}) {
            if (!complaint.empty()) {
                return fail(complaint, ErrorKind::usage);
            }
        }
        return make_model_strategy(symbols, settings, std::move(model));
    }
    if (settings.kind == StrategyKind::buy_and_hold) {
        return make_buy_and_hold(symbols, settings);
    }
    const auto lookback = static_cast<int>(MarketDataSettings{}.lookback_bars);
    if (settings.sma_fast_bars < 1 || settings.sma_slow_bars <= settings.sma_fast_bars ||
        settings.sma_slow_bars > lookback) {
        return fail(fmt::format("sma_cross needs 1 <= sma_fast_bars < sma_slow_bars <= {}, not {} "
                                "and {}",
                                lookback, settings.sma_fast_bars, settings.sma_slow_bars),
                    ErrorKind::usage);
    }
    return make_sma_cross(symbols, settings);
}

}  // namespace paperd::strategy
