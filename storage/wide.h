// Sums and products that cannot overflow, whatever somebody wrote into the rows being checked.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "execution/types/fixed.h"

namespace paperd::storage {

using Wide = __int128;

// price x quantity at scale 1e-8, half to even, as the engine rounds; any result fits.
inline Wide wide_product(Wide price, Wide quantity) {
    const Wide raw = price * quantity;
    const bool negative = raw < 0;
    const Wide magnitude = negative ? -raw : raw;
    Wide quotient = magnitude / kScale;
    const Wide twice = magnitude % kScale * 2;
    if (twice > kScale || (twice == kScale && (quotient & 1) != 0)) {
        ++quotient;
    }
    return negative ? -quotient : quotient;
}

inline std::string wide_text(Wide raw) {
    constexpr Wide kMost = std::numeric_limits<std::int64_t>::max();
    return raw > kMost || raw < -kMost ? "a number beyond 64 bits"
                                       : paperd::scaled_text(static_cast<std::int64_t>(raw));
}

}  // namespace paperd::storage
