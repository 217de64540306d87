#include "storage/bars/bar_text.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "storage/bars/bad_rows.h"
#include "storage/bars/bar_fields.h"
#include "storage/bars/csv_lines.h"

namespace paperd::storage {
namespace {

constexpr std::string_view kDailyHeader = "date,open,high,low,close,adj_close,volume";
constexpr std::string_view kIntradayHeader = "timestamp,open,high,low,close,volume";
constexpr std::string_view kPanelHeader = "date,open,high,low,close,volume,Name";

constexpr std::size_t kRowChars = 40;     // a short row: how many to make room for
constexpr std::size_t kHeaderShown = 80;  // of a wrong header, in a message

using Fields = std::span<const std::string_view>;

// Steps over the header. Errors: an empty file, another header, no line after it.
Result<void> read_header(CsvLines& lines, std::string_view text, const std::string& path,
                         std::string_view header) {
    if (!lines.next()) {
        return fail(path + ": the file is empty; a bar file begins with '" + std::string(header) +
                    "'");
    }
    if (lines.line() != header) {
        const bool marked = lines.line().starts_with("\xEF\xBB\xBF");
        return fail(path + ":1: the header is '" +
                    std::string(lines.line().substr(0, kHeaderShown)) + "', expected '" +
                    std::string(header) + "'" +
                    (marked ? "; save the file as UTF-8 without a byte order mark" : ""));
    }
    if (CsvLines after = lines; !after.next()) {
        return fail(path + ": has a header (" + std::to_string(text.size()) +
                    " bytes) but no bars; fetch the file again or remove it");
    }
    return {};
}

bool check_count(Fields fields, std::string_view header, std::string& fault) {
    const auto expected = static_cast<std::size_t>(std::ranges::count(header, ',')) + 1;
    if (fields.size() == expected) {
        return true;
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
    if (!session) {
        fault = std::string(text) + " is no session of the venue's calendar";
        return false;
    }
    if (before && row.day <= *before) {
        fault = row.day == *before ? "the date " + std::string(text) + " is there twice"
                                   : std::string(text) + " comes after " + day_text(*before) +
                                         "; dates must ascend";
        return false;
    }
    row.bar.closed_at = session->closes_at;
    row.last_of_session = true;
    return true;
}

std::optional<Day> last_day(const ReadBars& read) {
    return read.bars.empty() ? std::nullopt : std::optional(read.bars.back().day);
}

// A bar's place in time, before it is known whether it is good.
struct BarTime {
    Timestamp start;
    Day day{};  // the venue's, at its start
};

bool read_bar_time(std::string_view text, const Calendar& calendar, std::optional<Timestamp> before,
                   BarTime& time, std::string& fault) {
    if (!read_time(text, time.start, fault)) {
        return false;
    }
    time.day = calendar.day_of(time.start);
    if (before && time.start <= *before) {
        fault = time.start == *before ? "the time " + std::string(text) + " is there twice"
                                      : std::string(text) + " comes after " +
                                            timestamp_text(*before) + "; times must ascend";
        return false;
    }
    return true;
}

}  // namespace

Result<ReadBars> parse_daily_bars(std::string_view text, const std::string& path,
                                  const Calendar& calendar, const BarFileOptions& options) {
    CsvLines lines(text);
    TRY(read_header(lines, text, path, kDailyHeader));
    ReadBars read;
    read.bars.reserve(text.size() / kRowChars);
    BadRows bad_rows(path, options);
    std::string fault;
    while (lines.next()) {
        const Fields fields = lines.fields();
        ReadBar row;
        if (check_count(fields, kDailyHeader, fault) &&
            read_session(fields[0], calendar, last_day(read), row, fault) &&
            read_prices(fields, row.bar, fault) &&
            read_price("adj_close", fields[5], row.bar.adj_close, fault) &&
            read_volume(fields[6], row.bar.volume, fault)) {
            read.bars.push_back(row);
        } else {
            bad_rows.add(lines.number(), fault);
        }
    }
    if (bad_rows.stops()) {
        return bad_rows.error();
    }
    read.bad_rows = bad_rows.take();
    return read;
}

Result<ReadBars> parse_intraday_bars(std::string_view text, const std::string& path,
                                     Nanoseconds interval, const Calendar& calendar,
                                     const BarFileOptions& options) {
    const auto day = parse_day(std::filesystem::path(path).stem().string());
    if (day.has_error()) {
        return fail(path + ": an intraday file is named by its day, like 2019-12-23.csv");
    }
    CsvLines lines(text);
    TRY(read_header(lines, text, path, kIntradayHeader));
    const auto session = calendar.session(*day);
    ReadBars read;
    read.bars.reserve(text.size() / kRowChars);
    BadRows bad_rows(path, options);
    std::optional<Timestamp> before;
    std::string fault;
    while (lines.next()) {
        const Fields fields = lines.fields();
        ReadBar row;
        BarTime time;
        if (!check_count(fields, kIntradayHeader, fault) ||
            !read_bar_time(fields[0], calendar, before, time, fault) ||
            !read_prices(fields, row.bar, fault) ||
            !read_volume(fields[5], row.bar.volume, fault)) {
            bad_rows.add(lines.number(), fault);
            continue;
        }
        before = time.start;
        row.day = *day;
        row.bar.closed_at = time.start + interval;
        row.bar.adj_close = row.bar.close;
        row.last_of_session = session && row.bar.closed_at == session->closes_at;
        const bool in_session =
            session && time.start >= session->opens_at && row.bar.closed_at <= session->closes_at;
        if (in_session || (options.extended_hours && time.day == *day)) {
            read.bars.push_back(row);
        } else {
            ++read.out_of_session;
        }
    }
    if (bad_rows.stops()) {
        return bad_rows.error();
    }
    read.bad_rows = bad_rows.take();
    return read;
}

Result<std::vector<PanelSymbol>> parse_panel(std::string_view text, const std::string& path,
                                             const Calendar& calendar,
                                             const BarFileOptions& options,
                                             const std::vector<std::string>& only) {
    CsvLines lines(text);
    TRY(read_header(lines, text, path, kPanelHeader));
    const std::set<std::string_view> wanted(only.begin(), only.end());
    std::set<std::string_view> seen;
    std::vector<PanelSymbol> symbols;
    BadRows bad_rows(path, options);
    std::string_view name;  // of the block the lines are in
    std::string fault;
    bool skip = false;      // the block's symbol was not asked for
    bool repeated = false;  // ... or had a block before
    // Bad rows go to the symbol in whose block they stand; those before the first, to the first.
    const auto end_block = [&] {
        if (!symbols.empty()) {
            std::ranges::move(bad_rows.take(), std::back_inserter(symbols.back().read.bad_rows));
        }
    };
    while (lines.next()) {
        const Fields fields = lines.fields();
        if (!check_count(fields, kPanelHeader, fault)) {
            bad_rows.add(lines.number(), fault);
            continue;
        }
        if (fields[6].empty()) {
            bad_rows.add(lines.number(), "Name is blank");
            continue;
        }
        if (fields[6] != name) {
            name = fields[6];
            skip = !wanted.empty() && !wanted.contains(name);
            repeated = !skip && !seen.insert(name).second;
            if (!skip && !repeated) {
                end_block();
                const std::size_t rows = symbols.empty() ? 0 : symbols.back().read.bars.size();
                symbols.push_back({std::string(name), {}});
                symbols.back().read.bars.reserve(rows + rows / 8);
            }
        }
        if (skip) {
            continue;
        }
        ReadBar row;
        if (repeated) {
            bad_rows.add(lines.number(),
                         "the rows of " + std::string(name) + " do not stand together");
        } else if (ReadBars& read = symbols.back().read;
                   read_session(fields[0], calendar, last_day(read), row, fault) &&
                   read_prices(fields, row.bar, fault) &&
                   read_volume(fields[5], row.bar.volume, fault)) {
            row.bar.adj_close = row.bar.close;
            read.bars.push_back(row);
        } else {
            bad_rows.add(lines.number(), std::string(name) + ": " + fault);
        }
    }
    if (bad_rows.stops()) {
        return bad_rows.error();
    }
    if (symbols.empty() && bad_rows.any()) {
        return bad_rows.error();
    }
    end_block();
    return symbols;
}

}  // namespace paperd::storage
