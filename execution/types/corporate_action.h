// What happens to a holding without an order: a dividend read from a step of adj_close / close, one
// taken back, or a position that ends where its series is cut.
#pragma once

#include <cstdint>
#include <iterator>

#include "execution/types/fixed.h"
#include "execution/types/symbol.h"

namespace paperd {

enum class CorporateActionKind : std::uint8_t {
    dividend,
    dividend_reversal,  // takes the dividend of the bar before back
    settlement          // the position ends at its last close: nothing is computed across the cut
};

struct CorporateAction {
    SymbolId symbol{};
    CorporateActionKind kind = CorporateActionKind::dividend;
    Price per_share;  // D = c0 (1 - f0/f1) > 0, or the close of the settlement
    Quantity held;    // at the close before
    Money amount;     // credited (> 0) or charged (< 0)

    bool operator==(const CorporateAction&) const = default;
};

constexpr const char* corporate_action_name(CorporateActionKind kind) {
    constexpr const char* kNames[] = {"dividend", "dividend_reversal", "settlement"};
    const auto at = static_cast<std::size_t>(kind);
    return at < std::size(kNames) ? kNames[at] : "unknown";
}

}  // namespace paperd
