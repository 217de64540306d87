#include "strategy/baselines.h"

#include "execution/types/check.h"
#include "execution/types/section_tag.h"
#include "strategy/signals.h"
#include "strategy/statistics.h"

namespace paperd::strategy {

namespace {

constexpr std::uint32_t kTag = section_tag("SBAS");

// A position from the symbol's window alone: nothing is carried from slice to slice.
class Baseline : public Strategy {
public:
    Baseline(std::size_t symbols, const StrategySettings& settings)
        : symbols_(symbols),
          kind_(settings.kind),
          weighing_(symbols, settings),
          present_(symbols) {}

    Result<void> on_slice(const Slice& slice, const MarketDataHandler& market,
                          std::span<const SeriesCut> /*cut*/, std::span<Signal> out) override {
        CHECK(out.size() == symbols_, "one signal for each symbol");
        present_.read(slice);
        for (std::size_t i = 0; i < symbols_; ++i) {
            if (present_[i]) {
                out[i] = {};
                weighing_.weigh(position(market.window(symbol_id(i))), out[i]);
            } else {
                out[i] = without_bar(market, symbol_id(i));
            }
        }
        return {};
    }

    [[nodiscard]] std::uint64_t model_digest() const override { return 0; }

    [[nodiscard]] bool has_forecast() const override { return false; }

    void save(BlobWriter& out) const override {
        out.put(kTag);
        out.put(kind_);
        out.put(static_cast<std::uint64_t>(symbols_));
    }

    void load(BlobReader& in) override {
        in.expect(kTag);
        if (in.get<StrategyKind>() != kind_ || in.get<std::uint64_t>() != symbols_) {
            in.fail();
        }
    }

private:
    // NaN with a reason where there is no opinion yet.
    [[nodiscard]] virtual PositionOutput position(const BarWindow& window) const = 0;

    std::size_t symbols_;
    StrategyKind kind_;
    Weighing weighing_;
    BarsPresent present_;
};

class BuyAndHold final : public Baseline {
public:
    using Baseline::Baseline;

private:
    [[nodiscard]] PositionOutput position(const BarWindow& /*window*/) const override {
        return {.position = 1};
    }
};

class SmaCross final : public Baseline {
public:
    SmaCross(std::size_t symbols, const StrategySettings& settings)
        : Baseline(symbols, settings),
          fast_(static_cast<std::size_t>(settings.sma_fast_bars)),
          slow_(static_cast<std::size_t>(settings.sma_slow_bars)) {}

private:
    [[nodiscard]] PositionOutput position(const BarWindow& window) const override {
        if (window.size() < slow_) {
            return {.position = kUnknown, .reason = Reason::warming_up};
        }
        const double fast = mean(window.close.last(fast_));
        const double slow = mean(window.close.last(slow_));
        return {.position = fast > slow ? 1.0 : (fast < slow ? -1.0 : 0.0)};
    }

    std::size_t fast_;
    std::size_t slow_;
};

}  // namespace

std::unique_ptr<Strategy> make_buy_and_hold(std::size_t symbols, const StrategySettings& settings) {
    return std::make_unique<BuyAndHold>(symbols, settings);
}

std::unique_ptr<Strategy> make_sma_cross(std::size_t symbols, const StrategySettings& settings) {
    return std::make_unique<SmaCross>(symbols, settings);
}

}  // namespace paperd::strategy
