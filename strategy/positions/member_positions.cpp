// Rules of one symbol, side by side for the members of a group.
#include <algorithm>
#include <optional>

#include "execution/types/check.h"
#include "execution/types/section_tag.h"
#include "strategy/output_names.h"
#include "strategy/positions/group_rules.h"

namespace paperd::strategy {

namespace {

constexpr std::uint32_t kTag = section_tag("PMEM");

std::size_t place_of(const std::vector<std::string>& outputs, std::string_view name) {
    const auto found = std::ranges::find(outputs, name);
    CHECK(found != outputs.end(), "the rule's outputs were checked before");
    return static_cast<std::size_t>(found - outputs.begin());
}

class MemberPositions final : public GroupPositions {
public:
    using MakeRule = std::unique_ptr<PositionRule> (*)(const PositionSettings&);

    // uncertainty: its place, or none.
    MemberPositions(const PositionSettings& settings, MakeRule make, std::size_t outputs,
                    std::vector<std::size_t> returns, std::optional<std::size_t> uncertainty,
                    std::size_t members)
        : outputs_(outputs), returns_(std::move(returns)), uncertainty_(uncertainty) {
        for (std::size_t m = 0; m < members; ++m) {
            rules_.push_back(make(settings));
        }
    }

    void next(const GroupInput& in, std::span<MemberPosition> out) override {
        CHECK(in.outputs.size() == rules_.size() * outputs_ && out.size() == rules_.size(),
              "each member has all outputs, and gets a position");
        for (std::size_t m = 0; m < rules_.size(); ++m) {
            const auto numbers = in.outputs.subspan(m * outputs_, outputs_);
            const double forecast = prediction(numbers);
            const PositionInput input{.prediction = forecast,
                                      .uncertainty = uncertainty_ ? numbers[*uncertainty_] : 0,
                                      .realized_vol = in.members[m].realized_vol,
                                      .regime_ok = in.members[m].regime_ok,
                                      .usual_vol = in.members[m].usual_vol,
                                      .trend = in.members[m].trend};
            out[m] = {.output = rules_[m]->next(input), .forecast = forecast};
        }
    }

    void reset() override {
        for (const auto& rule : rules_) {
            rule->reset();
        }
    }

    void save(BlobWriter& out) const override {
        out.put(kTag);
        for (const auto& rule : rules_) {
            rule->save(out);
        }
    }

    void load(BlobReader& in) override {
        in.expect(kTag);
        for (const auto& rule : rules_) {
            rule->load(in);
        }
    }

private:
    // The mean of the bars foretold; a single one comes out as it is, to the bit and the sign of 0.
    [[nodiscard]] double prediction(std::span<const double> numbers) const {
        double sum = -0.0;
        for (const std::size_t place : returns_) {
            sum += numbers[place];
        }
        return sum / static_cast<double>(returns_.size());
    }

    std::size_t outputs_;               // of one member
    std::vector<std::size_t> returns_;  // places of what is foretold, one a bar
    std::optional<std::size_t> uncertainty_;
    std::vector<std::unique_ptr<PositionRule>> rules_;  // by member
};

}  // namespace

std::unique_ptr<GroupPositions> make_return_positions(const PositionSettings& settings,
                                                      const std::vector<std::string>& outputs,
                                                      std::size_t members) {
    return std::make_unique<MemberPositions>(settings, make_attention_positions, outputs.size(),
                                             std::vector{place_of(outputs, "return_1")},
                                             std::nullopt, members);
}

std::unique_ptr<GroupPositions> make_uncertain_positions(const PositionSettings& settings,
                                                         const std::vector<std::string>& outputs,
                                                         std::size_t members) {
    return std::make_unique<MemberPositions>(settings, make_hybrid_positions, outputs.size(),
                                             std::vector{place_of(outputs, "return_1")},
                                             place_of(outputs, "uncertainty"), members);
}

std::unique_ptr<GroupPositions> make_horizon_positions(const PositionSettings& settings,
                                                       const std::vector<std::string>& outputs,
                                                       std::size_t members) {
    std::vector<std::size_t> returns;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        if (bars_ahead(outputs[i]) > 0) {
            returns.push_back(i);
        }
    }
    return std::make_unique<MemberPositions>(settings, make_attention_positions, outputs.size(),
                                             std::move(returns), std::nullopt, members);
}

}  // namespace paperd::strategy
