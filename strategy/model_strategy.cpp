#include "strategy/model_strategy.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "execution/types/check.h"
#include "execution/types/section_tag.h"
#include "strategy/models/feature_rows.h"
#include "strategy/signals.h"

namespace paperd::strategy {

namespace {

constexpr std::uint32_t kTag = section_tag("SMOD");
constexpr double kReturnMax = 1;  // |log return| a bar beyond which no prediction is traded
constexpr std::string_view kSizingSet = "attention";  // whose vol_20 and regime_ok size positions

const std::vector<std::string> kSizing = {"vol_20", "regime_ok"};

FeatureSettings feature_settings(const StrategySettings& settings) {
    return {.trend_floor = settings.trend_floor, .vol_ratio_max = settings.vol_ratio_max};
}

// The model's rows; of the sizing set with sizing's inputs beside them.
FeatureRows model_rows(std::size_t symbols, const StrategySettings& settings,
                       const ModelFacts& facts) {
    const bool sizes = facts.feature_set == kSizingSet;
    auto rows = FeatureRows::make(symbols, facts.feature_set, facts.columns,
                                  {.also = sizes ? kSizing : std::vector<std::string>{},
                                   .features = feature_settings(settings)});
    CHECK(!rows.has_error(), "the feature set was checked before");
    return std::move(*rows);
}

FeatureRows sizing_rows(std::size_t symbols, const StrategySettings& settings) {
    auto rows =
        FeatureRows::make(symbols, kSizingSet, kSizing, {.features = feature_settings(settings)});
    CHECK(!rows.has_error(), "the sizing set has its columns");
    return std::move(*rows);
}

class ModelStrategy final : public Strategy {
public:
    ModelStrategy(std::size_t symbols, const StrategySettings& settings,
                  std::unique_ptr<Model> model)
        : symbols_(symbols),
          hybrid_(settings.kind == StrategyKind::hybrid),
          model_(std::move(model)),
          weighing_(symbols, settings),
          features_(model_rows(symbols, settings, model_->facts())),
          present_(symbols),
          had_row_(symbols),
          sizes_(symbols),
          inputs_(model_->slots() * model_->facts().columns.size()),
          defined_(model_->slots()),
          outputs_(model_->make_outputs()) {
        if (model_->facts().feature_set != kSizingSet) {
            sizing_.emplace(sizing_rows(symbols, settings));
        }
        for (std::size_t i = 0; i < symbols; ++i) {
            rules_.push_back(hybrid_ ? make_hybrid_positions(settings.positions)
                                     : make_attention_positions(settings.positions));
        }
    }

    Result<void> on_slice(const Slice& slice, const MarketDataHandler& market,
                          std::span<const SeriesCut> cut, std::span<Signal> out) override {
        CHECK(out.size() == symbols_, "one signal for each symbol");
        for (const SeriesCut& c : cut) {
            forget(index(c.symbol));
        }
        present_.read(slice);
        for (std::size_t i = 0; i < symbols_; ++i) {
            defined_[i] = present_[i] ? take_features(i, market.window(symbol_id(i))) : 0;
        }
        TRY(model_->step(inputs_, defined_, outputs_));
        if (adopt_predictions) {
            adopt_predictions(slice, outputs_);
        }
        judge_returns(kReturnMax, outputs_);
        for (std::size_t i = 0; i < symbols_; ++i) {
            out[i] = present_[i] ? decide(i) : without_bar(market, symbol_id(i));
        }
        return {};
    }

    [[nodiscard]] std::uint64_t model_digest() const override { return model_->state_digest(); }

    [[nodiscard]] bool has_forecast() const override { return true; }

    void save(BlobWriter& out) const override {
        out.put(kTag);
        out.put(static_cast<std::uint64_t>(symbols_));
        out.put(feature_set_hash(model_->facts().feature_set, model_->facts().columns));
        out.put_vector(had_row_);
        for (std::size_t i = 0; i < symbols_; ++i) {
            features_.save(symbol_id(i), out);
            if (sizing_) {
                sizing_->save(symbol_id(i), out);
            }
            rules_[i]->save(out);
        }
        model_->save(out);
    }

