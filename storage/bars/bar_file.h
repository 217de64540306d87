// Readers of the three bar formats, strict and fast; every complaint has path:line, what, why and
// the remedy.
//   daily     SYMBOL.csv             date,open,high,low,close,adj_close,volume
//   intraday  SYMBOL/YYYY-MM-DD.csv  timestamp,open,high,low,close,volume   timestamp = bar START
//   in UTC panel     *.csv.gz or *.csv      date,open,high,low,close,volume,Name   symbols in
//   blocks
// A vendor's file in the place of a daily or intraday one is recognised by its first line and read
// as storage/bars/dump_format.h says.
//
// Refused rows: wrong number of fields, blanks, NaN, not a number, price <= 0 or > kPriceMax, high
// < low, open or close outside [low, high] (adj_close only positive), negative volume, a date or
// time that does not exist or begins no bar of the interval, duplicate or backward times, a Name
// that is none of a symbol. CRLF is accepted. Errors: an empty file, a file with a header alone,
// what is no regular file, a wrong header, another encoding than UTF-8, kBadRowsMax.
//
// The last row must end in a newline, or it is a bad row: where a file was cut inside its last
// number, "4006500" reads as a good "40065", and no other row can tell. So a row counts as whole
// only where something behind it says so: a newline, a carriage return, or the length and checksum
// of a gzip file. A vendor's file that ends without one is whole after `echo >> FILE`.
//
// Files are read in blocks. What a file can take of memory is its bars, 80 bytes each, at most
// kBarsMax of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "execution/types/bar_interval.h"
#include "execution/types/calendar.h"
#include "execution/types/incident.h"
#include "execution/types/result.h"
#include "execution/types/slice.h"

namespace paperd::storage {

inline constexpr std::size_t kBarsMax = 5'000'000;  // of one file: 500 symbols for 40 years
inline constexpr std::size_t kBadRowsMax = 10'000;  // of one file; one with more holds no bars

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
    // Bars set aside: intraday ones outside the session, and those of a day that a closure closed.
    std::int64_t out_of_session = 0;
    std::string form;  // of a vendor's file (storage/bars/dump_format.h): whose it is, and what its
                       // prices are; empty: ours
};

// Rows on days that are no session of the calendar are bad rows (daily) or out of session
// (intraday).
Result<ReadBars> read_daily_bars(const std::string& path, const Calendar& calendar,
                                 const BarFileOptions& options);

// `interval`: an intraday one; bars begin on its grid and close as execution/types/bar_grid.h says.
// Of our own format the file's name gives the venue's day; a bar whose session is another day's is
// out of session.
Result<ReadBars> read_intraday_bars(const std::string& path, BarInterval interval,
                                    const Calendar& calendar, const BarFileOptions& options);

struct PanelSymbol {
    std::string name;
    ReadBars read;
};

// All symbols of a panel in the file's order (or those of `only`, when not empty).
Result<std::vector<PanelSymbol>> read_panel(const std::string& path, const Calendar& calendar,
                                            const BarFileOptions& options,
                                            const std::vector<std::string>& only = {});

enum class BarFileKind : std::uint8_t { daily, intraday, panel };

// By the header alone.
Result<BarFileKind> bar_file_kind(const std::string& path);

}  // namespace paperd::storage
