// In place of the models where the build has no LibTorch.
#include "strategy/models/model.h"

namespace paperd::strategy {

Result<std::unique_ptr<Model>> make_model(const BundleBytes& /*bytes*/, std::size_t /*slots*/) {
    return fail(
        "this paperd was built without LibTorch, so it runs no models; build it with "
        "-DPAPERD_WITH_TORCH=ON, or choose a strategy without a model");
}

std::string inference_fingerprint() { return "none (built without LibTorch)"; }

}  // namespace paperd::strategy
