// What happens to a holding without an order: a dividend read from a step of adj_close / close, one
// taken back, a split, or a position that ends because its series does.
#pragma once

#include <cstdint>
#include <iterator>

#include "execution/types/fixed.h"
#include "execution/types/symbol.h"

namespace paperd {

enum class CorporateActionKind : std::uint8_t {
    dividend,
    dividend_reversal,  // takes the dividend of the bar before back
    settlement,         // the position ends at its last close: a replay has no bars for long
    split,              // the position in new shares; what is left of a lot is paid
    delisting           // the position ends, its symbol without a bar for the assumed sessions
};

struct CorporateAction {
    SymbolId symbol{};
    CorporateActionKind kind = CorporateActionKind::dividend;
    // D = c0 (1 - f0/f1) > 0; the price that the position ends at; of a split the close before /
    // ratio.
    Price per_share;
    Quantity held;        // at the close before; of a reversal: what the dividend was credited to
    Quantity held_after;  // `held`, but for what changes it: a split, or 0 where the position ends
    Money amount;         // credited (> 0) or charged (< 0)

    bool operator==(const CorporateAction&) const = default;
};

constexpr const char* corporate_action_name(CorporateActionKind kind) {
    constexpr const char* kNames[] = {"dividend", "dividend_reversal", "settlement", "split",
                                      "delisting"};
    const auto at = static_cast<std::size_t>(kind);
    return at < std::size(kNames) ? kNames[at] : "unknown";
}

}  // namespace paperd
