// What a strategy may know of the account, for those whose weights depend on it.
#pragma once

#include <cstdint>
#include <span>

#include "execution/types/fixed.h"

namespace paperd::strategy {

struct AccountView {
    Money equity;  // at the slice's closes
    Money free;    // cash less the open quantity of every buy order at the symbol's newest close
    std::span<const std::uint8_t> taken;  // by symbol: 1 with a position or an order at work
};

}  // namespace paperd::strategy
