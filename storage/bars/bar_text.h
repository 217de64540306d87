// The readers of bar_file.h on text already in memory. `path` stands in the messages; nothing is
// opened.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/bars/bar_file.h"

namespace paperd::storage {

Result<ReadBars> parse_daily_bars(std::string_view text, const std::string& path,
                                  const Calendar& calendar, const BarFileOptions& options);

// `path` ends in the venue's day: ".../2019-12-23.csv".
Result<ReadBars> parse_intraday_bars(std::string_view text, const std::string& path,
                                     Nanoseconds interval, const Calendar& calendar,
                                     const BarFileOptions& options);

Result<std::vector<PanelSymbol>> parse_panel(std::string_view text, const std::string& path,
                                             const Calendar& calendar,
                                             const BarFileOptions& options,
                                             const std::vector<std::string>& only);

}  // namespace paperd::storage
