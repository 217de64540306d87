// The strategies with models: universe -> groups -> features -> models -> position rule -> overlays
// -> weights. The first model forecasts; the others belong to the overlays, which scale or veto.
#pragma once

#include <memory>
#include <vector>

#include "strategy/strategy.h"

namespace paperd::strategy {

// As make_strategy, which has checked the settings; each model is checked here (check_model).
Result<std::unique_ptr<Strategy>> make_model_strategy(const Universe& symbols,
                                                      const StrategySettings& settings,
                                                      const MarketFrame& frame,
                                                      std::vector<std::unique_ptr<Model>> models);

}  // namespace paperd::strategy
