// The implementations behind Model, one source each. All of them: `bundle` is decoded and, for the
// native ones, its weights are checked; LibTorch's complaints come back as Errors.
#pragma once

#include <cstddef>
#include <memory>

#include "execution/types/result.h"
#include "strategy/models/bundle.h"
#include "strategy/models/model.h"

namespace paperd::strategy {

Result<std::unique_ptr<Model>> make_attention_model(const Bundle& bundle, std::size_t slots);
Result<std::unique_ptr<Model>> make_hybrid_model(const Bundle& bundle, std::size_t slots);
Result<std::unique_ptr<Model>> make_script_model(const Bundle& bundle, std::size_t slots);

// Pins LibTorch's and BLAS's pools to one thread; may be called again.
void pin_inference_threads();

}  // namespace paperd::strategy
