#include "strategy/overlay_stage.h"

#include <algorithm>

namespace paperd::strategy {

Reason reason_of(OutputState state) {
    switch (state) {
        case OutputState::warming_up:
            return Reason::warming_up;
        case OutputState::no_row:
            return Reason::feature_undefined;
        case OutputState::not_finite:
            return Reason::prediction_not_finite;
        case OutputState::implausible:
            return Reason::implausible_prediction;
        case OutputState::defined:
            break;
    }
    return Reason::none;
}

OverlayWord OverlayStage::say(const ModelStage& stage, std::span<const std::size_t> symbols) {
    const ModelOutputs& outputs = stage.outputs();
    OverlayWord word;
    for (const std::size_t symbol : symbols) {
        const std::size_t group = *stage.groups().of_symbol[symbol];
        if (!outputs.defined(group)) {
            return {.factor = 1, .reason = reason_of(outputs.states[group])};
        }
        const auto& members = stage.groups().members[group];
        const auto member =
            static_cast<std::size_t>(std::ranges::find(members, symbol) - members.begin());
        const auto numbers = outputs.of(group);
        const std::size_t first = outputs.members > 1 ? member * outputs.names.size() : 0;
        for (std::size_t r = 0; r < places_.size(); ++r) {
            read_[r] = numbers[first + places_[r]];
        }
        word.factor = std::min(word.factor, entry_->factor(read_, settings_));
    }
    return word;
}

}  // namespace paperd::strategy
