// The regime filter and its memory: it opens where the trend is above trend_floor and the
// volatility below vol_ratio_max x the usual one (which together are regime_ok); once open it stays
// so while the trend is above trend_floor x regime_exit and the volatility below
// (vol_ratio_max / regime_exit) x the usual one. Told at each of the symbol's predictions, gated
// ones included; with regime_exit 1 it has no memory and is regime_ok. An unknown number closes it.
#pragma once

#include "strategy/positions/positions.h"

namespace paperd::strategy {

class RegimeFilter {
public:
    explicit RegimeFilter(const PositionSettings& settings) : settings_(settings) {}

    // The symbol's newest bar. Adds trend and volatility ratio and the limits that were in force to
    // `numbers`. True where it is open, or not used.
    bool next(const PositionInput& in, DecisionNumbers& numbers) {
        if (!settings_.use_regime_filter) {
            return true;
        }
        const double exit = open_ ? settings_.regime_exit : 1;
        const double floor = settings_.trend_floor * exit;
        const double ceiling = settings_.vol_ratio_max / exit;
        open_ = in.regime_ok > 0 ||
                (open_ && in.trend > floor && in.realized_vol < ceiling * in.usual_vol);
        numbers.set(DecisionNumber::trend, in.trend);
        numbers.set(DecisionNumber::trend_floor, floor);
        if (in.usual_vol > 0) {
            numbers.set(DecisionNumber::vol_ratio, in.realized_vol / in.usual_vol);
        }
        numbers.set(DecisionNumber::vol_ratio_max, ceiling);
        return open_;
    }

    void reset() { open_ = false; }

    void save(BlobWriter& out) const { out.put(open_); }

    void load(BlobReader& in) {
        const auto open = in.get<std::uint8_t>();
        if (open > 1) {
            in.fail();
        }
        open_ = open == 1;
    }

private:
    PositionSettings settings_;
    bool open_ = false;
};

}  // namespace paperd::strategy
