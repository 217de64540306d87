#include "strategy/model_strategy.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "execution/types/check.h"
#include "execution/types/section_tag.h"
#include "strategy/signals.h"

namespace paperd::strategy {

namespace {

constexpr std::uint32_t kTag = section_tag("SMOD");
constexpr std::string_view kSizingSet = "attention";  // whose vol_20 and regime_ok size positions
constexpr std::string_view kVolatility = "vol_20";
constexpr std::string_view kRegime = "regime_ok";

std::size_t place_of(std::span<const std::string_view> columns, std::string_view name) {
    const auto found = std::ranges::find(columns, name);
    CHECK(found != columns.end(), "a column is missing from its feature set");
    return static_cast<std::size_t>(found - columns.begin());
}

// One feature set for every symbol, and the newest values of the symbol asked last.
class Streams {
public:
    Streams(std::size_t symbols, std::string_view set, const FeatureSettings& settings) {
        for (std::size_t i = 0; i < symbols; ++i) {
            auto stream = make_feature_set(set, settings);
            CHECK(!stream.has_error(), "the feature set was checked before");
            streams_.push_back(std::move(*stream));
        }
        values_.resize(feature_columns(set).size());
    }

    // Valid until the next call.
    std::span<const double> next(std::size_t symbol, const BarWindow& window) {
        streams_[symbol]->next(window, nullptr, values_);
        return values_;
    }

    void reset(std::size_t symbol) { streams_[symbol]->reset(); }

    void save(std::size_t symbol, BlobWriter& out) const { streams_[symbol]->save(out); }

    void load(std::size_t symbol, BlobReader& in) { streams_[symbol]->load(in); }

private:
    std::vector<std::unique_ptr<FeatureSet>> streams_;
    std::vector<double> values_;
};

FeatureSettings model_features(const StrategySettings& settings, const ModelFacts& facts) {
    FeatureSettings features{.trend_floor = settings.trend_floor,
                             .vol_ratio_max = settings.vol_ratio_max,
                             .wanted = facts.columns};
    if (facts.feature_set == kSizingSet) {
        features.wanted.emplace_back(kVolatility);
        features.wanted.emplace_back(kRegime);
    }
    return features;
}

FeatureSettings sizing_features(const StrategySettings& settings) {
    return {.trend_floor = settings.trend_floor,
            .vol_ratio_max = settings.vol_ratio_max,
            .wanted = {std::string(kVolatility), std::string(kRegime)}};
}

class ModelStrategy final : public Strategy {
public:
    ModelStrategy(std::size_t symbols, const StrategySettings& settings,
                  std::unique_ptr<Model> model)
        : symbols_(symbols),
          hybrid_(settings.kind == StrategyKind::hybrid),
          model_(std::move(model)),
          vol_place_(place_of(feature_columns(kSizingSet), kVolatility)),
          regime_place_(place_of(feature_columns(kSizingSet), kRegime)),
          weighing_(symbols, settings),
          features_(symbols, model_->facts().feature_set,
                    model_features(settings, model_->facts())),
          present_(symbols),
          had_row_(symbols),
          sizes_(symbols),
          inputs_(model_->slots() * model_->facts().columns.size()),
          defined_(model_->slots()),
          outputs_(model_->slots()) {
        const ModelFacts& facts = model_->facts();
        for (const std::string& column : facts.columns) {
            places_.push_back(place_of(feature_columns(facts.feature_set), column));
        }
        if (facts.feature_set != kSizingSet) {
            sizing_.emplace(symbols, kSizingSet, sizing_features(settings));
        }
        for (std::size_t i = 0; i < symbols; ++i) {
            rules_.push_back(hybrid_ ? make_hybrid_positions(settings.positions)
                                     : make_attention_positions(settings.positions));
        }
    }

