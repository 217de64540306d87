// Returns by month: a line a year, a column a month, the year's at the end.
#pragma once

#include <span>
#include <string>

#include "strategy/research/day_series.h"

namespace paperd::daemon {

// In percent, at most 100 columns wide; '.' where there is no month. Ends with a new line; empty
// without months.
std::string month_table(std::span<const strategy::MonthReturn> months);

}  // namespace paperd::daemon
