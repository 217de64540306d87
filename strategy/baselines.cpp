#include "strategy/baselines.h"

#include <algorithm>

#include "execution/types/check.h"
#include "execution/types/section_tag.h"
#include "strategy/signals.h"
#include "strategy/statistics.h"

namespace paperd::strategy {

namespace {

constexpr std::uint32_t kTag = section_tag("SBAS");
constexpr double kSpent = 0.99;  // of the cash; the rest meets costs and the move to the fill

// Nothing is carried from slice to slice.
class Baseline : public Strategy {
public:
    Baseline(std::size_t symbols, const StrategySettings& settings)
        : symbols_(symbols), kind_(settings.kind), present_(symbols) {}

    Result<void> on_slice(const Slice& slice, const MarketDataHandler& market,
                          std::span<const SeriesCut> /*cut*/, std::span<Signal> out) override {
        CHECK(out.size() == symbols_, "one signal for each symbol");
        present_.read(slice);
        for (std::size_t i = 0; i < symbols_; ++i) {
            out[i] = present_[i] ? opinion(i, market) : without_bar(market, symbol_id(i));
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
    // Of a symbol with a bar.
    [[nodiscard]] virtual Signal opinion(std::size_t symbol,
                                         const MarketDataHandler& market) const = 0;

    std::size_t symbols_;
    StrategyKind kind_;
    BarsPresent present_;
};

class BuyAndHold final : public Baseline {
public:
    using Baseline::Baseline;

    [[nodiscard]] bool needs_account() const override { return true; }

    void on_account(const AccountView& account) override {
        taken_ = account.taken;
        const auto left = std::ranges::count(taken_, std::uint8_t{0});
        const bool can_buy = left > 0 && account.free.raw() > 0 && account.equity.raw() > 0;
        share_ = can_buy ? kSpent * account.free.to_double() / static_cast<double>(left) /
                               account.equity.to_double()
                         : 0;
    }

private:
    [[nodiscard]] Signal opinion(std::size_t symbol,
                                 const MarketDataHandler& /*market*/) const override {
        if (taken_.empty()) {
            return {.reason = Reason::warming_up};
        }
        return taken_[symbol] != 0 ? Signal{.reason = Reason::holding} : Signal{.weight = share_};
    }

    std::span<const std::uint8_t> taken_;  // empty until there is an account: in warm-up
    double share_ = 0;                     // of equity, for each symbol that is not taken
};

class SmaCross final : public Baseline {
public:
    SmaCross(std::size_t symbols, const StrategySettings& settings)
        : Baseline(symbols, settings),
          weighing_(symbols, settings),
          fast_(static_cast<std::size_t>(settings.sma_fast_bars)),
          slow_(static_cast<std::size_t>(settings.sma_slow_bars)) {}

private:
    [[nodiscard]] Signal opinion(std::size_t symbol,
                                 const MarketDataHandler& market) const override {
        const BarWindow window = market.window(symbol_id(symbol));
        if (window.size() < slow_) {
            return {.reason = Reason::warming_up};
        }
        const double fast = mean(window.close.last(fast_));
        const double slow = mean(window.close.last(slow_));
        Signal signal;
        weighing_.weigh({.position = fast > slow ? 1.0 : (fast < slow ? -1.0 : 0.0)}, signal);
        return signal;
    }

    Weighing weighing_;
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
