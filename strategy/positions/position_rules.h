// The table of position rules: what a group's model says to a position for each of its members. A
// rule names the outputs it reads; config choices, checks and messages come from here.
#pragma once

#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "execution/types/blob.h"
#include "strategy/output_names.h"
#include "strategy/positions/positions.h"

namespace paperd::strategy {

struct GroupInput {
    std::span<const double> outputs;  // as ModelOutputs::of(slot): member after member
    std::span<const Sizing> members;  // by member of the group
    double z_score = std::numeric_limits<double>::quiet_NaN();  // pair: of its spread
};

struct MemberPosition {
    PositionOutput output;
    // The expected log return of the model's next bar, which the cost gate judges; NaN: none.
    double forecast = std::numeric_limits<double>::quiet_NaN();
};

// One group's rule, told whenever its model speaks.
class GroupPositions {
public:
    virtual ~GroupPositions() = default;
    virtual void next(const GroupInput& in, std::span<MemberPosition> out) = 0;
    virtual void reset() = 0;  // a member's series was cut
    virtual void save(BlobWriter& out) const = 0;
    virtual void load(BlobReader& in) = 0;
};

struct PositionRuleEntry {
    std::string_view name;
    std::string_view about;  // a sentence
    GroupKind group = GroupKind::symbol;
    std::vector<std::string_view> reads;  // outputs that must be there
    bool reads_returns = false;           // and every other return_N
    bool has_forecast = false;            // its positions come from expected returns: gated by cost
    bool is_sized = true;                 // by volatility and regime filter
    bool needs_shorts = false;
    // outputs: the model's names. members: of the group.
    std::unique_ptr<GroupPositions> (*make)(const PositionSettings& settings,
                                            const std::vector<std::string>& outputs,
                                            std::size_t members) = nullptr;
};

std::span<const PositionRuleEntry> position_rules();

// nullptr when there is none of that name.
const PositionRuleEntry* find_position_rule(std::string_view name);

std::vector<std::string> position_rule_names();

}  // namespace paperd::strategy
