// Sums and products that cannot overflow, whatever somebody wrote into the rows being checked.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "execution/types/fixed.h"

namespace paperd::storage {

using Wide = __int128;

// numerator / denominator, half to even, as the engine rounds; any result fits. denominator > 0.
inline Wide wide_half_even(Wide numerator, Wide denominator) {
    const bool negative = numerator < 0;
    const Wide magnitude = negative ? -numerator : numerator;
    Wide quotient = magnitude / denominator;
    const Wide twice = magnitude % denominator * 2;
    if (twice > denominator || (twice == denominator && (quotient & 1) != 0)) {
        ++quotient;
    }
    return negative ? -quotient : quotient;
}

// price x quantity at scale 1e-8.
inline Wide wide_product(Wide price, Wide quantity) {
    return wide_half_even(price * quantity, kScale);
}

inline std::string wide_text(Wide raw) {
    constexpr Wide kMost = std::numeric_limits<std::int64_t>::max();
    return raw > kMost || raw < -kMost ? "a number beyond 64 bits"
                                       : paperd::scaled_text(static_cast<std::int64_t>(raw));
}

}  // namespace paperd::storage
