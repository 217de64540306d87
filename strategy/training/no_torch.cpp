// In place of the training loop where the build has no LibTorch.
#include "strategy/training/training_loop.h"

namespace paperd::strategy {

Result<Fitted> fit(const TrainingData& /*data*/, const TrainingSettings& /*settings*/,
                   const std::vector<NamedTensor>& /*initial*/,
                   const std::function<void(const EpochReport&)>& /*progress*/) {
    return fail(
        "this paperd was built without LibTorch, so it cannot train; build it with "
        "-DPAPERD_WITH_TORCH=ON");
}

}  // namespace paperd::strategy
