// The hybrid model's feature library: returns, volatility, volume, price patterns, regime,
// correlation, liquidity (reference: features.financial). Averages, bands and MACD are relative to
// the close; the columns of is_level_column keep their units. Work is skipped by groups of columns.
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

constexpr std::uint32_t kTag = section_tag("FFIN");

enum Column : std::size_t {
    kReturns,
    kReturns5,
    kReturns10,
    kReturns21,
    kVolatility10,
    kVolatility21,
    kVolatility63,
    kVolumeChange,
    kVolumeMa5,
    kVolumeMa10,
    kVolumeMa21,
    kVolumeRelMa,
    kSma5,
    kSma10,
    kSma20,
    kSma50,
    kPriceSmaRatio20,
    kRsi14,
    kBbUpper,
    kBbLower,
    kBbPosition,
    kMacd,
    kMacdSignal,
    kTrendRegime,
    kVolatilityRegime,
    kMomentumRegime,
    kCompositeRegime,
    kMarketCorr,
    kVolRetCorr20,
    kVolRetCorr60,
    kRiskRegime,
    kDollarVolume,
    kAmihudRatio,
    kVolumeStrength5,
    kVolumeStrength20,
    kHlSpread,
    kVolumeVolatility5,
    kVolumeVolatility20,
    kFlowToxicity,
    kLiquidityResilience,
    kMarketEfficiency5,
    kMarketEfficiency20,
    kCount,
};

constexpr std::array<std::string_view, kCount> kColumns = {"returns",
                                                           "returns_5d",
                                                           "returns_10d",
                                                           "returns_21d",
                                                           "volatility_10d",
                                                           "volatility_21d",
                                                           "volatility_63d",
                                                           "volume_change",
                                                           "volume_ma_5d",
                                                           "volume_ma_10d",
                                                           "volume_ma_21d",
                                                           "volume_rel_ma",
                                                           "sma_5d",
                                                           "sma_10d",
                                                           "sma_20d",
                                                           "sma_50d",
                                                           "price_sma_ratio_20d",
                                                           "rsi_14d",
                                                           "bb_upper",
                                                           "bb_lower",
                                                           "bb_position",
                                                           "macd",
                                                           "macd_signal",
                                                           "trend_regime",
                                                           "volatility_regime",
                                                           "momentum_regime",
                                                           "composite_regime",
                                                           "market_corr",
                                                           "vol_ret_corr_20d",
                                                           "vol_ret_corr_60d",
                                                           "risk_regime",
                                                           "dollar_volume",
                                                           "amihud_ratio",
                                                           "volume_strength_5d",
                                                           "volume_strength_20d",
                                                           "hl_spread",
                                                           "volume_volatility_5d",
                                                           "volume_volatility_20d",
                                                           "flow_toxicity",
                                                           "liquidity_resilience",
                                                           "market_efficiency_5d",
                                                           "market_efficiency_20d"};

constexpr auto without_partner() {
    std::array<std::string_view, kCount - 1> columns{};
    std::size_t next = 0;
    for (std::size_t i = 0; i < kCount; ++i) {
        if (i != kMarketCorr) {
            columns[next++] = kColumns[i];
        }
    }
    return columns;
}

constexpr auto kColumnsAlone = without_partner();

using Values = std::array<double, kCount>;

// log(newest / value `bars` before) as a difference of logs.
double log_change(std::span<const double> close, std::size_t bars) {
    return std::log(close.back()) - std::log(close[close.size() - 1 - bars]);
}

class FinancialFeatures final : public FeatureSet {
public:
    FinancialFeatures(const FeatureSettings& settings, bool with_partner)
        : with_partner_(with_partner), wanted_(wanted_columns(kColumns, settings)) {
        wanted_[kMarketCorr] = wanted_[kMarketCorr] && with_partner;
    }

    [[nodiscard]] std::span<const std::string_view> columns() const override {
        return financial_columns(with_partner_);
    }

    void next(const BarWindow& window, const BarWindow* partner, std::span<double> out) override {
        CHECK(out.size() == columns().size() && window.size() > 0,
              "one value for each column, of one bar");
        Values f;
        f.fill(kUndefined);
        returns(window.close, f);
        volume(window.volume, f);
        prices(window.close, f);
        regimes(window.close, f);
        correlations(partner, f);
        liquidity(window, f);
        efficiency(window.close, f);
        drop_infinite(f);
        if (with_partner_) {
            std::ranges::copy(f, out.begin());
        } else {
            const auto rest = std::copy_n(f.begin(), std::size_t{kMarketCorr}, out.begin());
            std::copy(f.begin() + kMarketCorr + 1, f.end(), rest);
        }
    }

    void reset() override {
        for (MirroredRing* ring : rings()) {
            ring->clear();
        }
        averages_ = {};
    }

