// That a bundle holds exactly the weights its architecture has, and one of them by name.
#pragma once

#include <string_view>

#include "execution/types/result.h"
#include "strategy/models/bundle.h"

namespace paperd::strategy {

// The weight of that name, which must be there (check_weights).
const NamedTensor& weight_named(const Bundle& bundle, std::string_view name);

// Error: the architecture has none, one is missing, unknown, of another shape than the facts
// say, or not finite.
Result<void> check_weights(const Bundle& bundle);

}  // namespace paperd::strategy
