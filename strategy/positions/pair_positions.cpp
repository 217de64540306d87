#include <algorithm>
#include <cmath>

#include "execution/types/check.h"
#include "execution/types/section_tag.h"
#include "strategy/positions/group_rules.h"
#include "strategy/positions/sizing.h"

namespace paperd::strategy {

namespace {

constexpr std::uint32_t kTag = section_tag("PPAI");
constexpr std::string_view kProbability = "p_revert";

class PairPositions final : public GroupPositions {
public:
    PairPositions(const PositionSettings& settings, std::size_t place)
        : entry_(settings.revert_entry), exit_(settings.revert_exit), place_(place) {}

    void next(const GroupInput& in, std::span<MemberPosition> out) override {
        CHECK(out.size() == 2, "a pair has two legs");
        const double probability = in.outputs[place_];
        if (!std::isfinite(probability) || !std::isfinite(in.z_score)) {
            std::ranges::fill(out, MemberPosition{.output = kNoPosition});
            return;
        }
        const int above = in.z_score > 0 ? 1 : (in.z_score < 0 ? -1 : 0);
        if (side_ != 0 && (probability < exit_ || above != side_)) {
            side_ = 0;
        }
        if (side_ == 0 && probability >= entry_) {
            side_ = above;
        }
        const Reason reason = side_ == 0 ? Reason::signal_gated : Reason::none;
        out[0] = {.output = {.position = static_cast<double>(-side_), .reason = reason}};
        out[1] = {.output = {.position = static_cast<double>(side_), .reason = reason}};
    }

    void reset() override { side_ = 0; }

    void save(BlobWriter& out) const override {
        out.put(kTag);
        out.put(side_);
    }

    void load(BlobReader& in) override {
        in.expect(kTag);
        side_ = in.get<std::int32_t>();
        if (side_ < -1 || side_ > 1) {
            in.fail();
            side_ = 0;
        }
    }

private:
    double entry_;
    double exit_;
    std::size_t place_;
    std::int32_t side_ = 0;  // of the spread when it was sold (1) or bought (-1); 0: flat
};

}  // namespace

std::unique_ptr<GroupPositions> make_pair_positions(const PositionSettings& settings,
                                                    const std::vector<std::string>& outputs,
                                                    std::size_t members) {
    const auto found = std::ranges::find(outputs, kProbability);
    CHECK(found != outputs.end() && members == 2, "the rule's outputs were checked before");
    return std::make_unique<PairPositions>(settings,
                                           static_cast<std::size_t>(found - outputs.begin()));
}

}  // namespace paperd::strategy
