// Bar files of our three formats and of vendors: whatever the text, an answer or a sentence; and
// bars that were accepted are bars.
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "storage/bars/bar_text.h"
#include "storage/bars/dump_format.h"
#include "storage/bars/dump_text.h"
#include "tests/fuzz/promise.h"

namespace paperd {
namespace {

using fuzz::promise;
using storage::BadRow;
using storage::BarFileOptions;
using storage::OnBadRow;
using storage::PanelSymbol;
using storage::ReadBar;
using storage::ReadBars;

const Calendar& calendar(bool always_open) {
    static const auto new_york = Calendar::make(CalendarKind::new_york);
    static const auto open = Calendar::make(CalendarKind::always_open);
    promise(!new_york.has_error() && !open.has_error(), "the calendars are made");
    return always_open ? *open : *new_york;
}

void expect_bars(const ReadBars& read, OnBadRow on_bad_row) {
    promise(on_bad_row == OnBadRow::quarantine || read.bad_rows.empty(),
            "bad rows are set aside only where that is asked for");
    for (const BadRow& row : read.bad_rows) {
        promise(row.text.starts_with("FILE"), "a bad row is told with its place");
    }
    const ReadBar* before = nullptr;
    for (const ReadBar& one : read.bars) {
        const Bar& bar = one.bar;
        promise(bar.low.raw() > 0 && bar.low <= bar.open && bar.open <= bar.high &&
                    bar.low <= bar.close && bar.close <= bar.high,
                "open and close lie within low and high, above 0");
        promise(bar.high <= kPriceMax, "no absurd price");
        promise(bar.adj_close.raw() > 0, "adj_close is above 0");
        promise(std::isfinite(bar.volume) && bar.volume >= 0, "volume is a number from 0");
        promise(before == nullptr || before->bar.closed_at < bar.closed_at, "bars ascend");
        before = &one;
    }
}

template <class Read>
void expect_answer(const Read& read) {
    promise(!read.has_error() || read.error().text.starts_with("FILE"),
            "an error is told with its file");
}

BarInterval interval_of(unsigned choice) {
    constexpr std::array kIntervals = {BarInterval::minute_1, BarInterval::minute_5,
                                       BarInterval::minute_15, BarInterval::hour_1};
    return kIntervals.at(choice / 64 % 4);
}

// The bits of `choice`: the format, the venue, the options, and the interval.
void read_bars(unsigned choice, std::string_view text) {
    const Calendar& venue = calendar((choice & 4) != 0);
    const BarFileOptions options{
        .on_bad_row = (choice & 8) != 0 ? OnBadRow::quarantine : OnBadRow::stop,
        .extended_hours = (choice & 16) != 0};
    const auto source = storage::text_in_memory(text);
    switch (choice % 4) {
        case 3: {
            const std::size_t line = text.find('\n');
            const auto format = storage::dump_format(
                text.substr(0, line),
                line == std::string_view::npos ? std::string_view() : text.substr(line + 1));
            if (format) {
                const auto read = storage::parse_dump(
                    *source, "FILE.csv", *format,
                    (choice & 32) != 0 ? interval_of(choice) : BarInterval::day_1, venue, options);
                expect_answer(read);
                if (!read.has_error()) {
                    expect_bars(*read, options.on_bad_row);
                }
            }
            break;
        }
        case 0: {
            const auto read = storage::parse_daily_bars(*source, "FILE.csv", venue, options);
            expect_answer(read);
            if (!read.has_error()) {
                expect_bars(*read, options.on_bad_row);
            }
            break;
        }
        case 1: {
            const auto read = storage::parse_intraday_bars(*source, "FILE/2019-12-23.csv",
                                                           interval_of(choice), venue, options);
            expect_answer(read);
            if (!read.has_error()) {
                expect_bars(*read, options.on_bad_row);
            }
            break;
        }
        default: {
            const auto read = storage::parse_panel(*source, "FILE.csv", venue, options, {});
            expect_answer(read);
            if (!read.has_error()) {
                for (const PanelSymbol& symbol : *read) {
                    expect_bars(symbol.read, options.on_bad_row);
                }
            }
        }
    }
}

}  // namespace
}  // namespace paperd

// The first byte is the choice: '0' daily, '1' intraday, '2' panel, of vendors 'S' and 'W' daily,
// '3' and '7' intraday.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 0) {
        paperd::read_bars(data[0], {reinterpret_cast<const char*>(data) + 1, size - 1});
    }
    return 0;
}
