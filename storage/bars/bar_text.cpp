#include "storage/bars/bar_text.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "execution/types/bar_grid.h"
#include "execution/types/check.h"
#include "execution/types/printable.h"
#include "storage/bars/bad_rows.h"
#include "storage/bars/bar_fields.h"
#include "storage/bars/bar_header.h"
#include "storage/bars/csv_lines.h"

namespace paperd::storage {
namespace {

constexpr std::size_t kFieldShown = 32;  // bytes of a field, in a message

using Fields = std::span<const std::string_view>;

// The number of fields, and that nothing was cut off the last one.
bool check_shape(const CsvLines& lines, BarFileKind kind, std::string& fault) {
    const Fields fields = lines.fields();
    const auto expected = static_cast<std::size_t>(std::ranges::count(bar_header(kind), ',')) + 1;
    if (fields.size() == expected) {
        if (!lines.whole()) {
            fault = "the file ends without a newline, so its last field " +
                    in_quotes(fields.back().substr(0, kFieldShown)) +
                    " may be cut short; end the line if it is whole, else fetch the file again";
        }
        return lines.whole();
    }
    if (fields.size() == 1 && fields[0].empty()) {
        fault = "the line is blank";
    } else if (fields.size() >= CsvLines::kFieldsMax) {
        fault = "more fields than the " + std::to_string(expected) + " of the header";
    } else {
        fault = std::to_string(fields.size()) + " fields where the header has " +
                std::to_string(expected);
    }
    return false;
}

// open, high, low and close from fields 1 to 4; adj_close is the close until it is read.
bool read_prices(Fields fields, Bar& bar, std::string& fault) {
    if (!read_price("open", fields[1], bar.open, fault) ||
        !read_price("high", fields[2], bar.high, fault) ||
        !read_price("low", fields[3], bar.low, fault) ||
        !read_price("close", fields[4], bar.close, fault)) {
        return false;
    }
    bar.adj_close = bar.close;
    fault = bar_fault(bar);
    return fault.empty();
}

// The row's day and its close; `before` is the day of the last good row.
bool read_session(std::string_view text, const Calendar& calendar, std::optional<Day> before,
                  ReadBar& row, std::string& fault) {
    if (!read_day(text, row.day, fault)) {
        return false;
    }
    const auto session = calendar.session(row.day);
    if (!session && !calendar.is_closed_by_closure(row.day)) {
        fault = std::string(text) + " is no session of the venue's calendar";
        return false;
    }
    if (before && row.day <= *before) {
        fault = row.day == *before ? "the date " + std::string(text) + " is there twice"
                                   : std::string(text) + " comes after " + day_text(*before) +
                                         "; dates must ascend";
        return false;
    }
    row.bar.closed_at = session ? session->closes_at : Timestamp{};
    row.last_of_session = true;
    return true;
}

// A daily bar of a day that a closure closed is set aside, as those outside a session are.
void keep_in_session(const ReadBar& row, const Calendar& calendar, ReadBars& read) {
    if (calendar.is_closed_by_closure(row.day)) {
        ++read.out_of_session;
    } else {
        read.bars.push_back(row);
    }
}

std::optional<Day> last_day(const ReadBars& read) {
    return read.bars.empty() ? std::nullopt : std::optional(read.bars.back().day);
}

// Why the file was not read to its end, or what of it may not be used; nothing where all is well.
std::optional<Error> failure(const CsvLines& lines, const BadRows& bad_rows, std::size_t bars,
                             const std::string& path) {
    if (bad_rows.stops()) {
        return bad_rows.error();
    }
    if (lines.problem()) {
        return lines.problem();
    }
    if (bars > kBarsMax) {
        return fail(path + ": holds more than " + std::to_string(kBarsMax) +
                    " bars, which is too many to read at once; name the symbols to use, or split "
                    "the file");
    }
    return std::nullopt;
}

// One file's rows as bars of a day's session.
class IntradayReader {
public:
    IntradayReader(BarInterval interval, Day day, const Calendar& calendar, bool extended_hours)
        : interval_(interval),
          day_(day),
          calendar_(calendar),
          session_(calendar.session(day)),
          extended_hours_(extended_hours) {}

    bool take(Fields fields, ReadBars& read, std::string& fault) {
        Timestamp start;
        ReadBar row;
        if (!read_start(fields[0], start, fault) || !read_prices(fields, row.bar, fault) ||
            !read_volume(fields[5], row.bar.volume, fault)) {
            return false;
        }
        before_ = start;
        row.day = day_;
        row.bar.closed_at = bar_close(start, interval_, session_);
        row.bar.adj_close = row.bar.close;
        row.last_of_session = session_ && row.bar.closed_at == session_->closes_at;
        const bool in_session =
            session_ && start >= session_->opens_at && row.bar.closed_at <= session_->closes_at;
        if (in_session || (extended_hours_ && calendar_.day_of(start) == day_)) {
            read.bars.push_back(row);
        } else {
            ++read.out_of_session;
        }
        return true;
    }

private:
    bool read_start(std::string_view text, Timestamp& start, std::string& fault) const {
        if (!read_time(text, start, fault)) {
            return false;
        }
        if (before_ && start <= *before_) {
            fault = start == *before_ ? "the time " + std::string(text) + " is there twice"
                                      : std::string(text) + " comes after " +
                                            timestamp_text(*before_) + "; times must ascend";
            return false;
        }
        if (!on_bar_grid(start, interval_, day_, session_)) {
            fault = "no bar of " + std::string(bar_interval_name(interval_)) + " begins at " +
                    std::string(text) +
                    (session_ ? "; they are counted from the session's open at " +
                                    timestamp_text(session_->opens_at)
                              : "; they are counted from UTC's midnight");
            return false;
        }
        return true;
    }

