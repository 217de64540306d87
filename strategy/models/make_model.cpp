#include "execution/types/check.h"
#include "strategy/models/architectures.h"
#include "strategy/models/model.h"
#include "strategy/models/weights.h"

namespace paperd::strategy {

Result<std::unique_ptr<Model>> make_model(const BundleBytes& bytes, std::size_t slots) {
    CHECK(slots > 0, "a model serves at least one slot");
    const auto bundle = decode_bundle(bytes);
    if (bundle.has_error()) {
        return bundle.error();
    }
    pin_inference_threads();
    if (bundle->is_module()) {
        return make_script_model(*bundle, slots);
    }
    const auto checked = check_weights(*bundle);
    if (checked.has_error()) {
        return checked.error();
    }
    return bundle->facts.architecture == Architecture::attention
               ? make_attention_model(*bundle, slots)
               : make_hybrid_model(*bundle, slots);
}

}  // namespace paperd::strategy
