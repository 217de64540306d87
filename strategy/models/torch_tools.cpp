#include "strategy/models/torch_tools.h"

#include <ATen/ATen.h>

#include "strategy/models/weights.h"

namespace paperd::strategy {

at::Tensor weight_tensor(const Bundle& bundle, std::string_view name) {
    const NamedTensor& found = weight_named(bundle, name);
    return at::tensor(found.values).reshape(found.shape);
}

}  // namespace paperd::strategy
