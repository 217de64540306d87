// A dividend read from a step of adj_close / close, and what the account got or paid for it.
#pragma once

#include "execution/types/fixed.h"
#include "execution/types/symbol.h"

namespace paperd {

struct CorporateAction {
    SymbolId symbol{};
    bool reversal = false;  // takes the one of the bar before back
    Price per_share;        // D = c0 (1 - f0/f1) > 0
    Quantity held;          // at the close before
    Money amount;           // credited (> 0) or charged (< 0)

    bool operator==(const CorporateAction&) const = default;
};

}  // namespace paperd
