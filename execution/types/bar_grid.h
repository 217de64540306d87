// Where intraday bars begin and end. The grid of an interval is laid from the session's open, not
// from the full hour: New York's hour bars begin at 9:30, 10:30, ... 15:30. The session's close
// ends a bar that would go on: the one of 15:30 is half an hour long, closes at 16:00, and is the
// session's last bar like any other. Of a day without a session the grid is laid from UTC's
// midnight.
#pragma once

#include <optional>

#include "execution/types/bar_interval.h"
#include "execution/types/calendar.h"

namespace paperd {

// Whether a bar of the venue's `day` may begin at `start`; before the open and after the close the
// grid goes on.
bool on_bar_grid(Timestamp start, BarInterval interval, Day day,
                 const std::optional<Session>& session);

// When the bar that begins at `start` closes: one interval later, or with the session.
Timestamp bar_close(Timestamp start, BarInterval interval, const std::optional<Session>& session);

// The start of the bar of `day` that closes at `closed_at`: what bar_close() was given.
Timestamp bar_start(Timestamp closed_at, BarInterval interval,
                    const std::optional<Session>& session);

}  // namespace paperd
