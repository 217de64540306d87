// Reference: finance.hybrid_positions; the edge comes in as the prediction.
#include <cmath>

#include "execution/types/section_tag.h"
#include "strategy/positions/regime_filter.h"
#include "strategy/positions/sizing.h"
#include "strategy/rings.h"

namespace paperd::strategy {

namespace {

constexpr std::uint32_t kTag = section_tag("PHYB");

class HybridPositions final : public PositionRule {
public:
    explicit HybridPositions(const PositionSettings& settings)
        : settings_(settings),
          regime_(settings),
          uncertainties_(static_cast<std::size_t>(settings.confidence_window)) {}

    PositionOutput next(const PositionInput& in) override {
        if (!std::isfinite(in.prediction) || !std::isfinite(in.uncertainty)) {
            return kNoPosition;
        }
        uncertainties_.push(in.uncertainty);
        const double usual = uncertainties_.median();
        // As uncertain as usual counts as 1 also where both have underflowed to 0.
        const double relative = in.uncertainty == usual ? 1 : in.uncertainty / usual;
        const double signal = std::tanh(in.prediction / settings_.vol_target) / (1 + relative);
        PositionOutput out;
        out.numbers.set(DecisionNumber::realized_vol, sizing_volatility(in, settings_));
        const bool open = regime_.next(in, out.numbers);
        size_position(signal, open, in, settings_, out);
        return out;
    }

    void reset() override {
        regime_.reset();
        uncertainties_.clear();
    }

    void save(BlobWriter& out) const override {
        out.put(kTag);
        regime_.save(out);
        uncertainties_.save(out);
    }

    void load(BlobReader& in) override {
        in.expect(kTag);
        regime_.load(in);
        uncertainties_.load(in);
    }

private:
    PositionSettings settings_;
    RegimeFilter regime_;
    SortedRing uncertainties_;
};

}  // namespace

std::unique_ptr<PositionRule> make_hybrid_positions(const PositionSettings& settings) {
    return std::make_unique<HybridPositions>(settings);
}

}  // namespace paperd::strategy
