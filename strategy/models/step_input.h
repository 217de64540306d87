// What a step is given: its sizes, and rows of features in the model's own units.
#pragma once

#include <cstdint>
#include <span>

#include "strategy/models/facts.h"
#include "strategy/models/model.h"

namespace paperd::strategy {

// CHECKs that there is one row, one flag and one output a slot. (LibTorch's headers may bring
// another CHECK, so sources that include them call this.)
void check_step(const Model& model, std::span<const double> features,
                std::span<const std::uint8_t> defined, std::span<const ModelOutput> out);

// (value - mean) / spread of each column, in double, then rounded to float. False when a value is
// not finite: such a row counts as undefined.
[[nodiscard]] bool scale_row(const ModelFacts& facts, std::span<const double> features,
                             std::span<float> out);

}  // namespace paperd::strategy
