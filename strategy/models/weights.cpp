#include "strategy/models/weights.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "execution/types/check.h"
#include "strategy/models/architecture.h"

namespace paperd::strategy {
namespace {

std::size_t elements(const std::vector<std::int64_t>& shape) {
    return static_cast<std::size_t>(
        std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>()));
}

}  // namespace

const NamedTensor& weight_named(const Bundle& bundle, std::string_view name) {
    const auto found = std::ranges::find(bundle.weights, name, &NamedTensor::name);
    CHECK(found != bundle.weights.end(), "the bundle's weights were checked");
    return *found;
}

Result<void> check_weights(const Bundle& bundle) {
    const Architecture& architecture = architecture_named(bundle.facts.architecture);
    if (architecture.weights == nullptr) {
        return fail(
            fmt::format("the architecture '{}' serves TorchScript modules only, and this "
                        "bundle holds weights; give the module NAME.ts with its NAME.yaml",
                        architecture.name));
    }
    const auto expected = architecture.weights(bundle.facts);
    for (const WeightShape& want : expected) {
        const auto found = std::ranges::find(bundle.weights, want.name, &NamedTensor::name);
        if (found == bundle.weights.end()) {
            return fail(fmt::format(
                "the bundle's weights lack '{}', which the architecture '{}' has; train it again",
                want.name, architecture.name));
        }
        if (found->shape != want.shape || found->values.size() != elements(want.shape)) {
            return fail(fmt::format(
                "the bundle's weight '{}' has the shape [{}] and {} values where its facts ask "
                "for [{}]; train it again",
                want.name, fmt::join(found->shape, ", "), found->values.size(),
                fmt::join(want.shape, ", ")));
        }
        if (!std::ranges::all_of(found->values, [](float v) { return std::isfinite(v); })) {
            return fail(
                fmt::format("the bundle's weight '{}' holds a value that is not finite; its "
                            "training went wrong: train it again",
                            want.name));
        }
    }
    if (bundle.weights.size() != expected.size()) {
        return fail(fmt::format(
            "the bundle holds {} weights where the architecture '{}' has {}; train it again",
            bundle.weights.size(), architecture.name, expected.size()));
    }
    return {};
}

}  // namespace paperd::strategy
