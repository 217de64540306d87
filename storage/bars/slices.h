// Bars of several symbols, each in the order of time, as slices.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "execution/types/slice.h"
#include "storage/bars/bar_file.h"

namespace paperd::storage {

struct SymbolBars {
    std::string symbol;
    std::vector<ReadBar> bars;  // ascending by closed_at
};

// One slice for each instant at which at least one symbol has a bar closing; symbols[i]'s bars get
// SymbolId i. Slices of days before `from` are warm-up; the last `warmup_slices` of them are kept
// and earlier ones dropped. Ids from 1. Without `from` nothing is warm-up.
std::vector<Slice> make_slices(const std::vector<SymbolBars>& symbols, std::optional<Day> from,
                               std::size_t warmup_slices);

}  // namespace paperd::storage
