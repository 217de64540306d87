// The hybrid: a state-space model steered by attention over its own past, stepped bar by bar, with
// heads for direction, magnitude and uncertainty.
#pragma once

#include "strategy/models/architecture.h"

namespace paperd::strategy::hybrid {

Architecture architecture();

// Places of the outputs.
inline constexpr std::size_t kReturn = 0;
inline constexpr std::size_t kDirection = 1;    // logit
inline constexpr std::size_t kMagnitude = 2;    // |next return| in units of target_std
inline constexpr std::size_t kUncertainty = 3;  // spread of the magnitude's error

struct Heads {
    double direction = 0;
    double magnitude = 0;
    double uncertainty = 0;
};

// The heads and the edge they make, tanh(direction / 2) x max(magnitude, 0) x target_std, as a
// slot's outputs; undefined where the edge is not finite.
void put_outputs(const ModelFacts& facts, const Heads& heads, std::size_t slot, ModelOutputs& out);

// Of the table's entry; defined where the build has LibTorch.
Result<std::unique_ptr<Model>> make_model(const Bundle& bundle, std::size_t slots);
Result<std::unique_ptr<Model>> make_scripted(const Bundle& bundle, std::size_t slots);
std::unique_ptr<TrainingNet> make_net(const TrainingNetSettings& settings);

}  // namespace paperd::strategy::hybrid
