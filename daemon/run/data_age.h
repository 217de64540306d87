// How old the newest data may be before something must be wrong with where it comes from.
#pragma once

#include <optional>
#include <string>

#include "execution/types/calendar.h"
#include "execution/types/timestamp.h"

namespace paperd::daemon {

// Beyond what is due, for the machine, the network and the provider.
inline constexpr double kDataGraceS = 30;

// A simulated feed's pace: a slice at least every so many seconds. Nothing: it keeps to that.
std::optional<std::string> why_stale(double slice_every_s, double since_slice_s);

// The world's: what closed at or before `now` less the grace should be here. `newest` is when the
// newest slice closed.
std::optional<std::string> why_stale(const Calendar& calendar, Nanoseconds bar_length,
                                     Timestamp newest, Timestamp now);

}  // namespace paperd::daemon
