// Bars from a vendor's file (storage/bars/dump_format.h), strict as our own: every complaint has
// path:line, what, why and the remedy, and bad rows go where BarFileOptions says. The rows may
// ascend or descend (newest first); a file that does both has bad rows. Prices are rounded half to
// even to eight decimals. Intraday files may hold many days: each bar's day is the venue's at its
// start.
//   times   seconds, milliseconds or microseconds since 1970, told apart by their size; a time with
//           an offset (2020-01-02 09:30:00-05:00); a time without one is the venue's local one
//           (2020-01-02 09:30:00), counted from the session's open at 9:30
//   splits  of Alpha Vantage's adjusted files: the prices of the rows before a split_coefficient
//           are divided by it and the volumes multiplied, from the last row to the first, each
//           price rounded once
#pragma once

#include <string>

#include "storage/bars/bar_file.h"
#include "storage/bars/dump_format.h"
#include "storage/bars/text_source.h"

namespace paperd::storage {

// interval: of the bars that are wanted; a daily file has days, an intraday one has times.
Result<ReadBars> parse_dump(TextSource& text, const std::string& path, const DumpFormat& format,
                            BarInterval interval, const Calendar& calendar,
                            const BarFileOptions& options);

}  // namespace paperd::storage
