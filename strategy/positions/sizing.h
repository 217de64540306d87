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

inline PositionOutput sized_position(double signal, const PositionInput& in,
                                     const PositionSettings& settings) {
    if (settings.use_regime_filter && !(in.regime_ok > 0)) {
        return {.position = 0, .reason = Reason::regime_off};
    }
    const double known =
        std::isnan(in.realized_vol) || in.realized_vol == std::numeric_limits<double>::infinity()
            ? settings.vol_target
            : in.realized_vol;
    const double volatility = std::max(known, kVolatilityFloor);
    return {.position = std::clamp(signal * (settings.vol_target / volatility), -1.0, 1.0),
            .reason = Reason::none};
}

}  // namespace paperd::strategy