    BarInterval interval_;
    Day day_;
    const Calendar& calendar_;
    std::optional<Session> session_;
    bool extended_hours_;
    std::optional<Timestamp> before_;  // where the last good row began
};

}  // namespace

Result<ReadBars> parse_daily_bars(TextSource& text, const std::string& path,
                                  const Calendar& calendar, const BarFileOptions& options) {
    CsvLines lines(text, path);
    TRY(read_header(lines, path, BarFileKind::daily));
    ReadBars read;
    BadRows bad_rows(path, options);
    std::string fault;
    while (!bad_rows.full() && lines.next()) {
        const Fields fields = lines.fields();
        ReadBar row;
        if (check_shape(lines, BarFileKind::daily, fault) &&
            read_session(fields[0], calendar, last_day(read), row, fault) &&
            read_prices(fields, row.bar, fault) &&
            read_price("adj_close", fields[5], row.bar.adj_close, fault) &&
            read_volume(fields[6], row.bar.volume, fault)) {
            keep_in_session(row, calendar, read);
        } else {
            bad_rows.add(lines.number(), fault);
        }
    }
    if (auto error = failure(lines, bad_rows, read.bars.size(), path)) {
        return *std::move(error);
    }
    read.bad_rows = bad_rows.take();
    return read;
}

Result<ReadBars> parse_intraday_bars(TextSource& text, const std::string& path,
                                     BarInterval interval, const Calendar& calendar,
                                     const BarFileOptions& options) {
    CHECK(is_intraday(interval), "an intraday file has intraday bars");
    const auto day = parse_day(std::filesystem::path(path).stem().string());
    if (day.has_error()) {
        return fail(path + ": an intraday file is named by its day, like 2019-12-23.csv");
    }
    CsvLines lines(text, path);
    TRY(read_header(lines, path, BarFileKind::intraday));
    IntradayReader reader(interval, *day, calendar, options.extended_hours);
    ReadBars read;
    BadRows bad_rows(path, options);
    std::string fault;
    while (!bad_rows.full() && lines.next()) {
        if (!check_shape(lines, BarFileKind::intraday, fault) ||
            !reader.take(lines.fields(), read, fault)) {
            bad_rows.add(lines.number(), fault);
        }
    }
    if (auto error = failure(lines, bad_rows, read.bars.size(), path)) {
        return *std::move(error);
    }
    read.bad_rows = bad_rows.take();
    return read;
}

Result<std::vector<PanelSymbol>> parse_panel(TextSource& text, const std::string& path,
                                             const Calendar& calendar,
                                             const BarFileOptions& options,
                                             const std::vector<std::string>& only) {
    CsvLines lines(text, path);
    TRY(read_header(lines, path, BarFileKind::panel));
    const std::set<std::string_view> wanted(only.begin(), only.end());
    std::set<std::string, std::less<>> seen;
    std::vector<PanelSymbol> symbols;
    BadRows bad_rows(path, options);
    std::string name;  // of the block the lines are in
    std::string fault;
    std::size_t bars = 0;
    bool skip = false;      // the block's symbol was not asked for
    bool repeated = false;  // ... or had a block before
    // Bad rows go to the symbol in whose block they stand; those before the first, to the first.
    const auto end_block = [&] {
        if (!symbols.empty()) {
            std::ranges::move(bad_rows.take(), std::back_inserter(symbols.back().read.bad_rows));
        }
    };
    while (!bad_rows.full() && bars <= kBarsMax && symbols.size() <= kMaxSymbols && lines.next()) {
        const Fields fields = lines.fields();
        if (!check_shape(lines, BarFileKind::panel, fault)) {
            bad_rows.add(lines.number(), fault);
            continue;
        }
        if (name.empty() || fields[6] != name) {
            if (fields[6].empty()) {
                bad_rows.add(lines.number(), "Name is blank");
                continue;
            }
            if (!check_symbol(fields[6], fault)) {
                bad_rows.add(lines.number(), fault);
                continue;
            }
            name = fields[6];
            skip = !wanted.empty() && !wanted.contains(name);
            repeated = !skip && !seen.insert(name).second;
            if (!skip && !repeated) {
                end_block();
                const std::size_t rows = symbols.empty() ? 0 : symbols.back().read.bars.size();
                symbols.push_back({name, {}});
                symbols.back().read.bars.reserve(rows + rows / 8);
            }
        }
        if (skip) {
            continue;
        }
        ReadBar row;
        if (repeated) {
            bad_rows.add(lines.number(), "the rows of " + name + " do not stand together");
        } else if (ReadBars& read = symbols.back().read;
                   read_session(fields[0], calendar, last_day(read), row, fault) &&
                   read_prices(fields, row.bar, fault) &&
                   read_volume(fields[5], row.bar.volume, fault)) {
            row.bar.adj_close = row.bar.close;
            keep_in_session(row, calendar, read);
            ++bars;
        } else {
            bad_rows.add(lines.number(), name + ": " + fault);
        }
    }
    if (auto error = failure(lines, bad_rows, bars, path)) {
        return *std::move(error);
    }
    if (symbols.size() > kMaxSymbols) {
        return fail(path + ": holds more than " + std::to_string(kMaxSymbols) +
                    " symbols, which a run cannot hold; name the ones to use");
    }
    if (symbols.empty() && bad_rows.any()) {
        return bad_rows.error();
    }
    end_block();
    return symbols;
}

}  // namespace paperd::storage
