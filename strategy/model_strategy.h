// The strategies with a model: features -> model -> position rule, symbol by symbol.
#pragma once

#include <memory>

#include "strategy/strategy.h"

namespace paperd::strategy {

// What make_strategy has checked: the model fits the kind, its columns are its feature set's, and
// its slots are padded_slots(symbols).
std::unique_ptr<Strategy> make_model_strategy(std::size_t symbols, const StrategySettings& settings,
                                              std::unique_ptr<Model> model);

}  // namespace paperd::strategy
