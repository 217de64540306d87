// The readers of bar_file.h on text wherever it comes from. `path` stands in the messages; nothing
// is opened.
#pragma once

#include <string>
#include <vector>

#include "storage/bars/bar_file.h"
#include "storage/bars/text_source.h"

namespace paperd::storage {

Result<ReadBars> parse_daily_bars(TextSource& text, const std::string& path,
                                  const Calendar& calendar, const BarFileOptions& options);

// `path` ends in the venue's day: ".../2019-12-23.csv".
Result<ReadBars> parse_intraday_bars(TextSource& text, const std::string& path,
                                     BarInterval interval, const Calendar& calendar,
                                     const BarFileOptions& options);

Result<std::vector<PanelSymbol>> parse_panel(TextSource& text, const std::string& path,
                                             const Calendar& calendar,
                                             const BarFileOptions& options,
                                             const std::vector<std::string>& only);

}  // namespace paperd::storage
