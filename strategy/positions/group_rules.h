// The makers behind the table of position rules. outputs, members: as PositionRuleEntry::make.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "strategy/positions/position_rules.h"

namespace paperd::strategy {

// Each member by itself, by return_1 through the attention rule.
std::unique_ptr<GroupPositions> make_return_positions(const PositionSettings& settings,
                                                      const std::vector<std::string>& outputs,
                                                      std::size_t members);

// Each member by itself, by return_1 and uncertainty through the hybrid rule.
std::unique_ptr<GroupPositions> make_uncertain_positions(const PositionSettings& settings,
                                                         const std::vector<std::string>& outputs,
                                                         std::size_t members);

// Each member by itself, by the mean over all return_N of return_N / N (the forecast a bar) through
// the attention rule.
std::unique_ptr<GroupPositions> make_horizon_positions(const PositionSettings& settings,
                                                       const std::vector<std::string>& outputs,
                                                       std::size_t members);

// The spread that is above its mean (z-score > 0) is sold: first leg -1, second +1; below, bought.
// Opened at p_revert >= revert_entry, held with the sign it was opened with, closed where p_revert
// is below revert_exit or the spread has crossed its mean.
std::unique_ptr<GroupPositions> make_pair_positions(const PositionSettings& settings,
                                                    const std::vector<std::string>& outputs,
                                                    std::size_t members);

}  // namespace paperd::strategy
