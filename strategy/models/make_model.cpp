#include "execution/types/check.h"
#include "strategy/models/architectures.h"
#include "strategy/models/model.h"
#include "strategy/models/weights.h"

namespace paperd::strategy {

Result<std::unique_ptr<Model>> make_model(const BundleBytes& bytes, std::size_t slots) {
    CHECK(slots > 0, "a model serves at least one slot");
    TRY_LET(const auto bundle, decode_bundle(bytes));
    pin_inference_threads();
    if (bundle.is_module()) {
        return make_script_model(bundle, slots);
    }
    TRY(check_weights(bundle));
    return bundle.facts.architecture == Architecture::attention
               ? make_attention_model(bundle, slots)
               : make_hybrid_model(bundle, slots);
}

}  // namespace paperd::strategy
