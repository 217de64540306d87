#include "strategy/positions/position_rules.h"

#include <algorithm>

#include "strategy/positions/group_rules.h"

namespace paperd::strategy {

std::span<const PositionRuleEntry> position_rules() {
    static const std::vector<PositionRuleEntry> kTable = {
        {.name = "attention",
         .about = "The smoothed, gated and volatility-targeted return of the next bar.",
         .reads = {"return_1"},
         .has_forecast = true,
         .make = make_return_positions},
        {.name = "hybrid",
         .about = "The next bar's return against its uncertainty, volatility-targeted.",
         .reads = {"return_1", "uncertainty"},
         .has_forecast = true,
         .make = make_uncertain_positions},
        {.name = "horizon",
         .about = "The mean of the returns foretold for the next bars, sized as attention's.",
         .reads = {"return_1"},
         .reads_returns = true,
         .has_forecast = true,
         .make = make_horizon_positions},
        {.name = "pair",
         .about = "Long one leg and short the other while their spread is likely to revert; it "
                  "foretells no return, so that the cost gate lets it pass.",
         .group = GroupKind::pair,
         .reads = {"p_revert"},
         .is_sized = false,
         .needs_shorts = true,
         .make = make_pair_positions},
        {.name = "allocation",
         .about = "Each member of the universe by its own return, sized as attention's.",
         .group = GroupKind::universe,
         .reads = {"return_1"},
         .has_forecast = true,
         .make = make_return_positions},
    };
    return kTable;
}

const PositionRuleEntry* find_position_rule(std::string_view name) {
    const auto table = position_rules();
    const auto found = std::ranges::find(table, name, &PositionRuleEntry::name);
    return found == table.end() ? nullptr : &*found;
}

std::vector<std::string> position_rule_names() {
    std::vector<std::string> names;
    for (const PositionRuleEntry& rule : position_rules()) {
        names.emplace_back(rule.name);
    }
    return names;
}

}  // namespace paperd::strategy
