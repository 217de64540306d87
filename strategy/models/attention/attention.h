// The attention LSTM: the next bar's return from a temporal-attention average of an LSTM's outputs
// over a window.
#pragma once

#include "strategy/models/architecture.h"

namespace paperd::strategy::attention {

Architecture architecture();

// Of the table's entry; defined where the build has LibTorch.
Result<std::unique_ptr<Model>> make_model(const Bundle& bundle, std::size_t slots);
std::unique_ptr<TrainingNet> make_net(const TrainingNetSettings& settings);

}  // namespace paperd::strategy::attention
