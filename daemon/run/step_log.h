// What a stored step says to the log.
#pragma once

#include "execution/types/slice.h"
#include "execution/types/step.h"

namespace paperd::daemon {

// Incidents by their severity, fills as details.
void log_step(const Slice& slice, const Step& step, const Universe& symbols);

// Said once, with the first slice among the model's training days.
void warn_in_sample(const Slice& slice);

}  // namespace paperd::daemon
