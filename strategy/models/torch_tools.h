// What sources that include torch share. LibTorch's types are named only.
#pragma once

#include <string_view>

#include "strategy/models/bundle.h"

namespace at {
class Tensor;
}

namespace paperd::strategy {

// The weight of that name, which must be there (check_weights), as a tensor of its shape.
at::Tensor weight_tensor(const Bundle& bundle, std::string_view name);

// Pins LibTorch's and BLAS's pools to one thread; may be called again.
void pin_inference_threads();

}  // namespace paperd::strategy
