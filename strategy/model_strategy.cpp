#include "strategy/model_strategy.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "execution/types/check.h"
#include "execution/types/section_tag.h"
#include "strategy/model_fit.h"
#include "strategy/overlay_stage.h"
#include "strategy/signals.h"

namespace paperd::strategy {

namespace {

constexpr std::uint32_t kTag = section_tag("SMOD");

class ModelStrategy final : public Strategy {
public:
    ModelStrategy(std::size_t symbols, const StrategySettings& settings,
                  const PositionRuleEntry& rule, std::vector<ModelStage> stages,
                  std::vector<OverlayStage> overlays)
        : symbols_(symbols),
          return_max_(settings.return_max),
          rule_(rule),
          weighing_(symbols, settings),
          stages_(std::move(stages)),
          overlays_(std::move(overlays)),
          present_(symbols),
          fresh_(stages_.size()),
          opinions_(symbols),
          forecasts_(symbols, kUnknown),
          numbers_(symbols),
          decides_(symbols),
          waits_(symbols) {
        const ModelStage& forecaster = stages_.front();
        std::size_t widest = 0;
        for (const auto& members : forecaster.groups().members) {
            rules_.push_back(
                rule.make(settings.positions, forecaster.outputs().names, members.size()));
            widest = std::max(widest, members.size());
        }
        sizing_.resize(widest);
        positions_.resize(widest);
        prediction_ = forecaster.outputs().place("return_1");
        if (std::ranges::find(rule.reads, "uncertainty") != rule.reads.end()) {
            uncertainty_ = forecaster.outputs().place("uncertainty");
        }
        plan_storage();
    }

    Result<void> on_slice(const Slice& slice, const MarketDataHandler& market,
                          std::span<const SeriesCut> cut, std::span<Signal> out) override {
        CHECK(out.size() == symbols_, "one signal for each symbol");
        for (const SeriesCut& c : cut) {
            forget(index(c.symbol));
        }
        present_.read(slice);
        for (std::size_t m = 0; m < stages_.size(); ++m) {
            TRY_LET(const bool fresh, stages_[m].on_slice(slice, market, present_.flags()));
            fresh_[m] = fresh ? 1 : 0;
            if (fresh && adopt_outputs) {
                adopt_outputs(slice, m, stages_[m].outputs());
            }
            if (fresh) {
                judge_returns(return_max_, stages_[m].outputs());
            }
        }
        const bool fresh = fresh_.front() != 0;
        for (std::size_t g = 0; fresh && g < rules_.size(); ++g) {
            opine(g);
        }
        for (std::size_t i = 0; i < symbols_; ++i) {
            out[i] = signal_of(i, fresh, market);
        }
        return {};
    }

    [[nodiscard]] std::span<const OutputStorage> output_storage() const override {
        return storage_;
    }

    void list_outputs(std::vector<ModelOutputRow>& rows) const override {
        for (std::size_t m = 0; m < stages_.size(); ++m) {
            const ModelOutputs& outputs = stages_[m].outputs();
            for (std::size_t g = 0; g < storage_[m].groups; ++g) {
                const bool said =
                    outputs.defined(g) || outputs.states[g] == OutputState::implausible;
                if (fresh_[m] == 0 || !said || storage_[m].others.empty()) {
                    continue;
                }
                ModelOutputRow& row = rows.emplace_back();
                row.model = static_cast<std::uint32_t>(m);
                row.group = static_cast<std::uint32_t>(g);
                for (const std::size_t place : storage_[m].others) {
                    row.values.push_back(outputs.of(g)[place]);
                }
            }
        }
    }

    [[nodiscard]] std::span<const double> forecasts() const override { return forecasts_; }

    void add_numbers(std::span<Decision> decisions) const override {
        CHECK(decisions.size() == symbols_, "one decision for each symbol");
        for (std::size_t i = 0; i < symbols_; ++i) {
            if (decides_[i] != 0) {
                decisions[i].numbers = numbers_[i];
            }
        }
    }

    // Of one model its own digest.
    [[nodiscard]] std::uint64_t model_digest() const override {
        std::uint64_t digest = stages_.front().model().state_digest();
        for (std::size_t m = 1; m < stages_.size(); ++m) {
            digest = (digest ^ stages_[m].model().state_digest()) * 0x100000001B3ULL;
        }
        return digest;
    }

    [[nodiscard]] bool has_forecast() const override { return rule_.has_forecast; }

