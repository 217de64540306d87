// A job's splits of as-traded bars: a CSV with the header `symbol,ex_date,ratio`, ratio the new
// shares for one old: a whole or decimal number (2, 1.5, 0.125), or a fraction (3/2, 1/3), which is
// exact. Rows in any order; several jobs may share a file.
//
// Refused, each as "path:line: what, remedy", all at once: another header, another number of
// fields, what is no symbol's name or no date, a ratio that is no number, not above 0, 1, or beyond
// kSplitSharesMax in lowest terms, and a second row of one symbol and day.
#pragma once

#include <string>
#include <vector>

#include "execution/types/result.h"
#include "execution/types/slice.h"
#include "execution/types/symbol.h"
#include "storage/bars/text_source.h"

namespace paperd::storage {

struct SplitRow {
    std::string symbol;
    Split split;  // its symbol is set by attach_splits
};

Result<std::vector<SplitRow>> read_splits(const std::string& path);

// The same of an open text; `path` stands in the messages.
Result<std::vector<SplitRow>> parse_splits(TextSource& text, const std::string& path);

// Puts each split into the slice with the symbol's first real bar of a day on or after the ex-date.
// Those of symbols outside the universe, and those before a symbol's first bar or after its last,
// change nothing here and are left out.
void attach_splits(std::vector<SplitRow> rows, const Universe& symbols, std::vector<Slice>& slices);

}  // namespace paperd::storage
