// The New York stock exchange's announced trading hours, in its own local time. Rules and table
// follow the exchange's published history of closings and its yearly holiday announcements.
// Interruptions that nobody could know before the day (storms, circuit breakers, moments of
// silence) are not part of it. Private to the calendar.
#pragma once

#include <chrono>
#include <optional>

#include "execution/types/timestamp.h"

namespace paperd {

struct LocalHours {
    std::chrono::minutes opens{};  // after local midnight
    std::chrono::minutes closes{};
    bool early_close = false;
};

// The day's hours, or nothing when the exchange is closed. Rules hold from 1990 on.
std::optional<LocalHours> nyse_hours(Day day);

}  // namespace paperd
