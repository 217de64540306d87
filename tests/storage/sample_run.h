// Four days of two symbols, worked out by hand:
//   2020-01-02  warm-up
//   2020-01-03  1,000 USD come in; AAA: buy 40 (gross_leverage cut the weight from 0.5 to 0.4);
//               BBB: edge_below_cost
//   2020-01-06  40 AAA bought at 10.12 (reference 10.1), commission 0.05; sell 40 ordered; BBB has
//               no bar
//   2020-01-07  'reduce' arrives; AAA pays 0.5 a share; 10 of the 40 sold at 10.38 (reference
//               10.4), commission 0.01; AAA: position_fraction keeps the position; BBB: regime_off
#pragma once

#include "execution/types/step.h"
#include "storage/journal.h"

namespace paperd::storage {

// A new database at `path` with all of it; true where that worked.
bool make_sample_run(const std::string& path);

}  // namespace paperd::storage
