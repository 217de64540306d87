// Something worth a person's eye. Not part of the state hash: recovery and replay may differ in
// them.
#pragma once

#include <cstdint>
#include <string>

#include "execution/types/ledger_entry.h"

namespace paperd {

enum class Severity : std::uint8_t { info, warning, error };

// Kinds that are also read again, by what must not compute across them (daemon/accounting.h,
// storage/summary.cpp).
inline constexpr const char* kSeriesCut = "series_cut";

struct Incident {
    Severity severity = Severity::warning;
    std::string kind;  // one word: bad_row, series_cut, large_dividend, dividend_reversed,
                       // out_of_session, ...
    SymbolId symbol = kNoSymbol;
    std::string text;  // a sentence with the numbers
};

}  // namespace paperd
