#include "storage/data_holes.h"

#include <utility>
#include <vector>

#include "storage/cursor.h"
#include "storage/keys.h"

namespace paperd::storage {

Result<DataHoles> find_holes(Database& database, const RunHeader& run) {
    struct Last {
        std::int64_t slice = 0;
        std::int64_t day = 0;
        std::int64_t closed_at = 0;
    };

    constexpr std::int64_t kDay = 86'400'000'000'000;
    constexpr std::int64_t kRevisions = (1 << kBarSymbolShift) - 1;
    const bool daily = run.interval_ns <= 0 || run.interval_ns >= kDay;
    DataHoles holes;
    std::vector<Last> last(run.symbols.size());
    Cursor slice(database,
                 "SELECT slice_id, day, closed_at_ns, warmup FROM slices ORDER BY slice_id");
    // The key has slice, symbol and revision: millions of rows are asked for no more than needed.
    Cursor bar(database, "SELECT bar_id, flags FROM bars ORDER BY bar_id");
    for (; bar.live(); bar.next()) {
        ++holes.stored;
        const std::int64_t key = bar.integer(0);
        const std::int64_t slice_id = key >> kBarSliceShift;
        while (slice.live() && slice.integer(0) < slice_id) {
            slice.next();
        }
        const std::size_t symbol = index(symbol_of_bar_key(key));
        const bool corrected = (key & kRevisions) != 0;
        const bool synthetic = (bar.integer(1) & 1) != 0;
        if (corrected || synthetic || symbol >= last.size() || !slice.live() ||
            slice.integer(0) != slice_id || slice.integer(3) != 0) {
            continue;
        }
        ++holes.bars;
        const Last now{slice_id, slice.integer(1), slice.integer(2)};
        const Last before = std::exchange(last[symbol], now);
        const std::int64_t apart = daily ? now.slice - before.slice
                                   : before.day == now.day
                                       ? (now.closed_at - before.closed_at) / run.interval_ns
                                       : 1;
        if (before.slice == 0 || apart <= 1) {
            continue;
        }
        ++holes.holes;
        holes.missing += apart - 1;
        if (apart - 1 > holes.longest) {
            holes.longest = apart - 1;
            holes.symbol = run.symbols[symbol];
            holes.after = from_ns(before.closed_at);
        }
    }
    TRY(slice.ended());
    TRY(bar.ended());
    return holes;
}

}  // namespace paperd::storage
