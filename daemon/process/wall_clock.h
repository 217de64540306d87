// The process's clocks, and the only source that reads them. Everything below the daemon gets its
// times as values; replay never asks for the wall clock where it could change a result.
#pragma once

#include <chrono>

#include "execution/types/timestamp.h"

namespace paperd::daemon {

// UTC now.
Timestamp wall_now();

// Time since construction on the steady clock: for durations, which a corrected wall clock must not
// bend.
class Stopwatch {
public:
    Stopwatch();

    [[nodiscard]] double seconds() const;

private:
    std::chrono::steady_clock::time_point started_;
};

}  // namespace paperd::daemon
