// One model at work in a strategy: its own bars (resampled where it lives on longer ones than the
// slices), its groups' rows, its inference, and what it said last.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "execution/types/bar_interval.h"
#include "execution/types/calendar.h"
#include "strategy/group_rows.h"
#include "strategy/groups.h"
#include "strategy/market_data_handler.h"
#include "strategy/models/model.h"
#include "strategy/resampler.h"

namespace paperd::strategy {

// The run's bars, as far as a strategy has to know them.
struct MarketFrame {
    BarInterval interval = BarInterval::day_1;
    CalendarKind calendar = CalendarKind::new_york;
    std::size_t lookback_bars = MarketDataSettings{}.lookback_bars;
    std::vector<Closure> closures = {};  // of the calendar
};

class ModelStage {
public:
    // The model has padded_slots(groups.size()) slots. Errors: rows that cannot be made
    // (GroupRows), an interval shorter than the slices', no tz database for a longer one.
    static Result<ModelStage> make(std::unique_ptr<Model> model, Groups groups,
                                   const MarketFrame& frame, const FeatureSettings& features,
                                   bool with_sizing);

    // After the market took the slice and its splits; `present`: symbols with a bar in it. True: a
    // bar of the model's interval closed and outputs() are of it. Where one slice closes two bars
    // the model takes both, and outputs() are of the newer. Error: the model failed.
    Result<bool> on_slice(const Slice& slice, const MarketDataHandler& market,
                          std::span<const std::uint8_t> present);

    // The symbol's series was cut; before on_slice.
    void forget(std::size_t symbol);

    // What the model said when a bar of its interval closed last, by group; padding behind them.
    [[nodiscard]] ModelOutputs& outputs() { return outputs_; }

    [[nodiscard]] const ModelOutputs& outputs() const { return outputs_; }

    [[nodiscard]] const Model& model() const { return *model_; }

    [[nodiscard]] const Groups& groups() const { return groups_; }

    [[nodiscard]] const GroupRows& rows() const { return *rows_; }

    // It lives on longer bars than the slices.
    [[nodiscard]] bool is_coarse() const { return resampler_.has_value(); }

    void save(BlobWriter& out) const;
    void load(BlobReader& in);

private:
    ModelStage() = default;

    Result<void> infer(const MarketDataHandler& market, std::span<const std::uint8_t> present);

    std::unique_ptr<Model> model_;
    Groups groups_;
    std::optional<GroupRows> rows_;
    std::optional<Resampler> resampler_;
    std::optional<MarketDataHandler> bars_;  // the longer ones
    ModelOutputs outputs_;
    // Of one inference; by slot.
    std::vector<double> inputs_;
    std::vector<std::uint8_t> defined_;
    std::vector<std::uint8_t> present_;  // by symbol, in the longer bar
};

}  // namespace paperd::strategy
