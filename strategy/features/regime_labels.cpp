// Market regimes: 0 bear, 1 consolidation, 2 bull, 3 high volatility, and the classifier's inputs
// (reference: features.regime_labels). The volatility's quantiles are those of the trailing 2,520
// bars, at least 60, kept here: ten years do not fit the bar window.
#include <algorithm>
#include <array>
#include <cmath>

#include "execution/types/check.h"
#include "execution/types/section_tag.h"
#include "strategy/features/sets.h"
#include "strategy/rings.h"
#include "strategy/statistics.h"

namespace paperd::strategy {

namespace {

constexpr std::uint32_t kTag = section_tag("FREG");
constexpr std::size_t kLookback = 20;
constexpr std::size_t kTrailing = 2520;
constexpr std::size_t kTrailingMin = 60;
constexpr double kTrend = 0.02;

enum Column : std::size_t {
    kReturns,
    kRollingReturn,
    kRollingVol,
    kVolMedian,
    kVolQ75,
    kRegime,
    kCount,
};

constexpr std::array<std::string_view, kCount> kColumns = {
    "returns", "rolling_return", "rolling_vol", "vol_median", "vol_q75", "regime"};

double label(double rolling_return, double vol, double middle, double q75) {
    if (vol > q75) {
        return 3;
    }
    if (rolling_return < -kTrend && vol > middle) {
        return 0;
    }
    return rolling_return > kTrend ? 2 : 1;
}

class RegimeLabels final : public FeatureSet {
public:
    [[nodiscard]] std::span<const std::string_view> columns() const override { return kColumns; }

    void next(const BarWindow& window, const BarWindow* /*partner*/,
              std::span<double> out) override {
        CHECK(out.size() == kCount && window.size() > 0, "one value for each column, of one bar");
        std::ranges::fill(out, kUndefined);
        if (window.size() > 1) {
            out[kReturns] = change(window.close, 1);
            returns_.push(out[kReturns]);
        }
        if (returns_.full()) {
            out[kRollingReturn] = sum(returns_.values());
            out[kRollingVol] = deviation(returns_.values()) * std::sqrt(252.0);
            volatilities_.push(out[kRollingVol]);
        }
        if (volatilities_.size() >= kTrailingMin) {
            out[kVolMedian] = volatilities_.median();
            out[kVolQ75] = volatilities_.quantile(0.75);
            out[kRegime] =
                label(out[kRollingReturn], out[kRollingVol], out[kVolMedian], out[kVolQ75]);
        }
        drop_infinite(out);
    }

    void reset() override {
        returns_.clear();
        volatilities_.clear();
    }

    void save(BlobWriter& out) const override {
        out.put(kTag);
        returns_.save(out);
        volatilities_.save(out);
    }

    void load(BlobReader& in) override {
        in.expect(kTag);
        returns_.load(in);
        volatilities_.load(in);
    }

private:
    MirroredRing returns_{kLookback};
    SortedRing volatilities_{kTrailing};
};

}  // namespace

std::span<const std::string_view> regime_labels_columns() { return kColumns; }

std::unique_ptr<FeatureSet> make_regime_labels_features() {
    return std::make_unique<RegimeLabels>();
}

}  // namespace paperd::strategy
