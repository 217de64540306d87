#include "strategy/models/step_values.h"

#include <algorithm>
#include <cmath>

#include "execution/types/check.h"

namespace paperd::strategy {
namespace {

// Less the largest, so that none overflows.
void softmax(std::span<double> values) {
    const double largest = *std::ranges::max_element(values);
    double sum = 0;
    for (double& value : values) {
        value = std::exp(value - largest);
        sum += value;
    }
    for (double& value : values) {
        value /= sum;
    }
}

}  // namespace

void check_step(const Model& model, std::span<const double> features,
                std::span<const std::uint8_t> defined, const ModelOutputs& out) {
    CHECK(features.size() == model.slots() * model.facts().columns.size(), "one row a slot");
    CHECK(defined.size() == model.slots(), "one flag a slot");
    CHECK(out.slots() == model.slots() && out.names.size() == model.facts().outputs.size(),
          "one set of outputs a slot");
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

void put_transformed(const ModelFacts& facts, std::span<const float> raw, std::size_t slot,
                     ModelOutputs& out) {
    const auto values = out.of(slot);
    CHECK(raw.size() == values.size(), "one number an output");
    std::ranges::copy(raw, values.begin());
    switch (facts.transform) {
        case OutputTransform::none:
            break;
        case OutputTransform::scaled_return:
            for (double& value : values) {
                value = value * facts.target_std + facts.target_mean;
            }
            break;
        case OutputTransform::softmax:
            for (std::size_t m = 0; m < out.members; ++m) {
                softmax(values.subspan(m * out.names.size(), out.names.size()));
            }
            break;
        case OutputTransform::sigmoid:
            for (double& value : values) {
                value = 1 / (1 + std::exp(-value));
            }
            break;
    }
    out.note_numbers(slot);
}

}  // namespace paperd::strategy
