#include "daemon/engine/data_watch.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "execution/types/section_tag.h"

namespace paperd::daemon {
namespace {

constexpr std::uint32_t kTag = section_tag("WTCH");

std::string span_text(std::int64_t bars, Timestamp from, Timestamp to) {
    return fmt::format("for {} bars of open market, between {} and {}", bars, timestamp_text(from),
                       timestamp_text(to));
}

}  // namespace

DataWatch::DataWatch(std::size_t symbols, DataWatchSettings settings)
    : settings_(settings), series_(symbols) {}

std::int64_t DataWatch::missing(Nanoseconds apart) const {
    return std::max<std::int64_t>(apart / settings_.bar_length - 1, 0);
}

void DataWatch::on_slice(const Slice& slice, std::vector<Incident>& incidents) {
    const Timestamp before = closed_at_;
    Nanoseconds step{};
    if (started_) {
        const bool same_session = settings_.always_open || slice.day == day_;
        step = same_session ? slice.closed_at - before : settings_.bar_length;
    }
    const std::int64_t of_all = missing(step);
    if (of_all >= settings_.gap_bars) {
        incidents.push_back({Severity::warning, "data_gap", kNoSymbol,
                             "no bar of any symbol " + span_text(of_all, before, slice.closed_at)});
    }
    open_time_ += step;
    started_ = true;
    day_ = slice.day;
    closed_at_ = slice.closed_at;
    late_ = slice.late;
    for (const Bar& bar : slice.bars) {
        if (!bar.synthetic) {
            take(bar, of_all, incidents);
        }
    }
}

void DataWatch::take(const Bar& bar, std::int64_t missing_of_all,
                     std::vector<Incident>& incidents) {
    Series& series = series_[index(bar.symbol)];
    const Series before = series;
    series = {.seen = true,
              .reported = before.reported,
              .open_time = open_time_,
              .closed_at = bar.closed_at};
    const bool returned = before.reported && bars_old(bar.symbol) <= settings_.stale_after_bars;
    series.reported = before.reported && !returned;
    if (!before.seen) {
        return;
    }
    const std::int64_t bars = missing(open_time_ - before.open_time);
    // What the whole feed missed was said once, for all.
    const std::int64_t own = missing_of_all >= settings_.gap_bars ? bars - missing_of_all : bars;
    const bool wide = own >= settings_.gap_bars;
    if (wide || (returned && bars > 0)) {
        incidents.push_back({wide ? Severity::warning : Severity::info, "data_gap", bar.symbol,
                             "no bar " + span_text(bars, before.closed_at, bar.closed_at)});
    } else if (returned) {
        incidents.push_back({Severity::info, "data_gap", bar.symbol, "bars come in time again"});
    }
}

double DataWatch::bars_old(SymbolId symbol) const {
    const Series& series = series_[index(symbol)];
    if (!series.seen) {
        return 0;
    }
    const Nanoseconds age = open_time_ - series.open_time + late_;
    return static_cast<double>(age.count()) / static_cast<double>(settings_.bar_length.count());
}

void DataWatch::on_position(SymbolId symbol, Quantity position, std::vector<Incident>& incidents) {
    Series& series = series_[index(symbol)];
    const double age = bars_old(symbol);
    if (position.raw() == 0 || series.reported || age <= settings_.stale_after_bars) {
        return;
    }
    series.reported = true;
    incidents.push_back(
        {Severity::warning, "stale_data", symbol,
         fmt::format("{} are held, and the last bar, of {}, is {:.4g} bars old (limit {:g}): the "
                     "position counts at that close, and nothing increases it until a bar comes",
                     position.text(), timestamp_text(series.closed_at), age,
                     settings_.stale_after_bars)});
}

void DataWatch::save(BlobWriter& out) const {
    out.put(kTag);
    out.put(static_cast<std::uint64_t>(series_.size()));
    out.put(static_cast<std::uint8_t>(started_ ? 1 : 0));
    out.put(day_number(day_));
    out.put(to_ns(closed_at_));
    out.put(static_cast<std::int64_t>(open_time_.count()));
    out.put(static_cast<std::int64_t>(late_.count()));
    for (const Series& series : series_) {
        out.put(static_cast<std::uint8_t>((series.seen ? 1 : 0) | (series.reported ? 2 : 0)));
        out.put(static_cast<std::int64_t>(series.open_time.count()));
        out.put(to_ns(series.closed_at));
    }
}

void DataWatch::load(BlobReader& in) {
    in.expect(kTag);
    if (in.get<std::uint64_t>() != series_.size()) {
        in.fail();
        return;
    }
    started_ = in.get<std::uint8_t>() != 0;
    day_ = day_from_number(in.get<std::int32_t>());
    closed_at_ = from_ns(in.get<std::int64_t>());
    open_time_ = Nanoseconds{in.get<std::int64_t>()};
    late_ = Nanoseconds{in.get<std::int64_t>()};
    for (Series& series : series_) {
        const auto flags = in.get<std::uint8_t>();
        series.seen = (flags & 1) != 0;
        series.reported = (flags & 2) != 0;
        series.open_time = Nanoseconds{in.get<std::int64_t>()};
        series.closed_at = from_ns(in.get<std::int64_t>());
    }
}

}  // namespace paperd::daemon
