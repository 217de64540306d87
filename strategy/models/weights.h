// Which weights an architecture has, by PyTorch's names, and that a bundle holds exactly these.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "execution/types/result.h"
#include "strategy/models/bundle.h"

namespace paperd::strategy {

struct WeightShape {
    std::string name;
    std::vector<std::int64_t> shape;
};

// In the order of PyTorch's state_dict.
std::vector<WeightShape> expected_weights(const ModelFacts& facts);

// The weight of that name, which must be there (check_weights).
const NamedTensor& weight_named(const Bundle& bundle, std::string_view name);

// Error: one is missing, unknown, of another shape than the facts say, or not finite.
Result<void> check_weights(const Bundle& bundle);

}  // namespace paperd::strategy
