#include "strategy/model_stage.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "execution/types/check.h"
#include "execution/types/section_tag.h"

namespace paperd::strategy {

namespace {

constexpr std::uint32_t kTag = section_tag("SMST");

}  // namespace

Result<ModelStage> ModelStage::make(std::unique_ptr<Model> model, Groups groups,
                                    const MarketFrame& frame, const FeatureSettings& features,
                                    bool with_sizing) {
    const ModelFacts& facts = model->facts();
    const std::size_t symbols = groups.of_symbol.size();
    CHECK(model->slots() == padded_slots(groups.size()), "a slot for each group, padded");
    ModelStage stage;
    TRY_LET(auto rows, GroupRows::make(facts, groups, features, with_sizing));
    stage.rows_ = std::move(rows);
    if (facts.interval < frame.interval) {
        return fail(
            fmt::format("the model lives on bars of {}, shorter than the {} that the job "
                        "trades on",
                        bar_interval_name(facts.interval), bar_interval_name(frame.interval)),
            ErrorKind::usage);
    }
    if (facts.interval != frame.interval) {
        TRY_LET(auto calendar, Calendar::make(frame.calendar, frame.closures));
        stage.resampler_.emplace(symbols, facts.interval, std::move(calendar));
        stage.bars_.emplace(symbols, MarketDataSettings{.lookback_bars = frame.lookback_bars});
        stage.present_.resize(symbols);
    }
    stage.inputs_.resize(model->slots() * facts.columns.size());
    stage.defined_.resize(model->slots());
    stage.outputs_ = model->make_outputs();
    stage.model_ = std::move(model);
    stage.groups_ = std::move(groups);
    return stage;
}

Result<bool> ModelStage::on_slice(const Slice& slice, const MarketDataHandler& market,
                                  std::span<const std::uint8_t> present) {
    for (const Split& split : slice.splits) {
        rows_->split(split);
        if (resampler_) {
            resampler_->split(split);
            bars_->split(split);
        }
    }
    if (!resampler_) {
        TRY(infer(market, present));
        return true;
    }
    const auto closed = resampler_->take(slice);
    for (const Slice& longer : closed) {
        bars_->take(longer);
        std::ranges::fill(present_, std::uint8_t{0});
        for (const Bar& bar : longer.bars) {
            present_[index(bar.symbol)] = 1;
        }
        TRY(infer(*bars_, present_));
    }
    return !closed.empty();
}

Result<void> ModelStage::infer(const MarketDataHandler& market,
                               std::span<const std::uint8_t> present) {
    std::ranges::fill(defined_, std::uint8_t{0});
    rows_->next(market, present, inputs_, defined_);
    return model_->step(inputs_, defined_, outputs_);
}

void ModelStage::forget(std::size_t symbol) {
    rows_->reset(symbol);
    if (resampler_) {
        resampler_->forget(symbol_id(symbol));
        bars_->forget(symbol_id(symbol));
    }
    if (const auto group = groups_.of_symbol[symbol]) {
        model_->forget(*group);
        outputs_.clear(*group, OutputState::warming_up);
    }
}

void ModelStage::save(BlobWriter& out) const {
    out.put(kTag);
    out.put(feature_set_hash(model_->facts().feature_set, model_->facts().columns));
    out.put(static_cast<std::uint64_t>(groups_.size()));
    rows_->save(out);
    model_->save(out);
    // What was said last is asked again between longer bars only.
    if (resampler_) {
        resampler_->save(out);
        bars_->save(out);
        out.put_vector(outputs_.states);
        out.put_vector(outputs_.values);
    }
}

void ModelStage::load(BlobReader& in) {
    in.expect(kTag);
    if (in.get<std::uint64_t>() !=
            feature_set_hash(model_->facts().feature_set, model_->facts().columns) ||
        in.get<std::uint64_t>() != groups_.size()) {
        in.fail();
        return;
    }
    rows_->load(in);
    model_->load(in);
    if (!resampler_) {
        return;
    }
    resampler_->load(in);
    bars_->load(in);
    auto states = in.get_vector<OutputState>();
    auto values = in.get_vector<double>();
    const bool fits =
        states.size() == outputs_.states.size() && values.size() == outputs_.values.size() &&
        std::ranges::all_of(states,
                            [](OutputState state) { return state <= OutputState::implausible; });
    if (!fits) {
        in.fail();
        return;
    }
    outputs_.states = std::move(states);
    outputs_.values = std::move(values);
}

}  // namespace paperd::strategy
