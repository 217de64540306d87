#include "strategy/strategy.h"

#include <fmt/format.h>

#include "strategy/baselines.h"
#include "strategy/model_strategy.h"

namespace paperd::strategy {

namespace {

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
    if (!(p.regime_exit > 0 && p.regime_exit <= 1)) {
        return fmt::format("regime_exit must be above 0 and at most 1, not {}", p.regime_exit);
    }
    if (p.regime_pause < 0) {
        return fmt::format("regime_pause must be 0 or more, not {}", p.regime_pause);
    }
    if (!(p.revert_exit <= p.revert_entry)) {
        return fmt::format(
            "revert_exit is {}, above revert_entry ({}): a pair would close as soon "
            "as it opens",
            p.revert_exit, p.revert_entry);
    }
    return {};
}

// What is wrong with the number of models; empty when nothing.
std::string models_complaint(const StrategySettings& settings, std::size_t models) {
    const std::string_view kind = kStrategyKindNames.at(static_cast<std::size_t>(settings.kind));
    if (!needs_model(settings.kind)) {
        return models == 0 ? std::string()
                           : fmt::format(
                                 "the strategy '{}' takes no model: remove it from the "
                                 "config, or set strategy.kind to model",
                                 kind);
    }
    if (models == 0) {
        return fmt::format(
            "the strategy '{}' needs a model: name one in the config, or train one "
            "with 'paperd train'",
            kind);
    }
    return models == settings.overlay_models.size() + 1
               ? std::string()
               : fmt::format("{} models came for a forecaster and {} overlays", models,
                             settings.overlay_models.size());
}

}  // namespace

Result<std::unique_ptr<Strategy>> make_strategy(const Universe& symbols,
                                                const StrategySettings& settings,
                                                const MarketFrame& frame,
                                                std::vector<std::unique_ptr<Model>> models) {
    if (symbols.empty()) {
        return fail("a strategy needs at least one symbol", ErrorKind::usage);
    }
    if (const auto complaint = models_complaint(settings, models.size()); !complaint.empty()) {
        return fail(complaint, ErrorKind::usage);
    }
    if (needs_model(settings.kind)) {
        if (const auto complaint = positions_complaint(settings.positions); !complaint.empty()) {
            return fail(complaint, ErrorKind::usage);
        }
        return make_model_strategy(symbols, settings, frame, std::move(models));
    }
    if (settings.kind == StrategyKind::buy_and_hold) {
        return make_buy_and_hold(symbols.size(), settings);
    }
    if (settings.sma_fast_bars < 1 || settings.sma_slow_bars <= settings.sma_fast_bars ||
        static_cast<std::size_t>(settings.sma_slow_bars) > frame.lookback_bars) {
        return fail(
            fmt::format("sma_cross needs 1 <= sma_fast_bars < sma_slow_bars <= {} (the "
                        "bars that are kept, market.lookback_bars), not {} and {}",
                        frame.lookback_bars, settings.sma_fast_bars, settings.sma_slow_bars),
            ErrorKind::usage);
    }
    return make_sma_cross(symbols.size(), settings);
}

}  // namespace paperd::strategy