    void save(BlobWriter& out) const override {
        out.put(kTag);
        for (const MirroredRing* ring : rings()) {
            ring->save(out);
        }
        out.put(averages_);
    }

    void load(BlobReader& in) override {
        in.expect(kTag);
        for (MirroredRing* ring : rings()) {
            ring->load(in);
        }
        averages_ = in.get<Averages>();
    }

private:
    struct Averages {
        RescaleWatch watch;
        PlainEma fast;
        PlainEma slow;
        PlainEma signal;
    };

    // One of these columns is wanted.
    template <class... C>
    [[nodiscard]] bool any(C... columns) const {
        return (wanted_[columns] || ...);
    }

    void returns(std::span<const double> close, Values& f) {
        f[kReturns] = change(close, 1);
        f[kReturns5] = change(close, 5);
        f[kReturns10] = change(close, 10);
        f[kReturns21] = change(close, 21);
        if (close.size() > 1) {
            returns_.push(f[kReturns]);
            sizes_.push(std::abs(f[kReturns]));
        }
        f[kVolatility10] = volatility(10, any(kVolatility10));
        f[kVolatility21] = volatility(21, any(kVolatility21));
        f[kVolatility63] = volatility(63, any(kVolatility63));
    }

    [[nodiscard]] double volatility(std::size_t n, bool wanted) const {
        return wanted && returns_.size() >= n ? deviation(returns_.last(n)) : kUndefined;
    }

    void volume(std::span<const double> volume, Values& f) const {
        const double newest = volume.back();
        const auto average = [&](std::size_t n, bool wanted) {
            return wanted && volume.size() >= n ? mean(volume.last(n)) : kUndefined;
        };
        f[kVolumeChange] = change(volume, 1);
        const double average5 =
            average(5, any(kVolumeMa5, kVolumeStrength5, kVolumeVolatility5, kLiquidityResilience));
        const double average20 = average(20, any(kVolumeStrength20, kVolumeVolatility20));
        f[kVolumeMa5] = average5;
        f[kVolumeMa10] = average(10, any(kVolumeMa10));
        f[kVolumeMa21] = average(21, any(kVolumeMa21, kVolumeRelMa));
        f[kVolumeRelMa] = newest / f[kVolumeMa21];
        f[kVolumeStrength5] = newest / average5;
        f[kVolumeStrength20] = newest / average20;
        if (any(kVolumeVolatility5) && volume.size() >= 5) {
            f[kVolumeVolatility5] = deviation(volume.last(5)) / average5;
        }
        if (any(kVolumeVolatility20) && volume.size() >= 20) {
            f[kVolumeVolatility20] = deviation(volume.last(20)) / average20;
        }
        if (volume.size() > 1) {
            f[kLiquidityResilience] = average5 / volume[volume.size() - 2];
        }
    }

    void prices(std::span<const double> close, Values& f) {
        const double newest = close.back();
        const auto average = [&](std::size_t n, bool wanted) {
            return wanted && close.size() >= n ? mean(close.last(n)) : kUndefined;
        };
        f[kSma5] = average(5, any(kSma5)) / newest - 1;
        f[kSma10] = average(10, any(kSma10)) / newest - 1;
        const double average20 = average(20, any(kSma20, kPriceSmaRatio20));
        f[kSma20] = average20 / newest - 1;
        f[kSma50] = average(50, any(kSma50)) / newest - 1;
        f[kPriceSmaRatio20] = newest / average20;
        if (any(kRsi14)) {
            f[kRsi14] = rsi(close, 14);
        }
        if (any(kBbUpper, kBbLower, kBbPosition) && close.size() >= 20) {
            const Bands band = bollinger(close.last(20));
            f[kBbUpper] = band.upper;
            f[kBbLower] = band.lower;
            f[kBbPosition] = band.position;
        }
        macd(close, f);
    }

    void macd(std::span<const double> close, Values& f) {
        const double ratio = averages_.watch.next(close);
        for (PlainEma* ema : {&averages_.fast, &averages_.slow, &averages_.signal}) {
            ema->average *= ratio;
        }
        const double newest = close.back();
        const double value =
            averages_.fast.next(newest, ema_keep(12)) - averages_.slow.next(newest, ema_keep(26));
        f[kMacd] = value / newest;
        f[kMacdSignal] = averages_.signal.next(value, ema_keep(9)) / newest;
    }

    void regimes(std::span<const double> close, Values& f) const {
        if (any(kTrendRegime, kCompositeRegime) && close.size() >= 200) {
            f[kTrendRegime] = mean(close.last(50)) > mean(close.last(200)) ? 1 : 0;
        }
        if (any(kVolatilityRegime, kCompositeRegime)) {
            const double slow = volatility(60, true);
            f[kVolatilityRegime] = flag(volatility(20, true) > slow, slow);
        }
        const double momentum = change(close, 63);
        f[kMomentumRegime] = flag(momentum > 0, momentum);
        f[kCompositeRegime] = (f[kTrendRegime] + f[kVolatilityRegime] + f[kMomentumRegime]) / 3;
    }

