// Reference: finance.attention_positions.
#include <cmath>

#include "execution/types/section_tag.h"
#include "strategy/positions/regime_filter.h"
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
          regime_(settings),
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
        const double threshold = sizes_.quantile(settings_.gate_percentile / 100);
        PositionOutput out;
        out.numbers.set(DecisionNumber::smoothed, smooth);
        out.numbers.set(DecisionNumber::gate_threshold, threshold);
        out.numbers.set(DecisionNumber::realized_vol, sizing_volatility(in, settings_));
        const bool open = regime_.next(in, out.numbers);
        if (!(size > threshold)) {
            out.reason = Reason::signal_gated;
            return out;
        }
        size_position(std::tanh(smooth / settings_.vol_target), open, in, settings_, out);
        return out;
    }

    void reset() override {
        regime_.reset();
        recent_.clear();
        sizes_.clear();
    }

    void save(BlobWriter& out) const override {
        out.put(kTag);
        regime_.save(out);
        recent_.save(out);
        sizes_.save(out);
    }

    void load(BlobReader& in) override {
        in.expect(kTag);
        regime_.load(in);
        recent_.load(in);
        sizes_.load(in);
    }

private:
    PositionSettings settings_;
    RegimeFilter regime_;
    MirroredRing recent_;  // predictions to smooth
    SortedRing sizes_;     // |smoothed prediction|
};

}  // namespace

std::unique_ptr<PositionRule> make_attention_positions(const PositionSettings& settings) {
    return std::make_unique<AttentionPositions>(settings);
}

}  // namespace paperd::strategy
