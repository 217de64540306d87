// The end that both position rules share: volatility targeting -> clip -> regime.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "strategy/positions/positions.h"

namespace paperd::strategy {

inline constexpr double kVolatilityFloor = 1e-8;

// A model that gives no number gives no position: NaN, for risk to trip on. Nothing of it is kept.
inline constexpr PositionOutput kNoPosition = {.position = std::numeric_limits<double>::quiet_NaN(),
                                               .reason = Reason::not_finite};

// The volatility that divides vol_target.
inline double sizing_volatility(const PositionInput& in, const PositionSettings& settings) {
    const double known =
        std::isnan(in.realized_vol) || in.realized_vol == std::numeric_limits<double>::infinity()
            ? settings.vol_target
            : in.realized_vol;
    return std::max(known, kVolatilityFloor);
}

// open: the regime filter's word.
inline void size_position(double signal, bool open, const PositionInput& in,
                          const PositionSettings& settings, PositionOutput& out) {
    if (!open) {
        out.position = 0;
        out.reason = Reason::regime_off;
        return;
    }
    out.position =
        std::clamp(signal * (settings.vol_target / sizing_volatility(in, settings)), -1.0, 1.0);
}

}  // namespace paperd::strategy
