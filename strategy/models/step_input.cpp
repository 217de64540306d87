#include "strategy/models/step_input.h"

#include <cmath>

#include "execution/types/check.h"

namespace paperd::strategy {

void check_step(const Model& model, std::span<const double> features,
                std::span<const std::uint8_t> defined, std::span<const ModelOutput> out) {
    CHECK(features.size() == model.slots() * model.facts().columns.size(), "one row a slot");
    CHECK(defined.size() == model.slots(), "one flag a slot");
    CHECK(out.size() == model.slots(), "one output a slot");
}

bool scale_row(const ModelFacts& facts, std::span<const double> features, std::span<float> out) {
    CHECK(features.size() == facts.columns.size() && out.size() == features.size(),
          "one value a column");
    bool finite = true;
    for (std::size_t i = 0; i < features.size(); ++i) {
        out[i] = static_cast<float>((features[i] - facts.feature_mean[i]) / facts.feature_std[i]);
        finite = finite && std::isfinite(out[i]);
    }
    return finite;
}

}  // namespace paperd::strategy
