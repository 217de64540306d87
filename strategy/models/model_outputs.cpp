#include "strategy/models/model_outputs.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "execution/types/check.h"
#include "strategy/output_names.h"

namespace paperd::strategy {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

}  // namespace

ModelOutputs ModelOutputs::make(std::vector<std::string> names, std::size_t members,
                                std::size_t slots) {
    CHECK(!names.empty() && members > 0, "a model says something");
    ModelOutputs out;
    out.names = std::move(names);
    out.members = members;
    out.states.assign(slots, OutputState::warming_up);
    out.values.assign(slots * out.width(), kNone);
    return out;
}

std::span<double> ModelOutputs::of(std::size_t slot) {
    return std::span(values).subspan(slot * width(), width());
}

std::span<const double> ModelOutputs::of(std::size_t slot) const {
    return std::span(values).subspan(slot * width(), width());
}

std::optional<std::size_t> ModelOutputs::place(std::string_view name) const {
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(found - names.begin());
}

double ModelOutputs::value(std::size_t slot, std::string_view name, std::size_t member) const {
    const auto at = place(name);
    return at ? of(slot)[member * names.size() + *at] : kNone;
}

void ModelOutputs::clear(std::size_t slot, OutputState state) {
    CHECK(state != OutputState::defined && state != OutputState::implausible,
          "these states have numbers");
    states[slot] = state;
    std::ranges::fill(of(slot), kNone);
}

void ModelOutputs::note_numbers(std::size_t slot) {
    if (!std::ranges::all_of(of(slot), [](double v) { return std::isfinite(v); })) {
        clear(slot, OutputState::not_finite);
        return;
    }
    states[slot] = OutputState::defined;
}

void judge_returns(double return_max, ModelOutputs& out) {
    for (std::size_t place = 0; place < out.names.size(); ++place) {
        if (bars_ahead(out.names[place]) == 0) {
            continue;
        }
        for (std::size_t slot = 0; slot < out.slots(); ++slot) {
            for (std::size_t member = 0; member < out.members && out.defined(slot); ++member) {
                const double value = out.of(slot)[member * out.names.size() + place];
                // NaN, which another's hand may have put there, is the position rules' to refuse.
                if (std::abs(value) > return_max) {
                    out.states[slot] = OutputState::implausible;
                }
            }
        }
    }
}

}  // namespace paperd::strategy
