// What a step is given and what it gives: sizes, rows in the model's own units, outputs in theirs.
#pragma once

#include <cstdint>
#include <span>

#include "strategy/models/facts.h"
#include "strategy/models/model.h"

namespace paperd::strategy {

// CHECKs that there is one row, one flag and one set of outputs a slot. (LibTorch's headers may
// bring another CHECK, so sources that include them call this.)
void check_step(const Model& model, std::span<const double> features,
                std::span<const std::uint8_t> defined, const ModelOutputs& out);

// (value - mean) / spread of each column, in double, then rounded to float. False when a value is
// not finite: such a row counts as undefined.
[[nodiscard]] bool scale_row(const ModelFacts& facts, std::span<const double> features,
                             std::span<float> out);

[[nodiscard]] bool all_finite(std::span<const float> values);

// The numbers of one slot as the model gave them, in the order of its outputs, by facts.transform;
// undefined where one is not finite: an absurd row within the window.
void put_transformed(const ModelFacts& facts, std::span<const float> raw, std::size_t slot,
                     ModelOutputs& out);

}  // namespace paperd::strategy
