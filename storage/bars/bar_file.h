// Readers of the three bar formats, strict and fast; every complaint has path:line, what, why and
// the remedy.
//   daily     SYMBOL.csv             date,open,high,low,close,adj_close,volume
//   intraday  SYMBOL/YYYY-MM-DD.csv  timestamp,open,high,low,close,volume   timestamp = bar START
//   in UTC panel     *.csv.gz or *.csv      date,open,high,low,close,volume,Name   symbols in
//   blocks
// Refused rows: wrong number of fields, blanks, NaN, not a number, price <= 0 or > kPriceMax, high
// < low, open or close outside [low, high] (adj_close only positive), negative volume, a date or
// time that does not exist, duplicate or backward times. CRLF and a final line without newline are
// accepted; an empty file, a file with a header alone, a directory and a wrong header are errors.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "execution/types/calendar.h"
#include "execution/types/incident.h"
#include "execution/types/result.h"
#include "execution/types/slice.h"

namespace paperd::storage {

enum class OnBadRow : std::uint8_t { stop, quarantine };

struct BarFileOptions {
    OnBadRow on_bad_row = OnBadRow::stop;
    bool extended_hours = false;  // keep intraday bars outside the session
    bool from_config = true;      // an error may advise another on_bad_row
};

// One bar as read: with the day and close time that the calendar gives it. Symbols are set by the
// caller.
struct ReadBar {
    Bar bar;
    Day day{};                     // the venue's
    bool last_of_session = false;  // closes at the session's close
};

struct BadRow {
    std::string text;  // "path:line: what, why, remedy"
};

struct ReadBars {
    std::vector<ReadBar> bars;        // ascending by closed_at
    std::vector<BadRow> bad_rows;     // only with quarantine
    std::int64_t out_of_session = 0;  // intraday bars set aside
};

// Rows on days that are no session of the calendar are bad rows (daily) or out of session
// (intraday).
Result<ReadBars> read_daily_bars(const std::string& path, const Calendar& calendar,
                                 const BarFileOptions& options);

// `interval`: bar length; closed_at = timestamp + interval. The file's name gives the venue's day;
// a bar whose session is another day's is out of session.
Result<ReadBars> read_intraday_bars(const std::string& path, Nanoseconds interval,
                                    const Calendar& calendar, const BarFileOptions& options);

struct PanelSymbol {
    std::string name;
    ReadBars read;
};

// All symbols of a panel in the file's order (or those of `only`, when not empty).
Result<std::vector<PanelSymbol>> read_panel(const std::string& path, const Calendar& calendar,
                                            const BarFileOptions& options,
                                            const std::vector<std::string>& only = {});

}  // namespace paperd::storage
