// Bars of a universe from files, as slices in the order of time: warm-up first, then the span asked
// for.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "execution/types/bar_interval.h"
#include "storage/bars/bar_file.h"

namespace paperd::storage {

struct HistoryRequest {
    std::string path;  // directory of daily files or of symbol folders, or one panel file
    BarInterval interval = BarInterval::day_1;
    std::vector<std::string> symbols = {};  // empty: every symbol found, in name order
    std::optional<Day> from = {};           // venue's days, both included
    std::optional<Day> to = {};
    // Daily and panel: the last so many distinct closes of the universe before `from`, with the
    // bars that the symbols have at them.
    int warmup_bars = 0;
    // Intraday: the last so many, at most, of the 7 calendar days before `from` on which any symbol
    // of the universe has a file.
    int warmup_days = 0;
    BarFileOptions options = {};
};

struct History {
    // As asked, missing ones included; or, where none were named, those with a bar in the span.
    Universe symbols;
    std::vector<Slice> slices;  // ids 1, 2, ...; warm-up flagged
    std::vector<BadRow> bad_rows;
    std::int64_t out_of_session = 0;
    std::vector<std::string> foreign;  // which files are in a vendor's form, and what that means
    std::vector<std::string> missing;  // symbols asked for of which no bar was found in the span
};

// Errors: no such path, no bars at all in the span (says which spans the files have), and what the
// readers say, all files' errors at once.
Result<History> read_history(const HistoryRequest& request, const Calendar& calendar);

}  // namespace paperd::storage
