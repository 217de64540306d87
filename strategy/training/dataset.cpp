#include "strategy/training/dataset.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "execution/types/blob.h"
#include "strategy/models/feature_rows.h"
#include "strategy/models/sha256.h"

namespace paperd::strategy {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

// What the next bar of a symbol must know of the one before.
struct Before {
    bool any = false;
    bool row = false;  // it gave the series' last row
    Day day{};
};

class Builder {
public:
    Builder(const Universe& symbols, const DatasetSettings& settings, const Calendar& calendar,
            FeatureRows rows)
        : settings_(settings),
          calendar_(calendar),
          handler_(symbols.size(), settings.market),
          rows_(std::move(rows)),
          row_(settings.columns.size()),
          before_(symbols.size()),
          segment_(symbols.size()),
          series_(symbols.size()) {
        for (std::size_t i = 0; i < symbols.size(); ++i) {
            series_[i].symbol = symbols[i];
        }
    }

    void take(const Slice& slice) {
        for (const Split& split : slice.splits) {
            handler_.split(split);
        }
        for (const SeriesCut& cut : handler_.take(slice)) {
            rows_.reset(cut.symbol);
            before_[index(cut.symbol)] = {};
            ++segment_[index(cut.symbol)];
        }
        for (const Bar& bar : slice.bars) {
            if (!bar.synthetic) {
                days_.insert(slice.day);
                take(slice, bar);
            }
        }
    }

    Dataset finish() {
        Dataset out;
        for (TrainingSeries& series : series_) {
            if (!series.target.empty()) {
                out.series.push_back(std::move(series));
            }
        }
        for (const Day day : days_) {
            if (out.trained_days.empty() || misses_session(out.trained_days.back().last, day)) {
                out.trained_days.push_back({.first = day, .last = day});
            }
            out.trained_days.back().last = day;
        }
        out.data_sha256 = digest(out.series);
        return out;
    }

private:
    [[nodiscard]] bool misses_session(Day earlier, Day later) const {
        const auto next = calendar_.next_session(earlier);
        return later > earlier && next && next->day < later;
    }

    void take(const Slice& slice, const Bar& bar) {
        const std::size_t i = index(bar.symbol);
        const BarWindow window = handler_.window(bar.symbol);
        TrainingSeries& series = series_[i];
        Before& before = before_[i];
        const bool gap = before.any && misses_session(before.day, slice.day);
        const bool overnight = settings_.intraday && before.day != slice.day;
        if (before.row && !gap && !overnight) {
            const std::size_t n = window.size();
            series.target.back() = std::log(window.close[n - 1] / window.close[n - 2]);
        }
        segment_[i] += gap ? 1 : 0;
        const bool defined =
            rows_.next(bar.symbol, window, row_) &&
            std::ranges::all_of(rows_.also(), [](double v) { return std::isfinite(v); });
        if (defined) {
            series.rows.insert(series.rows.end(), row_.begin(), row_.end());
            series.target.push_back(kUnknown);
            series.end_ns.push_back(to_ns(slice.closed_at));
            series.day.push_back(day_number(slice.day));
            series.segment.push_back(segment_[i]);
        }
        before = {.any = true, .row = defined, .day = slice.day};
    }

    static std::string digest(const std::vector<TrainingSeries>& series) {
        BlobWriter bytes;
        for (const TrainingSeries& s : series) {
            bytes.put_text(s.symbol);
            bytes.put_vector(s.rows);
            bytes.put_vector(s.target);
            bytes.put_vector(s.end_ns);
            bytes.put_vector(s.segment);
        }
        return sha256_hex(bytes.bytes());
    }

    const DatasetSettings& settings_;
    const Calendar& calendar_;
    MarketDataHandler handler_;
    FeatureRows rows_;
    std::vector<double> row_;     // the row at work
    std::vector<Before> before_;  // by symbol, as the rest
    std::vector<std::int32_t> segment_;
    std::vector<TrainingSeries> series_;
    std::set<Day> days_;
};

}  // namespace

Result<Dataset> make_dataset(const Universe& symbols, std::span<const Slice> slices,
                             const DatasetSettings& settings, const Calendar& calendar) {
    const std::vector<std::string> sizing = settings.feature_set == "attention"
                                                ? std::vector<std::string>{"vol_20", "regime_ok"}
                                                : std::vector<std::string>{};
    TRY_LET(auto rows, FeatureRows::make(symbols.size(), settings.feature_set, settings.columns,
                                         {.also = sizing}));
    Builder builder(symbols, settings, calendar, std::move(rows));
    for (const Slice& slice : slices) {
        builder.take(slice);
    }
    return builder.finish();
}

}  // namespace paperd::strategy
