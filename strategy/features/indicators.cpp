// The bidirectional attention classifier's 21 inputs (reference: features.indicators). Its averages
// weigh as pandas does with adjust=True, unlike those of `financial`.
#include <algorithm>
#include <array>
#include <cmath>

#include "execution/types/check.h"
#include "execution/types/section_tag.h"
#include "strategy/features/ema.h"
#include "strategy/features/oscillators.h"
#include "strategy/features/sets.h"
#include "strategy/rings.h"
#include "strategy/statistics.h"

namespace paperd::strategy {

namespace {

constexpr std::uint32_t kTag = section_tag("FIND");

enum Column : std::size_t {
    kReturns,
    kLogReturns,
    kSma10,
    kSma20,
    kSma50,
    kEma12,
    kEma26,
    kMacd,
    kMacdSignal,
    kMacdHist,
    kRsi,
    kBbUpper,
    kBbLower,
    kBbWidth,
    kBbPosition,
    kVolatility10,
    kVolatility20,
    kMomentum5,
    kMomentum10,
    kMomentum20,
    kCount,
};

constexpr std::array<std::string_view, kCount> kColumns = {
    "returns",       "log_returns",   "sma_10",     "sma_20",      "sma_50",
    "ema_12",        "ema_26",        "macd",       "macd_signal", "macd_hist",
    "rsi",           "bb_upper",      "bb_lower",   "bb_width",    "bb_position",
    "volatility_10", "volatility_20", "momentum_5", "momentum_10", "momentum_20"};

class IndicatorFeatures final : public FeatureSet {
public:
    explicit IndicatorFeatures(const FeatureSettings& settings)
        : wanted_(wanted_columns(kColumns, settings)) {}

    [[nodiscard]] std::span<const std::string_view> columns() const override { return kColumns; }

    void next(const BarWindow& window, const BarWindow* /*partner*/,
              std::span<double> out) override {
        CHECK(out.size() == kCount && window.size() > 0, "one value for each column, of one bar");
        std::ranges::fill(out, kUndefined);
        const auto close = window.close;
        if (close.size() > 1) {
            const double ratio = close.back() / close[close.size() - 2];
            out[kReturns] = ratio - 1;
            out[kLogReturns] = std::log(ratio);
            returns_.push(out[kReturns]);
        }
        out[kSma10] = average(close, 10, kSma10);
        out[kSma20] = average(close, 20, kSma20);
        out[kSma50] = average(close, 50, kSma50);
        averages(close, out);
        if (wanted_[kRsi]) {
            out[kRsi] = rsi(close, 14) / 100 - 0.5;
        }
        bands(close, out);
        if (wanted_[kVolatility10] && returns_.size() >= 10) {
            out[kVolatility10] = deviation(returns_.last(10)) * std::sqrt(252.0);
        }
        if (wanted_[kVolatility20] && returns_.full()) {
            out[kVolatility20] = deviation(returns_.values()) * std::sqrt(252.0);
        }
        out[kMomentum5] = change(close, 5);
        out[kMomentum10] = change(close, 10);
        out[kMomentum20] = change(close, 20);
        drop_infinite(out);
    }

    void reset() override {
        returns_.clear();
        state_ = {};
    }

    void save(BlobWriter& out) const override {
        out.put(kTag);
        returns_.save(out);
        out.put(state_);
    }

    void load(BlobReader& in) override {
        in.expect(kTag);
        returns_.load(in);
        state_ = in.get<State>();
    }

private:
    struct State {
        RescaleWatch watch;
        AdjustedEma ema12;
        AdjustedEma ema26;
        AdjustedEma signal;
    };

    [[nodiscard]] double average(std::span<const double> close, std::size_t n,
                                 Column column) const {
        return wanted_[column] && close.size() >= n ? mean(close.last(n)) / close.back() - 1
                                                    : kUndefined;
    }

    void averages(std::span<const double> close, std::span<double> out) {
        const double ratio = state_.watch.next(close);
        state_.ema12.values *= ratio;
        state_.ema26.values *= ratio;
        const double newest = close.back();
        const double ema12 = state_.ema12.next(newest, ema_keep(12));
        const double ema26 = state_.ema26.next(newest, ema_keep(26));
        out[kEma12] = ema12 / newest - 1;
        out[kEma26] = ema26 / newest - 1;
        out[kMacd] = (ema12 - ema26) / newest;
        out[kMacdSignal] = state_.signal.next(out[kMacd], ema_keep(9));
        out[kMacdHist] = out[kMacd] - out[kMacdSignal];
    }

    void bands(std::span<const double> close, std::span<double> out) const {
        const bool any =
            wanted_[kBbUpper] || wanted_[kBbLower] || wanted_[kBbWidth] || wanted_[kBbPosition];
        if (!any || close.size() < 20) {
            return;
        }
        const Bands band = bollinger(close.last(20));
        out[kBbUpper] = band.upper;
        out[kBbLower] = band.lower;
        out[kBbWidth] = band.upper - band.lower;
        out[kBbPosition] = band.position - 0.5;
    }

    ColumnMask wanted_;
    MirroredRing returns_{20};
    State state_;
};

}  // namespace

std::span<const std::string_view> indicators_columns() { return kColumns; }

std::unique_ptr<FeatureSet> make_indicators_features(const FeatureSettings& settings) {
    return std::make_unique<IndicatorFeatures>(settings);
}

}  // namespace paperd::strategy
