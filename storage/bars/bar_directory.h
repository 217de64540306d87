// What a directory of bars holds, without opening its files. A file or folder that would be a
// symbol's and whose name is none of a symbol is an error.
#pragma once

#include <string>
#include <vector>

#include "execution/types/bar_interval.h"
#include "execution/types/result.h"
#include "execution/types/timestamp.h"

namespace paperd::storage {

// The symbols of a directory of daily files (SYMBOL.csv, or named as vendors do:
// storage/bars/dump_names.h), in name order.
Result<std::vector<std::string>> list_daily_symbols(const std::string& directory);

// The symbols of a directory of intraday folders (SYMBOL/YYYY-MM-DD.csv) and of vendors' files of
// that interval, in name order; folders without any such file are left out.
Result<std::vector<std::string>> list_intraday_symbols(const std::string& directory,
                                                       BarInterval interval);

// The days of which a symbol has an intraday file, ascending; none where it has no folder.
Result<std::vector<Day>> list_intraday_days(const std::string& directory,
                                            const std::string& symbol);

// Where the file of a symbol (and day) is.
std::string daily_path(const std::string& directory, const std::string& symbol);

// The vendors' files of a symbol's bars of that interval, in the directory or in its folder of the
// symbol's name, in name order.
Result<std::vector<std::string>> dump_paths(const std::string& directory, const std::string& symbol,
                                            BarInterval interval);
std::string intraday_path(const std::string& directory, const std::string& symbol, Day day);

}  // namespace paperd::storage
