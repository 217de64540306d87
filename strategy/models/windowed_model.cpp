#include "strategy/models/windowed_model.h"

#include "strategy/models/step_values.h"

namespace paperd::strategy {

bool WindowedModel::take_rows(std::span<const double> features,
                              std::span<const std::uint8_t> defined, ModelOutputs& out) {
    check_step(*this, features, defined, out);
    bool any = false;
    for (std::size_t slot = 0; slot < slots_; ++slot) {
        const bool taken = defined[slot] != 0 &&
                           scale_row(facts_, features.subspan(slot * columns_, columns_), scaled_);
        if (taken) {
            rows_.push(slot, scaled_);
        }
        const bool enough = rows_.count(slot) == steps_;
        out.clear(slot, enough ? OutputState::no_row : OutputState::warming_up);
        if (taken && enough) {
            out.states[slot] = OutputState::defined;
            any = true;
        }
    }
    return any;
}

}  // namespace paperd::strategy
