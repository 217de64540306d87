#include "storage/bars/dump_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "execution/types/bar_grid.h"
#include "execution/types/printable.h"
#include "storage/bars/bad_rows.h"
#include "storage/bars/bar_fields.h"
#include "storage/bars/csv_lines.h"

namespace paperd::storage {
namespace {

using std::chrono::minutes;

// The size of a number of seconds, milliseconds or microseconds since 1970 tells them apart: these
// are the year 5138 in the smaller unit and 1973 in the larger.
constexpr std::int64_t kSecondsMax = 100'000'000'000;
constexpr std::int64_t kMillisMax = kSecondsMax * 1000;
constexpr std::int64_t kMicrosMax = kMillisMax * 1000;

constexpr minutes kNewYorkOpens{9 * 60 + 30};  // local

struct Row {
    ReadBar read{};
    Timestamp start{};  // of the bar; of a daily one its UTC midnight
    double split = 1;
    std::int64_t line = 0;
};

Day utc_day(Timestamp time) {
    return Day{std::chrono::floor<std::chrono::days>(time).time_since_epoch()};
}

bool read_number(std::string_view text, std::int64_t& value) {
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    return problem == std::errc() && end == text.data() + text.size();
}

// Prices / factor, volume x factor; false where that is no price.
bool in_new_shares(double factor, Bar& bar) {
    if (factor == 1) {
        return true;
    }
    const bool adjusted = bar.adj_close != bar.close;
    for (Price* price : {&bar.open, &bar.high, &bar.low, &bar.close}) {
        const double value = price->to_double() / factor;
        if (!(value >= Price::from_raw(1).to_double() && value <= kPriceMax.to_double())) {
            return false;
        }
        *price = Price::nearest(value);
    }
    // An adjusted close counts the splits already.
    bar.adj_close = adjusted ? bar.adj_close : bar.close;
    bar.volume *= factor;
    return std::isfinite(bar.volume);
}

bool read_unix(std::string_view text, Timestamp& time) {
    std::int64_t value = 0;
    if (!read_number(text, value) || value <= 0 || value >= kMicrosMax) {
        return false;
    }
    const std::int64_t unit = value < kSecondsMax  ? 1'000'000'000
                              : value < kMillisMax ? 1'000'000
                                                   : 1'000;
    time = from_ns(value * unit);
    return true;
}

class DumpReader {
public:
    DumpReader(const DumpFormat& format, BarInterval interval, const Calendar& calendar,
               const BarFileOptions& options)
        : format_(format), interval_(interval), calendar_(calendar), options_(options) {}

    bool take(std::string_view line, Row& row, std::string& fault) const;

    // In the order of time, with prices that splits do not tear; what is out of order is bad.
    ReadBars put_in_order(std::vector<Row> rows, BadRows& bad_rows) const;

private:
    bool read_when(std::string_view text, Row& row, std::string& fault) const;
    bool read_session_day(std::string_view text, Row& row, std::string& fault) const;
    bool read_local(std::string_view text, Timestamp& time) const;
    bool place(Row& row, std::string& fault) const;

