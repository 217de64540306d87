// What a stored step says to the log.
#pragma once

#include "execution/types/slice.h"
#include "execution/types/step.h"

namespace paperd::daemon {

// Incidents by their severity; fills at info, their `at` being the fill's own time (the session's
// open for one at the open of a daily bar). From here on the market's time is the slice's close.
void log_step(const Slice& slice, const Step& step, const Universe& symbols);

// Said once, with the first slice among the model's training days.
void warn_in_sample(const Slice& slice);

}  // namespace paperd::daemon