    void on_slice(const Slice& slice, const MarketDataHandler& market,
                  std::span<const SeriesCut> cut, std::span<Signal> out) override {
        CHECK(out.size() == symbols_, "one signal for each symbol");
        for (const SeriesCut& c : cut) {
            forget(index(c.symbol));
        }
        present_.read(slice);
        for (std::size_t i = 0; i < symbols_; ++i) {
            defined_[i] = present_[i] ? take_features(i, market.window(symbol_id(i))) : 0;
        }
        model_->step(inputs_, defined_, outputs_);
        if (adopt_predictions) {
            adopt_predictions(slice, std::span<ModelOutput>(outputs_).first(symbols_));
        }
        for (std::size_t i = 0; i < symbols_; ++i) {
            out[i] = present_[i] ? decide(i) : without_bar(market, symbol_id(i));
        }
    }

    [[nodiscard]] std::uint64_t model_digest() const override { return model_->state_digest(); }

    [[nodiscard]] bool has_forecast() const override { return true; }

    void save(BlobWriter& out) const override {
        out.put(kTag);
        out.put(static_cast<std::uint64_t>(symbols_));
        out.put(feature_set_hash(model_->facts().feature_set, model_->facts().columns));
        out.put_vector(had_row_);
        for (std::size_t i = 0; i < symbols_; ++i) {
            features_.save(i, out);
            if (sizing_) {
                sizing_->save(i, out);
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
            features_.load(i, in);
            if (sizing_) {
                sizing_->load(i, in);
            }
            rules_[i]->load(in);
        }
        if (!in.failed()) {
            model_->load(in);
        }
    }

private:
    void forget(std::size_t i) {
        features_.reset(i);
        if (sizing_) {
            sizing_->reset(i);
        }
        rules_[i]->reset();
        model_->forget(i);
        had_row_[i] = 0;
    }

    // The symbol's row for the model and its inputs to sizing. 1 when every column is defined.
    std::uint8_t take_features(std::size_t i, const BarWindow& window) {
        const auto values = features_.next(i, window);
        const auto row = std::span<double>(inputs_).subspan(i * places_.size(), places_.size());
        bool defined = true;
        for (std::size_t c = 0; c < places_.size(); ++c) {
            row[c] = values[places_[c]];
            defined = defined && std::isfinite(row[c]);
        }
        const auto sizing = sizing_ ? sizing_->next(i, window) : values;
        sizes_[i] = {.volatility = sizing[vol_place_], .regime_ok = sizing[regime_place_]};
        had_row_[i] |= defined ? 1 : 0;
        return defined ? 1 : 0;
    }

    Signal decide(std::size_t i) {
        const ModelOutput& output = outputs_[i];
        Signal signal;
        if (!output.defined) {
            const bool was_ready = output.enough_rows && had_row_[i] != 0;
            signal.reason = was_ready ? Reason::feature_undefined : Reason::warming_up;
            return signal;
        }
        signal.prediction = output.prediction;
        if (hybrid_) {
            signal.uncertainty = output.uncertainty;
        }
        const PositionInput in{.prediction = output.prediction,
                               .uncertainty = output.uncertainty,
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
    std::vector<std::size_t> places_;  // of the model's columns in its set
    std::size_t vol_place_;            // in the sizing set
    std::size_t regime_place_;
    Weighing weighing_;

    Streams features_;
    std::optional<Streams> sizing_;  // none where the model's set is the sizing set
    std::vector<std::unique_ptr<PositionRule>> rules_;
    BarsPresent present_;
    std::vector<std::uint8_t> had_row_;  // a defined row since the last cut
    // Of this slice only; the first two and the last by slot.
    std::vector<Sizing> sizes_;
    std::vector<double> inputs_;
    std::vector<std::uint8_t> defined_;
    std::vector<ModelOutput> outputs_;
};

}  // namespace

std::unique_ptr<Strategy> make_model_strategy(std::size_t symbols, const StrategySettings& settings,
                                              std::unique_ptr<Model> model) {
    return std::make_unique<ModelStrategy>(symbols, settings, std::move(model));
}

}  // namespace paperd::strategy
