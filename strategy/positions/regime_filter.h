// The regime filter and its memory: it opens where the trend is above trend_floor and the
// volatility below vol_ratio_max x the usual one (which together are regime_ok); once open it stays
// so while the trend is above trend_floor x regime_exit and the volatility below
// (vol_ratio_max / regime_exit) x the usual one. A price that crosses its mean passes through a
// trend of 0, however small the floor: so once closed it stays closed for regime_pause predictions,
// the one that closed it included, and a position is not closed and opened again in between. Told
// at each of the symbol's predictions, gated ones included; with regime_exit 1 and regime_pause 0
// it has no memory and is regime_ok. An unknown number closes it.
#pragma once

#include <algorithm>

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
        const bool was_open = open_;
        open_ = pause_ == 0 && (in.regime_ok > 0 || (open_ && in.trend > floor &&
                                                     in.realized_vol < ceiling * in.usual_vol));
        if (pause_ > 0) {
            numbers.set(DecisionNumber::regime_pause, pause_);
        }
        pause_ =
            was_open && !open_ ? std::max(settings_.regime_pause - 1, 0) : std::max(pause_ - 1, 0);
        numbers.set(DecisionNumber::trend, in.trend);
        numbers.set(DecisionNumber::trend_floor, floor);
        if (in.usual_vol > 0) {
            numbers.set(DecisionNumber::vol_ratio, in.realized_vol / in.usual_vol);
        }
        numbers.set(DecisionNumber::vol_ratio_max, ceiling);
        return open_;
    }

    void reset() {
        open_ = false;
        pause_ = 0;
    }

    void save(BlobWriter& out) const {
        out.put(open_);
        out.put(pause_);
    }

    void load(BlobReader& in) {
        const auto open = in.get<std::uint8_t>();
        pause_ = in.get<std::int32_t>();
        if (open > 1 || pause_ < 0 || pause_ > settings_.regime_pause) {
            in.fail();
            pause_ = 0;
        }
        open_ = open == 1;
    }

private:
    PositionSettings settings_;
    bool open_ = false;
    std::int32_t pause_ = 0;  // predictions that it still stays closed for
};

}  // namespace paperd::strategy
