// How old each symbol's newest bar is, counted in bars of open market, and what is worth a person's
// eye about it: holes in the data, and positions whose price is no longer fresh.
//
// The age counts the time from close to close within a day of the venue, and one bar from one day
// to the next: closed hours make nothing old. A venue that never closes counts all time. Synthetic
// bars are no data. A slice that came late makes every bar that much older.
#pragma once

#include <cstdint>
#include <vector>

#include "execution/types/blob.h"
#include "execution/types/fixed.h"
#include "execution/types/incident.h"
#include "execution/types/slice.h"

namespace paperd::daemon {

struct DataWatchSettings {
    Nanoseconds bar_length{};
    bool always_open = false;
    int gap_bars = 0;             // a hole of so many missing bars or more is an incident
    double stale_after_bars = 0;  // as in risk::Limits
};

class DataWatch {
public:
    DataWatch(std::size_t symbols, DataWatchSettings settings);

    // Takes the slice's bars, once a slice and in order. Incidents `data_gap`: one for a hole in
    // the whole feed, else one for each symbol with a hole of its own; also when data returns to a
    // position that was reported stale.
    void on_slice(const Slice& slice, std::vector<Incident>& incidents);

    // 0 with a bar in the slice that came in time, and before the first bar.
    [[nodiscard]] double bars_old(SymbolId symbol) const;

    // Incident `stale_data`, once until data returns: the symbol is held, and older than the limit.
    void on_position(SymbolId symbol, Quantity position, std::vector<Incident>& incidents);

    void save(BlobWriter& out) const;
    void load(BlobReader& in);  // sets in.failed() on anything that does not fit

private:
    struct Series {
        bool seen = false;
        bool reported = false;    // stale, with a position
        Nanoseconds open_time{};  // when its newest bar closed, on the clock of open market
        Timestamp closed_at;      // of that bar
    };

    void take(const Bar& bar, std::int64_t missing_of_all, std::vector<Incident>& incidents);

    // Whole bars that should have come between two closes `apart` on the clock of open market.
    [[nodiscard]] std::int64_t missing(Nanoseconds apart) const;

    DataWatchSettings settings_;
    std::vector<Series> series_;
    bool started_ = false;
    Day day_{};
    Timestamp closed_at_;      // of the last slice
    Nanoseconds open_time_{};  // time of open market so far
    Nanoseconds late_{};       // of the last slice
};

}  // namespace paperd::daemon
