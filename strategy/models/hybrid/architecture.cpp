#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "strategy/models/hybrid/hybrid.h"
#include "strategy/models/with_torch.h"

namespace paperd::strategy::hybrid {
namespace {

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

std::vector<WeightShape> weights(const ModelFacts& facts) {
    const auto inputs = static_cast<std::int64_t>(facts.columns.size());
    const std::int64_t state = facts.size("state");
    const std::int64_t memory = facts.size("memory");
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

std::optional<SizeMisfit> sizes_misfit(const NamedNumbers& sizes) {
    const auto memory = number_named(sizes, "memory");
    const auto heads = number_named(sizes, "heads");
    if (!memory || !heads || std::fmod(*memory, *heads) == 0) {
        return std::nullopt;
    }
    return SizeMisfit{.size = "memory",
                      .what = fmt::format("is {}, which the {} heads do not share evenly; give a "
                                          "multiple of {}",
                                          *memory, *heads, *heads)};
}

}  // namespace

Architecture architecture() {
    Architecture out;
    out.name = "hybrid";
    out.about = "A state-space model steered by attention over its own past, stepped bar by bar.";
    out.sizes = {
        {.name = "state",
         .unit = "units",
         .about = "size of the state.",
         .otherwise = 32,
         .of_module = true},
        {.name = "memory",
         .unit = "units",
         .about = "size of the memory; a multiple of the heads.",
         .otherwise = 64},
        {.name = "heads", .unit = "heads", .about = "attention heads.", .otherwise = 4},
        {.name = "window",
         .unit = "states",
         .about = "past states attended to.",
         .otherwise = 64,
         .of_module = true},
        {.name = "dt",
         .unit = "of the state's equation, a bar",
         .about = "step size.",
         .low = 0,
         .high = 1,
         .low_open = true,
         .whole = false,
         .otherwise = 0.1,
         .of_module = true},
        {.name = "dropout",
         .unit = "fraction",
         .about = "dropout while training.",
         .low = 0,
         .high = 1,
         .high_open = true,
         .whole = false,
         .otherwise = 0.1,
         .of_bundle = false},
    };
    out.sizes_misfit = sizes_misfit;
    out.outputs = {"return_1", "direction", "magnitude", "uncertainty"};
    out.positions = "hybrid";
    out.weights = weights;
    out.labels_every_row = true;
    if constexpr (kWithTorch) {
        out.make = make_model;
        out.make_scripted = make_scripted;
        out.make_net = make_net;
    }
    return out;
}

void put_outputs(const ModelFacts& facts, const Heads& heads, std::size_t slot, ModelOutputs& out) {
    const double edge =
        std::tanh(heads.direction / 2) * std::max(heads.magnitude, 0.0) * facts.target_std;
    const auto values = out.of(slot);
    values[kReturn] = edge;
    values[kDirection] = heads.direction;
    values[kMagnitude] = heads.magnitude;
    values[kUncertainty] = heads.uncertainty;
    out.note_numbers(slot);
}

}  // namespace paperd::strategy::hybrid
