// The strategies without a model, to compare with and to run where there is none.
#pragma once

#include <memory>

#include "strategy/strategy.h"

namespace paperd::strategy {

// buy_and_hold: position 1 as soon as the symbol has a bar.
std::unique_ptr<Strategy> make_buy_and_hold(std::size_t symbols, const StrategySettings& settings);

// sma_cross: position 1 while the mean of the last sma_fast_bars closes is above that of
// sma_slow_bars, -1 while it is below, 0 while they are equal; from sma_slow_bars bars on.
std::unique_ptr<Strategy> make_sma_cross(std::size_t symbols, const StrategySettings& settings);

}  // namespace paperd::strategy