    void load(BlobReader& in) override {
        in.expect(kTag);
        if (in.get<std::uint64_t>() != symbols_ ||
            in.get<std::uint64_t>() !=
                feature_set_hash(model_->facts().feature_set, model_->facts().columns)) {
            in.fail();
            return;
        }
        had_row_ = in.get_vector<std::uint8_t>();
        if (had_row_.size() != symbols_) {
            in.fail();
            had_row_.assign(symbols_, 0);
        }
        for (std::size_t i = 0; i < symbols_ && !in.failed(); ++i) {
            features_.load(symbol_id(i), in);
            if (sizing_) {
                sizing_->load(symbol_id(i), in);
            }
            rules_[i]->load(in);
        }
        if (!in.failed()) {
            model_->load(in);
        }
    }

private:
    void forget(std::size_t i) {
        features_.reset(symbol_id(i));
        if (sizing_) {
            sizing_->reset(symbol_id(i));
        }
        rules_[i]->reset();
        model_->forget(i);
        had_row_[i] = 0;
    }

    // The symbol's row for the model and its inputs to sizing. 1 when every column is defined.
    std::uint8_t take_features(std::size_t i, const BarWindow& window) {
        const std::size_t columns = model_->facts().columns.size();
        const auto row = std::span<double>(inputs_).subspan(i * columns, columns);
        const bool defined = features_.next(symbol_id(i), window, row);
        std::array<double, 2> sizing = {};
        if (sizing_) {
            static_cast<void>(sizing_->next(symbol_id(i), window, sizing));
        } else {
            std::ranges::copy(features_.also(), sizing.begin());
        }
        sizes_[i] = {.volatility = sizing[0], .regime_ok = sizing[1]};
        had_row_[i] |= defined ? 1 : 0;
        return defined ? 1 : 0;
    }

    Signal decide(std::size_t i) {
        Signal signal;
        if (outputs_.states[i] == OutputState::implausible) {
            signal.reason = Reason::implausible_prediction;
            return signal;
        }
        if (!outputs_.defined(i)) {
            const bool was_ready =
                outputs_.states[i] != OutputState::warming_up && had_row_[i] != 0;
            signal.reason = was_ready ? Reason::feature_undefined : Reason::warming_up;
            return signal;
        }
        signal.prediction = outputs_.value(i, "return_1");
        if (hybrid_) {
            signal.uncertainty = outputs_.value(i, "uncertainty");
        }
        const PositionInput in{.prediction = signal.prediction,
                               .uncertainty = hybrid_ ? signal.uncertainty : 0,
                               .realized_vol = sizes_[i].volatility,
                               .regime_ok = sizes_[i].regime_ok};
        weighing_.weigh(rules_[i]->next(in), signal);
        return signal;
    }

    struct Sizing {
        double volatility = 0;  // vol_20
        double regime_ok = 0;
    };

    std::size_t symbols_;
    bool hybrid_;
    std::unique_ptr<Model> model_;
    Weighing weighing_;

    FeatureRows features_;
    std::optional<FeatureRows> sizing_;  // none where the model's set is the sizing set
    std::vector<std::unique_ptr<PositionRule>> rules_;
    BarsPresent present_;
    std::vector<std::uint8_t> had_row_;  // a defined row since the last cut
    // Of this slice only; the first two and the last by slot.
    std::vector<Sizing> sizes_;
    std::vector<double> inputs_;
    std::vector<std::uint8_t> defined_;
    ModelOutputs outputs_;
};

}  // namespace

std::unique_ptr<Strategy> make_model_strategy(std::size_t symbols, const StrategySettings& settings,
                                              std::unique_ptr<Model> model) {
    return std::make_unique<ModelStrategy>(symbols, settings, std::move(model));
}

}  // namespace paperd::strategy