    void save(BlobWriter& out) const override {
        out.put(kTag);
        out.put(static_cast<std::uint64_t>(symbols_));
        for (const ModelStage& stage : stages_) {
            stage.save(out);
        }
        for (const auto& rule : rules_) {
            rule->save(out);
        }
        out.put_vector(waits_);
        for (std::size_t i = 0; i < symbols_; ++i) {
            if (waits_[i] != 0) {
                out.put(opinions_[i].prediction);
                out.put(opinions_[i].uncertainty);
                out.put(opinions_[i].weight);
                out.put(opinions_[i].reason);
                out.put(forecasts_[i]);
                out.put_span(numbers_[i].packed());
            }
        }
    }

    void load(BlobReader& in) override {
        in.expect(kTag);
        if (in.get<std::uint64_t>() != symbols_) {
            in.fail();
            return;
        }
        for (ModelStage& stage : stages_) {
            if (!in.failed()) {
                stage.load(in);
            }
        }
        for (const auto& rule : rules_) {
            rule->load(in);
        }
        waits_ = in.get_vector<std::uint8_t>();
        if (waits_.size() != symbols_) {
            in.fail();
            waits_.assign(symbols_, 0);
        }
        for (std::size_t i = 0; i < symbols_; ++i) {
            if (waits_[i] != 0) {
                opinions_[i].prediction = in.get<double>();
                opinions_[i].uncertainty = in.get<double>();
                opinions_[i].weight = in.get<double>();
                opinions_[i].reason = in.get<Reason>();
                forecasts_[i] = in.get<double>();
                if (!numbers_[i].unpack(in.get_vector<double>())) {
                    in.fail();
                }
            }
        }
    }

private:
    // Everything of the symbol, and of what it stands in one group with.
    void forget(std::size_t symbol) {
        for (ModelStage& stage : stages_) {
            stage.forget(symbol);
        }
        const Groups& groups = stages_.front().groups();
        const std::size_t group = *groups.of_symbol[symbol];
        rules_[group]->reset();
        for (const std::size_t member : groups.members[group]) {
            waits_[member] = 0;
        }
    }

    // A symbol without a bar in the slice in which its model's bar closed decides on its next one.
    Signal signal_of(std::size_t i, bool fresh, const MarketDataHandler& market) {
        if (!present_[i]) {
            decides_[i] = 0;
            if (fresh) {
                waits_[i] = stages_.front().is_coarse() && !std::isnan(opinions_[i].weight) ? 1 : 0;
            }
            return without_bar(market, symbol_id(i));
        }
        const bool decides = fresh || waits_[i] != 0;
        decides_[i] = decides ? 1 : 0;
        waits_[i] = 0;
        return decides ? opinions_[i] : Signal{.reason = Reason::between_bars};
    }

    // The group's rule and the overlays on what the forecaster said of it now.
    void opine(std::size_t group) {
        ModelStage& forecaster = stages_.front();
        const auto& members = forecaster.groups().members[group];
        const ModelOutputs& outputs = forecaster.outputs();
        const bool defined = outputs.defined(group);
        OverlayWord word;
        if (defined) {
            for (std::size_t m = 0; m < members.size(); ++m) {
                sizing_[m] = forecaster.rows().sizing(members[m]);
            }
            rules_[group]->next({.outputs = outputs.of(group),
                                 .members = std::span(sizing_).first(members.size()),
                                 .z_score = forecaster.rows().z_score(group)},
                                std::span(positions_).first(members.size()));
            word = overlays_say(members);
        }
        for (std::size_t m = 0; m < members.size(); ++m) {
            const std::size_t i = members[m];
            Signal& signal = opinions_[i];
            signal = {.reason = reason_of(outputs.states[group])};
            forecasts_[i] = kUnknown;
            numbers_[i] = {};
            const std::size_t first = outputs.members > 1 ? m * outputs.names.size() : 0;
            signal.prediction = number(outputs.of(group), prediction_, first);
            signal.uncertainty = number(outputs.of(group), uncertainty_, first);
            if (defined) {
                forecasts_[i] = positions_[m].forecast;
                numbers_[i] = positions_[m].output.numbers;
                numbers_[i].set(DecisionNumber::position, positions_[m].output.position);
                weighing_.weigh(positions_[m].output, signal);
                apply(word, signal);
            }
        }
    }

    // NaN where there is no such output, or no number.
    static double number(std::span<const double> numbers, std::optional<std::size_t> place,
                         std::size_t first) {
        return place ? numbers[first + *place] : kUnknown;
    }

    OverlayWord overlays_say(std::span<const std::size_t> symbols) {
        OverlayWord all;
        for (std::size_t o = 0; o < overlays_.size(); ++o) {
            const OverlayWord word = overlays_[o].say(stages_[o + 1], symbols);
            if (word.reason != Reason::none) {
                return word;
            }
            all.factor *= word.factor;
        }
        return all;
    }

