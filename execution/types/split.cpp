#include "execution/types/split.h"

#include <algorithm>
#include <limits>

namespace paperd {

Quantity split_quantity(Quantity quantity, const Split& split, Quantity lot) {
    CHECK(lot.raw() > 0, "a lot is positive");
    // Both divisions in one: towards zero, to whole lots.
    const __int128 lots = static_cast<__int128>(quantity.raw()) * split.new_shares /
                          (static_cast<__int128>(split.old_shares) * lot.raw());
    const __int128 raw = lots * lot.raw();
    CHECK(raw <= std::numeric_limits<std::int64_t>::max() &&
              raw >= std::numeric_limits<std::int64_t>::min(),
          "a split quantity overflows");
    return Quantity::from_raw(static_cast<std::int64_t>(raw));
}

Price split_price(Price price, const Split& split) {
    const std::int64_t raw =
        divide_half_even(static_cast<__int128>(price.raw()) * split.old_shares, split.new_shares);
    return Price::from_raw(price.raw() > 0 ? std::max<std::int64_t>(raw, 1) : raw);
}

}  // namespace paperd