    const DumpFormat& format_;
    BarInterval interval_;
    const Calendar& calendar_;
    const BarFileOptions& options_;
};

bool DumpReader::take(std::string_view line, Row& row, std::string& fault) const {
    const auto fields = split_fields(line, static_cast<std::size_t>(format_.fields) + 1);
    if (fields.size() != static_cast<std::size_t>(format_.fields)) {
        fault = line.empty() ? "the line is blank"
                             : (fields.size() > static_cast<std::size_t>(format_.fields)
                                    ? "more fields than the "
                                    : "fewer fields than the ") +
                                   std::to_string(format_.fields) + " of " + format_.source;
        return false;
    }
    const auto field = [&](int place) { return fields[static_cast<std::size_t>(place)]; };
    Bar& bar = row.read.bar;
    if (format_.period >= 0 && field(format_.period) != "D") {
        fault = "the period is " + in_quotes(field(format_.period)) +
                "; of Stooq, daily bars are read ('D')";
        return false;
    }
    if (!read_when(field(format_.time), row, fault) ||
        !read_price("open", field(format_.open), bar.open, fault) ||
        !read_price("high", field(format_.high), bar.high, fault) ||
        !read_price("low", field(format_.low), bar.low, fault) ||
        !read_price("close", field(format_.close), bar.close, fault) ||
        !read_volume(field(format_.volume), bar.volume, fault)) {
        return false;
    }
    bar.adj_close = bar.close;
    if (fault = bar_fault(bar); !fault.empty()) {
        return false;
    }
    if (format_.adj_close >= 0 &&
        !read_price("adj_close", field(format_.adj_close), bar.adj_close, fault)) {
        return false;
    }
    // A split's ratio is a number like a price: above 0, with decimals.
    Price ratio;
    if (format_.split >= 0) {
        if (!read_price("split_coefficient", field(format_.split), ratio, fault)) {
            return false;
        }
        row.split = ratio.to_double();
    }
    return true;
}

bool DumpReader::read_when(std::string_view text, Row& row, std::string& fault) const {
    if (!is_intraday(interval_)) {
        return read_session_day(text, row, fault);
    }
    if (!read_unix(text, row.start) && !read_local(text, row.start)) {
        fault = in_quotes(text.substr(0, 32)) + " is not the time of a bar of " +
                std::string(bar_interval_name(interval_)) + "; is this a file of daily bars?";
        return false;
    }
    return place(row, fault);
}

bool DumpReader::read_session_day(std::string_view text, Row& row, std::string& fault) const {
    Timestamp start;
    if (read_unix(text, start) && text.size() > 8) {
        row.read.day = utc_day(start);
        if (Timestamp{row.read.day.time_since_epoch()} != start) {
            fault = in_quotes(text) + " is " + timestamp_text(start) +
                    ", no UTC midnight: is this a file of intraday bars?";
            return false;
        }
    } else if (text.size() == 8) {  // 20191223
        const std::string dashed = std::string(text.substr(0, 4)) + "-" +
                                   std::string(text.substr(4, 2)) + "-" +
                                   std::string(text.substr(6));
        if (!read_day(dashed, row.read.day, fault)) {
            return false;
        }
    } else if (!read_day(text.substr(0, 10), row.read.day, fault)) {
        return false;
    } else if (text.size() > 10 && text.substr(10, 9) != " 00:00:00") {
        fault = in_quotes(text.substr(0, 32)) +
                " has a time of the day: is this a file of intraday bars?";
        return false;
    }
    row.start = Timestamp{row.read.day.time_since_epoch()};
    const auto session = calendar_.session(row.read.day);
    if (!session) {
        fault = day_text(row.read.day) + " is no session of the venue's calendar";
        return false;
    }
    row.read.bar.closed_at = session->closes_at;
    row.read.last_of_session = true;
    return true;
}

// "2020-01-02 09:30:00", the venue's; with "-05:00" behind it, that of the offset.
bool DumpReader::read_local(std::string_view text, Timestamp& time) const {
    if (text.size() < 19 || (text[10] != ' ' && text[10] != 'T')) {
        return false;
    }
    std::string as_utc(text.substr(0, 19));
    as_utc[10] = 'T';
    std::string ignored;
    if (!read_time(as_utc + "Z", time, ignored)) {
        return false;
    }
    const std::string_view offset = text.substr(19);
    if (offset.empty()) {
        const Day day = utc_day(time);
        const auto session = calendar_.session(day);
        if (!session) {
            return true;  // no bar of it is used: any instant of that day will do
        }
        const bool always_open = session->closes_at - session->opens_at == std::chrono::days{1};
        time = session->opens_at + (time - Timestamp{day.time_since_epoch()}) -
               (always_open ? minutes{0} : kNewYorkOpens);
        return true;
    }
    std::int64_t hours = 0;
    std::int64_t past = 0;
    if (offset.size() != 6 || (offset[0] != '-' && offset[0] != '+') || offset[3] != ':' ||
        !read_number(offset.substr(1, 2), hours) || !read_number(offset.substr(4, 2), past)) {
        return false;
    }
    const minutes ahead{(offset[0] == '-' ? -1 : 1) * (hours * 60 + past)};
    time -= ahead;
    return true;
}

bool DumpReader::place(Row& row, std::string& fault) const {
    ReadBar& read = row.read;
    read.day = calendar_.day_of(row.start);
    const auto session = calendar_.session(read.day);
    if (!on_bar_grid(row.start, interval_, read.day, session)) {
        fault = "no bar of " + std::string(bar_interval_name(interval_)) + " begins at " +
                timestamp_text(row.start);
        return false;
    }
    read.bar.closed_at = bar_close(row.start, interval_, session);
    read.last_of_session = session && read.bar.closed_at == session->closes_at;
    return true;
}

ReadBars DumpReader::put_in_order(std::vector<Row> rows, BadRows& bad_rows) const {
    if (rows.size() > 1 && rows.front().start > rows.back().start) {
        std::reverse(rows.begin(), rows.end());
    }
    ReadBars read;
    std::optional<Timestamp> before;
    std::vector<const Row*> kept;
    for (const Row& row : rows) {
        if (before && row.start <= *before) {
            bad_rows.add(row.line, row.start == *before
                                       ? timestamp_text(row.start) + " is there twice"
                                       : timestamp_text(row.start) +
                                             " is out of order; times must all ascend, or all "
                                             "descend");
            continue;
        }
        before = row.start;
        if (is_intraday(interval_)) {
            const auto session = calendar_.session(row.read.day);
            const bool in_session = session && row.start >= session->opens_at &&
                                    row.read.bar.closed_at <= session->closes_at;
            if (!in_session && !options_.extended_hours) {
                ++read.out_of_session;
                continue;
            }
        }
        kept.push_back(&row);
    }
    double factor = 1;  // new shares of the last row for one of this row's
    for (std::size_t i = kept.size(); i-- > 0; factor *= kept[i]->split) {
        read.bars.push_back(kept[i]->read);
        if (!in_new_shares(factor, read.bars.back().bar)) {
            read.bars.pop_back();
            bad_rows.add(kept[i]->line,
                         "its prices are beyond what a price can be once the "
                         "splits behind it are taken out");
        }
    }
    std::reverse(read.bars.begin(), read.bars.end());
    return read;
}

}  // namespace

Result<ReadBars> parse_dump(TextSource& text, const std::string& path, const DumpFormat& format,
                            BarInterval interval, const Calendar& calendar,
                            const BarFileOptions& options) {
    CsvLines lines(text, path);
    const DumpReader reader(format, interval, calendar, options);
    BadRows bad_rows(path, options);
    std::vector<Row> rows;
    std::string fault;
    bool header = !format.headless;
    while (!bad_rows.full() && rows.size() <= kBarsMax && lines.next()) {
        if (std::exchange(header, false)) {
            continue;
        }
        Row row{.line = lines.number()};
        if (!reader.take(lines.line(), row, fault)) {
            bad_rows.add(lines.number(), fault);
        } else if (!lines.whole()) {
            bad_rows.add(lines.number(),
                         "the file ends without a newline, so its last field may be cut short; end "
                         "the line if it is whole, else fetch the file again");
        } else {
            rows.push_back(row);
        }
    }
    if (lines.problem()) {
        return *lines.problem();
    }
    if (rows.size() > kBarsMax) {
        return fail(path + ": holds more than " + std::to_string(kBarsMax) +
                    " bars, which is too many to read at once; split the file");
    }
    if (rows.empty() && !bad_rows.any()) {
        return fail(path + ": has a header but no bars; fetch the file again or remove it");
    }
    ReadBars read = reader.put_in_order(std::move(rows), bad_rows);
    if (bad_rows.stops()) {
        return bad_rows.error();
    }
    read.bad_rows = bad_rows.take();
    read.form = format.source + " (prices " + format.meaning + ")";
    return read;
}

}  // namespace paperd::storage
