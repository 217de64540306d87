#include "strategy/models/weights.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "execution/types/check.h"

namespace paperd::strategy {
namespace {

std::vector<WeightShape> attention_weights(std::int64_t inputs, std::int64_t hidden) {
    return {{"lstm.weight_ih_l0", {4 * hidden, inputs}},
            {"lstm.weight_hh_l0", {4 * hidden, hidden}},
            {"lstm.bias_ih_l0", {4 * hidden}},
            {"lstm.bias_hh_l0", {4 * hidden}},
            {"score.weight", {1, hidden}},
            {"fc.weight", {1, hidden}},
            {"fc.bias", {1}}};
}

void add_linear(std::vector<WeightShape>& out, std::string_view name, std::int64_t inputs,
                std::int64_t outputs) {
    out.push_back({fmt::format("{}.weight", name), {outputs, inputs}});
    out.push_back({fmt::format("{}.bias", name), {outputs}});
}

// Linear, LayerNorm, ReLU, [Dropout,] Linear, LayerNorm; `second` is the second Linear's index.
void add_two_layers(std::vector<WeightShape>& out, std::string_view name, std::int64_t inputs,
                    std::int64_t middle, std::int64_t outputs, int second) {
    const auto add_norm = [&out, name](int index, std::int64_t width) {
        out.push_back({fmt::format("{}.{}.weight", name, index), {width}});
        out.push_back({fmt::format("{}.{}.bias", name, index), {width}});
    };
    add_linear(out, fmt::format("{}.0", name), inputs, middle);
    add_norm(1, middle);
    add_linear(out, fmt::format("{}.{}", name, second), middle, outputs);
    add_norm(second + 1, outputs);
}

std::vector<WeightShape> hybrid_weights(std::int64_t inputs, std::int64_t state,
                                        std::int64_t memory) {
    const std::int64_t width = state + memory;
    std::vector<WeightShape> out;
    add_linear(out, "dynamics", memory, state * state);
    add_linear(out, "input_proj", inputs, state);
    add_linear(out, "q_proj", state, memory);
    add_linear(out, "k_proj", state, memory);
    add_linear(out, "v_proj", state, memory);
    add_two_layers(out, "state_to_memory", state, 2 * state, memory, 3);
    add_two_layers(out, "memory_to_state", memory, 2 * memory, state, 3);
    add_linear(out, "gate", memory + state, state);
    add_two_layers(out, "trunk", width, 2 * width, width, 4);
    add_linear(out, "direction", width, 1);
    add_linear(out, "magnitude", width, 1);
    add_linear(out, "uncertainty", width, 1);
    return out;
}

std::size_t elements(const std::vector<std::int64_t>& shape) {
    return static_cast<std::size_t>(
        std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>()));
}

}  // namespace

std::vector<WeightShape> expected_weights(const ModelFacts& facts) {
    const auto inputs = static_cast<std::int64_t>(facts.columns.size());
    return facts.architecture == Architecture::attention
               ? attention_weights(inputs, facts.hidden)
               : hybrid_weights(inputs, facts.state, facts.memory);
}

const NamedTensor& weight_named(const Bundle& bundle, std::string_view name) {
    const auto found = std::ranges::find(bundle.weights, name, &NamedTensor::name);
    CHECK(found != bundle.weights.end(), "the bundle's weights were checked");
    return *found;
}

Result<void> check_weights(const Bundle& bundle) {
    const auto expected = expected_weights(bundle.facts);
    for (const WeightShape& want : expected) {
        const auto found = std::ranges::find(bundle.weights, want.name, &NamedTensor::name);
        if (found == bundle.weights.end()) {
            return fail(fmt::format(
                "the bundle's weights lack '{}', which the architecture '{}' has; train it again",
                want.name, architecture_name(bundle.facts.architecture)));
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
            bundle.weights.size(), architecture_name(bundle.facts.architecture), expected.size()));
    }
    return {};
}

}  // namespace paperd::strategy
