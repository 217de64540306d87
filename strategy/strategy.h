// Features -> model -> predictions -> target weights for the whole universe, slice by slice (step 5
// of the journey).
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "execution/types/decision.h"
#include "execution/types/slice.h"
#include "strategy/features/feature_set.h"
#include "strategy/market_data_handler.h"
#include "strategy/models/model.h"
#include "strategy/positions/positions.h"

namespace paperd::strategy {

enum class StrategyKind : std::uint8_t { attention, hybrid, buy_and_hold, sma_cross };

// As configs name it; for a strategy with a model, the architecture's name.
std::string_view strategy_kind_name(StrategyKind kind);

struct StrategySettings {
    StrategyKind kind = StrategyKind::buy_and_hold;
    double gross_budget = 4;  // weight = gross_budget / N x position
    bool allow_short = false;
    int sma_fast_bars =
        20;  // sma_cross: long while the fast mean is above the slow one, else flat (or short)
    int sma_slow_bars = 50;
    double trend_floor = 0.0075;
    double vol_ratio_max = 1.2;
    PositionSettings positions = {};
};

class Strategy {
public:
    virtual ~Strategy() = default;

    // After the handler took the slice. cut: symbols whose history the handler cut in this slice.
    // Fills one Signal for each symbol of the universe: weight NaN with no_bar, not_listed,
    // warming_up or feature_undefined where it has no opinion.
    // Error: the model failed; the strategy is then unusable.
    [[nodiscard]] virtual Result<void> on_slice(const Slice& slice, const MarketDataHandler& market,
                                                std::span<const SeriesCut> cut,
                                                std::span<Signal> out) = 0;

    // Replay from stored predictions: called after inference, before positions. It may change the
    // numbers of each defined slot (of a symbol's index); the model's own carried state is not
    // touched.
    std::function<void(const Slice&, ModelOutputs&)> adopt_predictions;

    // Digest of the model's carried state; 0 without a model.
    [[nodiscard]] virtual std::uint64_t model_digest() const = 0;
    [[nodiscard]] virtual bool has_forecast()
        const = 0;  // predictions mean expected log returns: the gate applies

    virtual void save(BlobWriter& out) const = 0;
    virtual void load(BlobReader& in) = 0;
};

// model: required for attention and hybrid (slots = padded_slots(symbols)), nullptr for the others.
// Error when the model's architecture or feature set does not fit the kind, in a sentence.
Result<std::unique_ptr<Strategy>> make_strategy(std::size_t symbols,
                                                const StrategySettings& settings,
                                                std::unique_ptr<Model> model);

}  // namespace paperd::strategy
