#include <fmt/format.h>

#include "execution/types/check.h"
#include "strategy/models/architecture.h"
#include "strategy/models/model.h"
#include "strategy/models/torch_tools.h"
#include "strategy/models/weights.h"
#include "strategy/models/with_torch.h"

namespace paperd::strategy {

ModelOutputs Model::make_outputs() const {
    const std::size_t members = facts_.per_member ? facts_.members().size() : 1;
    return ModelOutputs::make(facts_.outputs, members, slots_);
}

Result<std::unique_ptr<Model>> make_model(const BundleBytes& bytes, std::size_t slots) {
    CHECK(slots > 0, "a model serves at least one slot");
    TRY_LET(const auto bundle, decode_bundle(bytes));
    const Architecture& architecture = architecture_named(bundle.facts.architecture);
    if (!bundle.is_module()) {
        TRY(check_weights(bundle));
    }
    if constexpr (!kWithTorch) {
        return fail(
            "this paperd was built without LibTorch, so it runs no models; build it with "
            "-DPAPERD_WITH_TORCH=ON, or choose a strategy without a model");
    } else {
        pin_inference_threads();
        return bundle.is_module() ? architecture.make_scripted(bundle, slots)
                                  : architecture.make(bundle, slots);
    }
}

}  // namespace paperd::strategy
