// What a step is given and what it gives: sizes, rows in the model's own units, outputs in returns.
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

[[nodiscard]] bool all_finite(std::span<const float> values);

// An output in scaled units as a log return. Not defined where it is not finite: an absurd row
// within the window.
ModelOutput attention_output(const ModelFacts& facts, double scaled);

// tanh(direction / 2) x max(magnitude, 0) x target_std; not defined where that is not finite.
ModelOutput hybrid_output(const ModelFacts& facts, double direction, double magnitude,
                          double uncertainty);

}  // namespace paperd::strategy
