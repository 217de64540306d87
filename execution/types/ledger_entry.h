// One change of the account's cash. Cash at any slice is the sum of all entries up to it.
#pragma once

#include <cstdint>
#include <iterator>

#include "execution/types/fixed.h"
#include "execution/types/symbol.h"

namespace paperd {

enum class LedgerKind : std::uint8_t {
    deposit,            // the starting cash
    trade,              // -(quantity x price) of a fill
    commission,         // <= 0
    dividend,           // credited to longs, charged to shorts
    dividend_reversal,  // takes a dividend back where the data took its step back
    borrow,             // fee of short positions, <= 0
    interest,           // on free cash above 0
    settlement,         // the worth of a position that ended because its series did
    margin_interest,    // on free cash below 0
    short_rebate,       // on the market value of a short
    split               // what a split left of less than a lot, paid
};

inline constexpr SymbolId kNoSymbol{0xFFFF'FFFFU};

struct LedgerEntry {
    LedgerKind kind = LedgerKind::deposit;
    SymbolId symbol = kNoSymbol;
    std::int64_t fill = 0;  // the fill it belongs to, 0 without
    Money amount;           // signed: into the account > 0

    bool operator==(const LedgerEntry&) const = default;
};

constexpr const char* ledger_kind_name(LedgerKind kind) {
    constexpr const char* kNames[] = {
        "deposit",           "trade",        "commission", "dividend",
        "dividend_reversal", "borrow",       "interest",   "settlement",
        "margin_interest",   "short_rebate", "split"};
    const auto at = static_cast<std::size_t>(kind);
    return at < std::size(kNames) ? kNames[at] : "unknown";
}

}  // namespace paperd
