// A split of a symbol's shares, and what it does to one quantity and one price.
#pragma once

#include <cstdint>

#include "execution/types/fixed.h"
#include "execution/types/symbol.h"
#include "execution/types/timestamp.h"

namespace paperd {

// Of either side of a ratio: more than any company ever did, and products stay within 128 bits.
inline constexpr std::int64_t kSplitSharesMax = 100'000;

// `new_shares` for `old_shares`, whole numbers in lowest terms, so that 1 for 3 is exact.
struct Split {
    SymbolId symbol{};
    Day ex_date{};  // the venue's; it takes effect before the symbol's first bar on or after it
    std::int64_t new_shares = 1;  // 1 to kSplitSharesMax
    std::int64_t old_shares = 1;  // likewise

    // What prices are multiplied with; volumes are divided by it.
    [[nodiscard]] double price_factor() const {
        return static_cast<double>(old_shares) / static_cast<double>(new_shares);
    }

    bool operator==(const Split&) const = default;
};

// quantity x new / old, towards zero to a whole number of lots. lot > 0.
Quantity split_quantity(Quantity quantity, const Split& split, Quantity lot);

// price x old / new, rounded half to even; a price above 0 stays above 0.
Price split_price(Price price, const Split& split);

}  // namespace paperd
