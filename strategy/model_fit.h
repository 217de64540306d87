// Whether models fit a strategy: everything that their facts, the settings and the universe can say
// before a model is built.
#pragma once

#include <span>
#include <vector>

#include "execution/types/result.h"
#include "execution/types/symbol.h"
#include "strategy/groups.h"
#include "strategy/positions/position_rules.h"
#include "strategy/strategy.h"

namespace paperd::strategy {

// The rule that settings.position_rule names or, by default, the facts. Error: unknown, or none.
Result<const PositionRuleEntry*> position_rule_of(const StrategySettings& settings,
                                                  const ModelFacts& facts);

// Places of the outputs that the rule reads among the model's, ascending. Error: one is missing,
// or the rule is for another kind of group; says what the model has.
Result<std::vector<std::size_t>> places_read(const PositionRuleEntry& rule,
                                             const ModelFacts& facts);

// What a model has to be at place `model` of the run's list: the forecaster first, then the
// overlays' in order. Gives its groups. Errors, each a sentence: interval, feature set, columns,
// too few bars kept (frame.lookback_bars), groups that leave a symbol out, outputs that the
// position rule or overlay misses.
Result<Groups> check_model(const ModelFacts& facts, std::size_t model, const Universe& symbols,
                           const StrategySettings& settings, const MarketFrame& frame);

}  // namespace paperd::strategy
