// Reference: finance.attention_positions.
#include <cmath>

#include "execution/types/section_tag.h"
#include "strategy/positions/sizing.h"
#include "strategy/rings.h"
#include "strategy/statistics.h"

namespace paperd::strategy {

namespace {

constexpr std::uint32_t kTag = section_tag("PATT");

class AttentionPositions final : public PositionRule {
public:
    explicit AttentionPositions(const PositionSettings& settings)
        : settings_(settings),
          recent_(static_cast<std::size_t>(settings.smoothing)),
          sizes_(static_cast<std::size_t>(settings.gate_window)) {}

    PositionOutput next(const PositionInput& in) override {
        if (!std::isfinite(in.prediction)) {
            return kNoPosition;
        }
        recent_.push(in.prediction);
        const double smooth = mean(recent_.values());
        const double size = std::abs(smooth);
        sizes_.push(size);
        if (!(size > sizes_.quantile(settings_.gate_percentile / 100))) {
            return {.position = 0, .reason = Reason::signal_gated};
        }
        return sized_position(std::tanh(smooth / settings_.vol_target), in, settings_);
    }

    void reset() override {
        recent_.clear();
        sizes_.clear();
    }

    void save(BlobWriter& out) const override {
        out.put(kTag);
        recent_.save(out);
        sizes_.save(out);
    }

    void load(BlobReader& in) override {
        in.expect(kTag);
        recent_.load(in);
        sizes_.load(in);
    }

private:
    PositionSettings settings_;
    MirroredRing recent_;  // predictions to smooth
    SortedRing sizes_;     // |smoothed prediction|
};

}  // namespace

std::unique_ptr<PositionRule> make_attention_positions(const PositionSettings& settings) {
    return std::make_unique<AttentionPositions>(settings);
}

}  // namespace paperd::strategy
