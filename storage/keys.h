// The packed keys of the big tables: time first, so that a new slice's rows are appended to the end
// of each B-tree. Measured at 505 symbols a transaction: symbol-major keys store a quarter as many
// rows a second.
#pragma once

#include <cstdint>

#include "execution/types/symbol.h"

namespace paperd::storage {

// slice << 24 | symbol << 8 | revision
constexpr int kBarSliceShift = 24;
constexpr int kBarSymbolShift = 8;
// slice << 16 | symbol: decisions, positions, warmup_predictions
constexpr int kSymbolShift = 16;
// slice << 24 | place in the slice: splits, ledger, risk_adjustments, corporate_actions, ...
constexpr int kPlaceShift = 24;

// Keeps every packed key positive: a million years of minutes.
constexpr std::int64_t kSliceIdMax = (std::int64_t{1} << 39) - 1;
constexpr std::size_t kPlaceMax = (std::size_t{1} << kPlaceShift) - 1;

static_assert(kMaxSymbols < (1U << kSymbolShift), "a symbol fits its bits");

// Of revision 0, as the bar came with its slice.
constexpr std::int64_t bar_key(std::int64_t slice, SymbolId symbol) {
    return (slice << kBarSliceShift) |
           (static_cast<std::int64_t>(index(symbol)) << kBarSymbolShift);
}

constexpr std::int64_t symbol_key(std::int64_t slice, SymbolId symbol) {
    return (slice << kSymbolShift) | static_cast<std::int64_t>(index(symbol));
}

constexpr std::int64_t place_key(std::int64_t slice, std::size_t place) {
    return (slice << kPlaceShift) | static_cast<std::int64_t>(place);
}

constexpr SymbolId symbol_of_bar_key(std::int64_t key) {
    return symbol_id(static_cast<std::size_t>((key >> kBarSymbolShift) & 0xFFFF));
}

constexpr std::int64_t slice_of_symbol_key(std::int64_t key) { return key >> kSymbolShift; }

constexpr SymbolId symbol_of_symbol_key(std::int64_t key) {
    return symbol_id(static_cast<std::size_t>(key & ((1 << kSymbolShift) - 1)));
}

}  // namespace paperd::storage
