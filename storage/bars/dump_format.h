// Files as vendors give them, told apart by their first line: where a bar's numbers stand in a row,
// and what is meant by them. Parquet is not read.
//   Yahoo          Date|Datetime,Open,High,Low,Close,Adj Close,Volume, and the orders and columns
//                  that yfinance writes; split-adjusted
//   Stooq          Date,Open,High,Low,Close,Volume, or <TICKER>,<PER>,<DATE>,...: adjusted
//   Alpha Vantage  timestamp,open,high,low,close,volume: as traded; newest first;
//                  with ,adjusted_close,...,split_coefficient: as traded, splits told
//   Binance        open_time,open,high,low,close,volume,...; older files have no header: a row of
//                  12 fields; milliseconds since 1970, microseconds from 2025 on
//   Kraken         no header: a row of 7 fields; seconds since 1970
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "execution/types/result.h"

namespace paperd::storage {

// Places of the fields of a row, from 0; -1: there is none.
struct DumpFormat {
    std::string source;  // "Yahoo"
    bool headless = false;
    int fields = 0;
    int time = 0;
    int open = 0;
    int high = 0;
    int low = 0;
    int close = 0;
    int volume = 0;
    int adj_close = -1;
    int split = -1;   // new shares for one old, from this row's session on; prices are as traded
    int period = -1;  // of Stooq: "D"
    std::string meaning;  // of its prices, a few words
};

// What the file's first line is the first line of, and `row`, the line behind it (empty: there is
// none), where one header is used for two things. None for our own formats and unknown ones.
std::optional<DumpFormat> dump_format(std::string_view first_line, std::string_view row);

// The same of a file. Errors: those of opening it.
Result<std::optional<DumpFormat>> dump_format_of(const std::string& path);

// At the commas, at most `most`. No vendor here quotes.
std::vector<std::string_view> split_fields(std::string_view line, std::size_t most);

}  // namespace paperd::storage
