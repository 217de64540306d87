// The names that vendors give their files: whose bars they hold, and of which length.
//   Binance        BTCUSDT-1m-2024-03-06.csv, BTCUSDT-1d-2024-03.csv
//   Kraken         XBTUSD_1.csv, XBTUSD_1440.csv: minutes
//   Stooq          aapl_us_d.csv, aapl.us.txt
//   Alpha Vantage  daily_AAPL.csv, daily_adjusted_AAPL.csv, intraday_1min_AAPL.csv
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "execution/types/bar_interval.h"

namespace paperd::storage {

struct DumpName {
    std::string symbol;  // in capitals
    BarInterval interval = BarInterval::day_1;

    bool operator==(const DumpName&) const = default;
};

// None for a name that is no vendor's, or of bars of a length that no run has.
std::optional<DumpName> dump_name(std::string_view file_name);

}  // namespace paperd::storage
