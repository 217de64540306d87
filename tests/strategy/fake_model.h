// A model whose every output can be foretold.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>

#include "tests/strategy/saying_model.h"

namespace paperd::strategy {

// The first output is a multiple of the first column once it has had sequence_length rows, an
// uncertainty grows with it, and the others are the column itself.
class FakeModel final : public SayingModel {
public:
    FakeModel(const ModelFacts& facts, std::size_t slots)
        : SayingModel(facts, slots, says(facts)) {}

private:
    static Say says(const ModelFacts& facts) {
        const auto named = std::ranges::find(facts.outputs, "uncertainty");
        const auto place = static_cast<std::size_t>(named - facts.outputs.begin());
        return [place](std::size_t, std::span<const double> row, std::span<double> values) {
            std::ranges::fill(values, row[0]);
            values[0] = 0.3 * row[0];
            if (place < values.size()) {
                values[place] = 0.5 + std::abs(row[0]);
            }
        };
    }
};

}  // namespace paperd::strategy
