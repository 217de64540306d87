// All the universe's bars that close at one instant: the engine's unit of work.
#pragma once

#include <cstdint>
#include <vector>

#include "execution/types/bar.h"
#include "execution/types/command.h"
#include "execution/types/incident.h"
#include "execution/types/split.h"

namespace paperd {

struct Slice {
    std::int64_t id = 0;  // 1, 2, ... through the run, warm-up included
    Timestamp closed_at;
    Nanoseconds late{};  // how long after closed_at it was known here; 0 where the feed's time is
                         // not the world's (files, the synthetic market)
    Nanoseconds open_for{};  // of daily bars: from the session's open to closed_at; else 0
    Day day{};               // the venue's
    bool warmup = false;     // feeds features, model and gate; no orders, no decision rows
    bool last_of_session =
        false;              // closes at the venue's close of that day (always, for a daily bar)
    std::vector<Bar> bars;  // ascending by symbol, at most one a symbol, all closing at closed_at
    // Of symbols with a bar here, the first on or after the ex-date; ascending by (symbol,
    // ex-date).
    std::vector<Split> splits;
    std::vector<Command> commands;  // take effect before anything else of the slice
    std::vector<Incident> notes;    // what the feed noticed on the way here: rows set aside, gaps

    // When what fills at the open of its bars was filled: the session's open for daily bars, else
    // closed_at (an intraday bar is one instant).
    [[nodiscard]] Timestamp open_fills_at() const { return closed_at - open_for; }
};

}  // namespace paperd
