#include "strategy/models/step_values.h"

#include <algorithm>
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

bool all_finite(std::span<const float> values) {
    return std::ranges::all_of(values, [](float v) { return std::isfinite(v); });
}

ModelOutput attention_output(const ModelFacts& facts, double scaled) {
    ModelOutput out;
    out.enough_rows = true;
    out.prediction = scaled * facts.target_std + facts.target_mean;
    out.defined = std::isfinite(out.prediction);
    return out;
}

ModelOutput hybrid_output(const ModelFacts& facts, double direction, double magnitude,
                          double uncertainty) {
    ModelOutput out;
    out.enough_rows = true;
    out.prediction = std::tanh(direction / 2) * std::max(magnitude, 0.0) * facts.target_std;
    out.direction = direction;
    out.magnitude = magnitude;
    out.uncertainty = uncertainty;
    out.defined = std::isfinite(out.prediction);
    return out;
}

}  // namespace paperd::strategy