    void correlations(const BarWindow* partner, Values& f) {
        if (any(kMarketCorr)) {
            partner_returns_.push(partner != nullptr ? change(partner->close, 1) : kUndefined);
            if (partner_returns_.full() && returns_.size() >= 20) {
                f[kMarketCorr] = correlation(returns_.last(20), partner_returns_.values());
            }
        }
        if (any(kVolRetCorr20, kRiskRegime) && sizes_.size() >= 20) {
            mean_sizes20_.push(mean(sizes_.last(20)));
            if (mean_sizes20_.full()) {
                f[kVolRetCorr20] = correlation(returns_.last(20), mean_sizes20_.values());
                correlations20_.push(f[kVolRetCorr20]);
            }
            if (correlations20_.full()) {
                f[kRiskRegime] = mean(correlations20_.values());
            }
        }
        if (any(kVolRetCorr60) && sizes_.full()) {
            mean_sizes60_.push(mean(sizes_.values()));
            if (mean_sizes60_.full()) {
                f[kVolRetCorr60] = correlation(returns_.last(60), mean_sizes60_.values());
            }
        }
    }

    void liquidity(const BarWindow& window, Values& f) const {
        const double high = window.high.back();
        const double low = window.low.back();
        const double typical = (high + low + window.close.back()) / 3;
        f[kDollarVolume] = typical / window.factor.back() * window.volume.back();
        f[kAmihudRatio] = std::abs(f[kReturns]) / f[kDollarVolume] * 1e6;
        f[kHlSpread] = (high - low) / typical;
        if (any(kFlowToxicity) && window.size() >= 20) {
            double flow = 0;
            for (std::size_t i = window.size() - 20; i < window.size(); ++i) {
                const double move = window.close[i] - window.open[i];
                flow += move > 0 ? window.volume[i] : (move < 0 ? -window.volume[i] : 0.0);
            }
            f[kFlowToxicity] = std::abs(flow) / sum(window.volume.last(20));
        }
    }

    // Variance of n-bar log returns over n times that of one bar, both over 63 bars.
    void efficiency(std::span<const double> close, Values& f) {
        if (!any(kMarketEfficiency5, kMarketEfficiency20)) {
            return;
        }
        if (close.size() > 1) {
            log_returns_.push(log_change(close, 1));
        }
        if (close.size() > 5) {
            log_returns5_.push(log_change(close, 5));
        }
        if (close.size() > 20) {
            log_returns20_.push(log_change(close, 20));
        }
        const double one = log_returns_.full() ? deviation(log_returns_.values()) : kUndefined;
        const auto ratio = [one](const MirroredRing& changes, double n) {
            const double many = changes.full() ? deviation(changes.values()) : kUndefined;
            return many * many / (n * (one * one));
        };
        f[kMarketEfficiency5] = ratio(log_returns5_, 5);
        f[kMarketEfficiency20] = ratio(log_returns20_, 20);
    }

    // Everything windowed that is carried, in the order of a checkpoint.
    [[nodiscard]] std::array<MirroredRing*, 9> rings() {
        return {&returns_,        &sizes_,       &partner_returns_, &mean_sizes20_, &mean_sizes60_,
                &correlations20_, &log_returns_, &log_returns5_,    &log_returns20_};
    }

    [[nodiscard]] std::array<const MirroredRing*, 9> rings() const {
        return {&returns_,        &sizes_,       &partner_returns_, &mean_sizes20_, &mean_sizes60_,
                &correlations20_, &log_returns_, &log_returns5_,    &log_returns20_};
    }

    bool with_partner_;
    ColumnMask wanted_;
    MirroredRing returns_{63};
    MirroredRing sizes_{60};  // |returns|
    MirroredRing partner_returns_{20};
    MirroredRing mean_sizes20_{20};
    MirroredRing mean_sizes60_{60};
    MirroredRing correlations20_{10};
    MirroredRing log_returns_{63};
    MirroredRing log_returns5_{63};
    MirroredRing log_returns20_{63};
    Averages averages_;
};

}  // namespace

std::span<const std::string_view> financial_columns(bool with_partner) {
    return with_partner ? std::span<const std::string_view>(kColumns)
                        : std::span<const std::string_view>(kColumnsAlone);
}

std::unique_ptr<FeatureSet> make_financial_features(const FeatureSettings& settings,
                                                    bool with_partner) {
    return std::make_unique<FinancialFeatures>(settings, with_partner);
}

}  // namespace paperd::strategy
