// One symbol's prices over one interval, known when it closes.
#pragma once

#include <string>

#include "execution/types/fixed.h"
#include "execution/types/symbol.h"
#include "execution/types/timestamp.h"

namespace paperd {

// An absurd price is a broken row, not a market.
inline constexpr Price kPriceMax = Price::whole(1'000'000'000);

struct Bar {
    SymbolId symbol{};
    Timestamp closed_at;
    Price open;
    Price high;
    Price low;
    Price close;
    Price adj_close;    // close x dividend (and later split) factor; equals close where the source
                        // has none
    double volume = 0;  // shares or coins; finite, >= 0: an observation, not money
    bool synthetic = false;  // made up to fill a hole: marked, never filled on, never trained on

    // adjusted / unadjusted: what features multiply every price with. 1 where there is no
    // adjustment.
    [[nodiscard]] double factor() const {
        return adj_close == close ? 1.0 : adj_close.to_double() / close.to_double();
    }

    bool operator==(const Bar&) const = default;
};

// Why this can be no bar, in words; empty when it can: prices above 0 and at most kPriceMax, low <=
// open, close <= high (adj_close is on a scale of its own), a finite volume >= 0. The one check of
// what files, feeds and callers bring.
std::string bar_fault(const Bar& bar);

}  // namespace paperd
