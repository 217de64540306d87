// Features -> models -> predictions -> target weights for the whole universe, slice by slice (step
// 5 of the journey).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "execution/types/decision.h"
#include "execution/types/model_output.h"
#include "execution/types/slice.h"
#include "strategy/account_view.h"
#include "strategy/features/feature_set.h"
#include "strategy/market_data_handler.h"
#include "strategy/model_stage.h"
#include "strategy/models/model.h"
#include "strategy/overlays/overlays.h"
#include "strategy/positions/positions.h"

namespace paperd::strategy {

enum class StrategyKind : std::uint8_t { model, buy_and_hold, sma_cross };

// As configs name them, by StrategyKind.
inline constexpr std::array<std::string_view, 3> kStrategyKindNames = {"model", "buy_and_hold",
                                                                       "sma_cross"};

constexpr bool needs_model(StrategyKind kind) { return kind == StrategyKind::model; }

// The position rule that the forecaster's facts name.
inline constexpr std::string_view kDefaultPositions = "default";

// A model that scales or vetoes the forecaster's positions.
struct OverlayModel {
    std::string rule;  // of the table (overlays/overlays.h)
    std::string path;  // bundle, or NAME.ts

    bool operator==(const OverlayModel&) const = default;
};

struct StrategySettings {
    StrategyKind kind = StrategyKind::buy_and_hold;
    double gross_budget = 4;  // weight = gross_budget / N x position; not of buy_and_hold
    bool allow_short = false;
    int sma_fast_bars =
        20;  // sma_cross: long while the fast mean is above the slow one, else flat (or short)
    int sma_slow_bars = 50;
    // model, from here on.
    double return_max = 1;  // |log return| a bar beyond which a prediction is never traded
    std::string position_rule{kDefaultPositions};
    PositionSettings positions = {};
    std::vector<std::string> pairs = {};            // "AAA/BBB"; for models of pairs
    std::vector<OverlayModel> overlay_models = {};  // in the order in which they speak
    OverlaySettings overlays = {};
};

// Where a model's outputs are stored with the slice, so that a replay can start from them. A
// symbol's forecast on the slices' own bars is in the decision's columns; everything else that
// positions depend on is a ModelOutputRow a group.
struct OutputStorage {
    std::size_t groups = 0;
    std::optional<std::size_t> prediction;  // places among a slot's numbers (ModelOutputs::of)
    std::optional<std::size_t> uncertainty;
    std::vector<std::size_t> others;  // of the row's values, in their order
};

class Strategy {
public:
    virtual ~Strategy() = default;

    // The account comes into the weights: on_account is then called before on_slice, for every
    // slice that trades. What it shows is valid until on_slice returns.
    [[nodiscard]] virtual bool needs_account() const { return false; }

    virtual void on_account(const AccountView& /*account*/) {}

    // After the handler took the slice. cut: symbols whose history the handler cut in this slice.
    // Fills one Signal for each symbol of the universe: weight NaN, with the reason, where it has
    // no opinion (no_bar, warming_up, between_bars, ...). Error: a model failed; the strategy is
    // then unusable.
    [[nodiscard]] virtual Result<void> on_slice(const Slice& slice, const MarketDataHandler& market,
                                                std::span<const SeriesCut> cut,
                                                std::span<Signal> out) = 0;

    // Replay from stored outputs: called after each inference of a model (its place in the run's
    // list), before positions. It may change the numbers of each defined slot; what the model
    // itself carries is not touched.
    std::function<void(const Slice&, std::size_t model, ModelOutputs&)> adopt_outputs;

    // By model; empty without one.
    [[nodiscard]] virtual std::span<const OutputStorage> output_storage() const { return {}; }

    // Adds what the newest slice's inferences gave and no decision's column holds.
    virtual void list_outputs(std::vector<ModelOutputRow>& /*rows*/) const {}

    // What the newest slice's signals were judged by, up to DecisionNumber::position, into
    // decisions that have no numbers yet. One decision a symbol.
    virtual void add_numbers(std::span<Decision> /*decisions*/) const {}

    // Log returns of the model's next bar that the cost gate judges, by symbol; empty, and NaN,
    // where there is none.
    [[nodiscard]] virtual std::span<const double> forecasts() const { return {}; }

    // Digest of what the models carry; 0 without a model.
    [[nodiscard]] virtual std::uint64_t model_digest() const = 0;

    // Positions come from expected returns: the cost gate applies.
    [[nodiscard]] virtual bool has_forecast() const = 0;

    virtual void save(BlobWriter& out) const = 0;
    virtual void load(BlobReader& in) = 0;
};

// models: the forecaster, then one for each of settings.overlay_models, each with
// padded_slots(groups) slots (make_groups); none for strategies without a model. Error when they
// do not fit (check_models) or the settings cannot be meant, in a sentence.
Result<std::unique_ptr<Strategy>> make_strategy(const Universe& symbols,
                                                const StrategySettings& settings,
                                                const MarketFrame& frame,
                                                std::vector<std::unique_ptr<Model>> models);

}  // namespace paperd::strategy
