// A random account before a slice: limits, history and wishes, all drawn from one seed.
#pragma once

#include <cmath>
#include <optional>
#include <vector>

#include "execution/types/random.h"
#include "risk/sizing.h"
#include "tests/risk/risk_support.h"

namespace paperd::risk {

// One stream of draws a scenario.
class Draws {
public:
    explicit Draws(std::uint64_t seed) : seed_(seed) {}

    double uniform(double low = 0, double high = 1) {
        return low + (high - low) * draw_uniform(seed_, count_++, 0);
    }

    bool chance(double probability) { return uniform() < probability; }

    // Between low and high, evenly in the logarithm.
    double spread(double low, double high) {
        return std::exp(uniform(std::log(low), std::log(high)));
    }

    std::optional<double> maybe(double low, double high) {
        const double value = uniform(low, high);
        return chance(0.7) ? std::optional(value) : std::nullopt;
    }

private:
    std::uint64_t seed_;
    std::uint64_t count_ = 0;
};

inline Limits random_limits(Draws& draws) {
    Limits limits;
    limits.position_fraction_max = draws.uniform(0.05, 1.5);
    limits.position_notional_max = draws.maybe(1e3, 1e6);
    limits.gross_leverage_max = draws.uniform(0.2, 4);
    limits.net_leverage_max = draws.uniform(0, 2);
    limits.gross_leverage_before_var_max = draws.uniform(0.1, 2);
    limits.var_historical_95_max = draws.maybe(0.001, 0.05);
    limits.var_historical_99_max = draws.maybe(0.001, 0.05);
    limits.es_historical_95_max = draws.maybe(0.001, 0.05);
    limits.es_historical_99_max = draws.maybe(0.001, 0.05);
    limits.var_ewma_95_max = draws.maybe(0.001, 0.05);
    limits.var_ewma_99_max = draws.maybe(0.001, 0.05);
    limits.es_ewma_95_max = draws.maybe(0.001, 0.05);
    limits.es_ewma_99_max = draws.maybe(0.001, 0.05);
    limits.turnover_day_max = draws.maybe(0, 5);
    limits.order_to_volume_max = draws.maybe(0, 2);
    limits.price_collar = draws.maybe(0.01, 0.3);
    limits.stale_after_bars = draws.uniform(0, 5);
    limits.var_returns_min = 5;
    limits.var_lookback_bars = 30;
    // The state is set by commands here.
    limits.daily_loss_max.reset();
    limits.drawdown_max.reset();
    return limits;
}

struct Scenario {
    Limits limits;
    Quantity lot;
    std::vector<Money> equities;  // of the slices before and, last, of this one
    Money traded;
    std::vector<Wanted> wanted;

    explicit Scenario(std::uint64_t seed) {
        Draws draws(seed);
        limits = random_limits(draws);
        lot = draws.chance(0.6) ? Quantity::whole(1) : Quantity::from_raw(1'000);
        double equity = draws.spread(1e4, 1e7);
        const auto slices = static_cast<int>(draws.uniform(1, 50));
        for (int i = 0; i < slices; ++i) {
            equities.push_back(Money::nearest(equity));
            equity *= 1 + draws.uniform(-0.04, 0.04);
        }
        traded = Money::nearest(equity * (draws.chance(0.5) ? 0 : draws.uniform(0, 4)));
        wanted.resize(static_cast<std::size_t>(draws.uniform(1, 13)));
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            wanted[i] = random_wish(draws, i);
        }
    }

    [[nodiscard]] Money equity() const { return equities.back(); }

    [[nodiscard]] RiskManager manager(const Limits& with) const {
        RiskManager risk(wanted.size(), with, lot);
        std::vector<Incident> incidents;
        for (std::size_t i = 0; i < equities.size(); ++i) {
            // The day before, but for the last.
            const Day day = kMonday + std::chrono::days(i + 1 == equities.size() ? 1 : 0);
            if (i + 1 == equities.size()) {
                risk.on_fill(day, traded);
            }
            risk.on_equity(day, equity_of(equities[i]), incidents);
        }
        return risk;
    }

    [[nodiscard]] Money day_start() const {
        return equities.size() > 1 ? equities[equities.size() - 2] : equities.back();
    }

private:
    Wanted random_wish(Draws& draws, std::size_t i) const {
        Wanted wish;
        wish.symbol = symbol_id(i);
        wish.price = Price::nearest(draws.spread(0.5, 1'000));
        wish.price_before = draws.chance(0.1)
                                ? Price{}
                                : Price::nearest(wish.price.to_double() * draws.uniform(0.8, 1.2));
        wish.has_bar = draws.chance(0.9);
        wish.hold = draws.chance(0.2);
        wish.weight = draws.chance(0.1) ? 0 : draws.uniform(-2, 2);
        wish.weight *= draws.chance(0.02) ? 1e12 : 1;
        wish.bars_old = draws.chance(0.8) ? 0 : draws.uniform(0, 8);
        const double position = draws.chance(0.3) ? 0 : draws.uniform(-1.5, 1.5);
        wish.position = target_quantity(position, equity(), wish.price, lot);
        wish.median_volume = draws.chance(0.2) ? 0
                                               : draws.spread(0.01, 10) * equity().to_double() /
                                                     wish.price.to_double();
        if (wish.hold) {
            wish.weight = kUnknown;
        }
        return wish;
    }
};

}  // namespace paperd::risk
