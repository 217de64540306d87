// The chained hash of a run: XXH3-64 over (the hash before, everything the slice did, the portfolio
// after it, the model's digest). Incidents are left out: recovery and replay may differ in them.
// Equal hashes mean equal histories.
#pragma once

#include <cstdint>

#include "execution/portfolio.h"
#include "execution/types/step.h"

namespace paperd::daemon {

std::uint64_t step_hash(std::uint64_t before, const Slice& slice, const Step& step,
                        const execution::Portfolio& portfolio);

}  // namespace paperd::daemon
