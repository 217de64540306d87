// In place of what infers where the build has no LibTorch.
#include "strategy/models/model.h"

namespace paperd::strategy {

std::string inference_fingerprint() { return "none (built without LibTorch)"; }

}  // namespace paperd::strategy
