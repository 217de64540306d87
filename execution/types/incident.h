// Something worth a person's eye. Not part of the state hash: a later version may word them
// differently.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

#include "execution/types/ledger_entry.h"

namespace paperd {

enum class Severity : std::uint8_t { info, warning, error };

constexpr const char* severity_name(Severity severity) {
    constexpr const char* kNames[] = {"info", "warning", "error"};
    const auto at = static_cast<std::size_t>(severity);
    return at < std::size(kNames) ? kNames[at] : "unknown";
}

struct Incident {
    Severity severity = Severity::warning;
    std::string kind;  // one word: bad_row, series_cut, data_gap, large_dividend, ...
    SymbolId symbol = kNoSymbol;
    std::string text;  // a sentence with the numbers

    bool operator==(const Incident&) const = default;
};

// Kinds that come in with a slice, from what was set aside on the way to it; the engine makes the
// others.
inline constexpr std::array<std::string_view, 4> kFeedNotes = {"bad_row", "out_of_session",
                                                               "no_bars", "foreign_bars"};

constexpr bool is_feed_note(std::string_view kind) {
    return std::find(kFeedNotes.begin(), kFeedNotes.end(), kind) != kFeedNotes.end();
}

}  // namespace paperd