    // A position that is flat, or no number, stays so for its own reason.
    static void apply(const OverlayWord& word, Signal& signal) {
        if (std::isnan(signal.weight)) {
            return;
        }
        if (word.reason != Reason::none) {
            signal.weight = kUnknown;
            signal.reason = word.reason;
        } else if (signal.weight != 0 && word.factor != 1) {
            signal.weight *= word.factor;
            if (word.factor == 0) {
                signal.weight = 0;
                signal.reason = Reason::overlay_veto;
            }
        }
    }

    // What each model is asked for, and where that is stored.
    void plan_storage() {
        for (std::size_t m = 0; m < stages_.size(); ++m) {
            const ModelStage& stage = stages_[m];
            OutputStorage& storage = storage_.emplace_back();
            storage.groups = stage.groups().size();
            const auto places = m == 0 ? *places_read(rule_, stage.model().facts())
                                       : std::vector<std::size_t>(overlays_[m - 1].places().begin(),
                                                                  overlays_[m - 1].places().end());
            const bool in_decisions = m == 0 && !stage.is_coarse() &&
                                      stage.groups().kind == GroupKind::symbol && prediction_;
            if (in_decisions) {
                storage.prediction = prediction_;
                storage.uncertainty = uncertainty_;
            }
            for (std::size_t member = 0; member < stage.outputs().members; ++member) {
                for (const std::size_t place : places) {
                    if (!in_decisions || (place != prediction_ && place != uncertainty_)) {
                        storage.others.push_back(member * stage.outputs().names.size() + place);
                    }
                }
            }
        }
    }

    std::size_t symbols_;
    double return_max_;
    const PositionRuleEntry& rule_;
    Weighing weighing_;
    std::vector<ModelStage> stages_;  // the forecaster, then the overlays'
    std::vector<OverlayStage> overlays_;
    std::vector<OutputStorage> storage_;                  // by stage
    std::vector<std::unique_ptr<GroupPositions>> rules_;  // by the forecaster's group
    std::optional<std::size_t> prediction_;               // places among one member's outputs
    std::optional<std::size_t> uncertainty_;
    BarsPresent present_;
    std::vector<std::uint8_t> fresh_;  // by stage: it inferred in this slice
    // By symbol, of the forecaster's newest bar.
    std::vector<Signal> opinions_;
    std::vector<double> forecasts_;
    std::vector<DecisionNumbers> numbers_;
    std::vector<std::uint8_t> decides_;  // in the newest slice
    std::vector<std::uint8_t> waits_;    // carried: the opinion waits for the symbol's next bar
    // Of the group at work.
    std::vector<Sizing> sizing_;
    std::vector<MemberPosition> positions_;
};

}  // namespace

Result<std::unique_ptr<Strategy>> make_model_strategy(const Universe& symbols,
                                                      const StrategySettings& settings,
                                                      const MarketFrame& frame,
                                                      std::vector<std::unique_ptr<Model>> models) {
    const FeatureSettings features{.trend_floor = settings.positions.trend_floor,
                                   .vol_ratio_max = settings.positions.vol_ratio_max};
    const PositionRuleEntry* rule = nullptr;
    std::vector<ModelStage> stages;
    std::vector<OverlayStage> overlays;
    for (std::size_t m = 0; m < models.size(); ++m) {
        const ModelFacts& facts = models[m]->facts();
        TRY_LET(auto groups, check_model(facts, m, symbols, settings, frame));
        const std::size_t slots = padded_slots(groups.size());
        if (models[m]->slots() != slots) {
            return fail(fmt::format("the model was built with {} slots, but {} groups need {}",
                                    models[m]->slots(), groups.size(), slots),
                        ErrorKind::usage);
        }
        if (m == 0) {
            TRY_LET(rule, position_rule_of(settings, facts));
        } else {
            const OverlayEntry* const entry = find_overlay(settings.overlay_models[m - 1].rule);
            TRY_LET(auto places, places_read(*entry, facts));
            overlays.emplace_back(*entry, settings.overlays, std::move(places));
        }
        TRY_LET(auto stage, ModelStage::make(std::move(models[m]), std::move(groups), frame,
                                             features, m == 0 && rule->is_sized));
        stages.push_back(std::move(stage));
    }
    return std::make_unique<ModelStrategy>(symbols.size(), settings, *rule, std::move(stages),
                                           std::move(overlays));
}

}  // namespace paperd::strategy
