// The attention LSTM's inputs and its regime filter (reference: features.attention). The filter's
// two thresholds are settings in units of one bar.
#include <array>
#include <cmath>

#include "execution/types/check.h"
#include "execution/types/section_tag.h"
#include "strategy/features/sets.h"
#include "strategy/rings.h"
#include "strategy/statistics.h"

namespace paperd::strategy {

namespace {

constexpr std::uint32_t kTag = section_tag("FATT");

enum Column : std::size_t {
    kLogReturn,
    kVolatility10,
    kVolatility30,
    kMomentum10,
    kMomentum30,
    kVolumeZ,
    kVol20,
    kVol60Med,
    kTrendStrength,
    kVolOk,
    kTrendOk,
    kRegimeOk,
    kCount,
};

constexpr std::array<std::string_view, kCount> kColumns = {
    "log_return", "volatility_10", "volatility_30",  "momentum_10", "momentum_30", "volume_z",
    "vol_20",     "vol_60_med",    "trend_strength", "vol_ok",      "trend_ok",    "regime_ok"};

class AttentionFeatures final : public FeatureSet {
public:
    explicit AttentionFeatures(const FeatureSettings& settings)
        : trend_floor_(settings.trend_floor),
          vol_ratio_max_(settings.vol_ratio_max),
          wanted_(wanted_columns(kColumns, settings)) {}

    [[nodiscard]] std::span<const std::string_view> columns() const override { return kColumns; }

    void next(const BarWindow& window, const BarWindow* /*partner*/,
              std::span<double> out) override {
        CHECK(out.size() == kCount && window.size() > 0, "one value for each column, of one bar");
        std::ranges::fill(out, kUndefined);
        returns(window, out);
        if (wanted_[kVolumeZ] && window.size() >= 30) {
            const auto volume = window.volume.last(30);
            const Moments usual = moments(volume);
            out[kVolumeZ] = (volume.back() - usual.mean) / usual.deviation;
        }
        regime(window, out);
        drop_infinite(out);
    }

    void reset() override {
        log_returns_.clear();
        returns_.clear();
        volatilities_.clear();
    }

    void save(BlobWriter& out) const override {
        out.put(kTag);
        log_returns_.save(out);
        returns_.save(out);
        volatilities_.save(out);
    }

    void load(BlobReader& in) override {
        in.expect(kTag);
        log_returns_.load(in);
        returns_.load(in);
        volatilities_.load(in);
    }

private:
    void returns(const BarWindow& window, std::span<double> out) {
        const auto close = window.close;
        if (close.size() > 1) {
            const double before = close[close.size() - 2];
            out[kLogReturn] = std::log(close.back()) - std::log(before);
            log_returns_.push(out[kLogReturn]);
            returns_.push(close.back() / before - 1);
        }
        if (wanted_[kVolatility10] && log_returns_.size() >= 10) {
            out[kVolatility10] = deviation(log_returns_.last(10));
        }
        if (wanted_[kVolatility30] && log_returns_.full()) {
            out[kVolatility30] = deviation(log_returns_.values());
        }
        out[kMomentum10] = change(close, 10);
        out[kMomentum30] = change(close, 30);
    }

    void regime(const BarWindow& window, std::span<double> out) {
        if (returns_.full()) {
            out[kVol20] = deviation(returns_.values());
            volatilities_.push(out[kVol20]);
        }
        if (volatilities_.full()) {
            out[kVol60Med] = volatilities_.median();
        }
        const auto close = window.close;
        if (close.size() >= 50) {
            const double average = mean(close.last(50));
            out[kTrendStrength] = std::abs(close.back() - average) / average;
        }
        out[kVolOk] = flag(out[kVol20] < vol_ratio_max_ * out[kVol60Med], out[kVol60Med]);
        out[kTrendOk] = flag(out[kTrendStrength] > trend_floor_, out[kTrendStrength]);
        out[kRegimeOk] = out[kVolOk] * out[kTrendOk];
    }

    double trend_floor_;
    double vol_ratio_max_;
    ColumnMask wanted_;
    MirroredRing log_returns_{30};
    MirroredRing returns_{20};
    SortedRing volatilities_{60};  // vol_20 of the last 60 bars
};

}  // namespace

std::span<const std::string_view> attention_columns() { return kColumns; }

std::unique_ptr<FeatureSet> make_attention_features(const FeatureSettings& settings) {
    return std::make_unique<AttentionFeatures>(settings);
}

}  // namespace paperd::strategy
