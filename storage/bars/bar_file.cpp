#include "storage/bars/bar_file.h"

#include "storage/bars/bar_header.h"
#include "storage/bars/bar_text.h"
#include "storage/bars/dump_format.h"
#include "storage/bars/dump_text.h"
#include "storage/bars/text_source.h"

namespace paperd::storage {

Result<ReadBars> read_daily_bars(const std::string& path, const Calendar& calendar,
                                 const BarFileOptions& options) {
    TRY_LET(const auto format, dump_format_of(path));
    TRY_LET(const auto text, open_text_file(path));
    return format ? parse_dump(*text, path, *format, BarInterval::day_1, calendar, options)
                  : parse_daily_bars(*text, path, calendar, options);
}

Result<ReadBars> read_intraday_bars(const std::string& path, BarInterval interval,
                                    const Calendar& calendar, const BarFileOptions& options) {
    TRY_LET(const auto format, dump_format_of(path));
    TRY_LET(const auto text, open_text_file(path));
    return format ? parse_dump(*text, path, *format, interval, calendar, options)
                  : parse_intraday_bars(*text, path, interval, calendar, options);
}

Result<std::vector<PanelSymbol>> read_panel(const std::string& path, const Calendar& calendar,
                                            const BarFileOptions& options,
                                            const std::vector<std::string>& only) {
    TRY_LET(const auto text, open_text_file(path));
    return parse_panel(*text, path, calendar, options, only);
}

Result<BarFileKind> bar_file_kind(const std::string& path) {
    TRY_LET(const auto text, open_text_file(path));
    CsvLines lines(*text, path);
    return read_any_header(lines, path);
}

}  // namespace paperd::storage
