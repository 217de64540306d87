// What can be said of a run, in one sentence.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "daemon/report/figures.h"
#include "execution/types/timestamp.h"

namespace paperd::daemon {

struct Evidence {
    std::int64_t fills = 0;
    ReturnFigures own;                         // over all days
    const Comparison* comparison = nullptr;    // none: nothing to compare with
    std::optional<strategy::DayValue> lost{};  // the first day's end with nothing left
    double in_sample = 0;                      // share of the slices on the model's training days
};

// |t| from 2 on is called more than luck: without skill it is about one run in twenty, and more of
// those that were chosen among several; the sentence says so. Beside a benchmark it judges alpha,
// without one the mean return. Where slices are in-sample it judges nothing.
std::string verdict(const Evidence& evidence);

}  // namespace paperd::daemon
