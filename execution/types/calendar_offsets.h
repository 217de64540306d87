// New York's offsets from UTC, from the machine's tz database. Private to the calendar.
#pragma once

#include <chrono>
#include <vector>

#include "execution/types/result.h"
#include "execution/types/timestamp.h"

namespace paperd {

struct UtcOffset {
    Timestamp begins;  // in force from here until the next one begins
    std::chrono::seconds offset{};
};

// Every offset in force in the UTC years [first, last], ascending; the first begins at or before
// the start of `first`. Error when the tz database is missing or broken.
Result<std::vector<UtcOffset>> new_york_offsets(std::chrono::year first, std::chrono::year last);

// The offset in force at t; before the first, the first. `offsets` is not empty.
std::chrono::seconds offset_at(const std::vector<UtcOffset>& offsets, Timestamp t);

}  // namespace paperd
