#include "strategy/resampler.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

#include "execution/types/check.h"
#include "execution/types/section_tag.h"

namespace paperd::strategy {

namespace {

constexpr std::uint32_t kTag = section_tag("RSMP");
constexpr std::size_t kClosedMax = 2;
constexpr std::int64_t kBucketsMax = 10'000;  // of a minute or more in a day, either side of open
constexpr std::chrono::days kPauseMax{31};    // a longer one ends what the calendar knows

std::int64_t month_of(Day day) {
    const std::chrono::year_month_day date{day};
    return std::int64_t{static_cast<int>(date.year())} * 12 + static_cast<unsigned>(date.month());
}

// `earlier` on the scale of a bar with another factor: what comes out times that factor is what
// went in times its own. Absurd factors leave a price all the same.
Price rescaled(Price earlier, double factor, double to_factor) {
    constexpr Price kPriceMin = Price::from_raw(1);
    return Price::nearest(std::clamp(earlier.to_double() * (factor / to_factor),
                                     kPriceMin.to_double(), kPriceMax.to_double()));
}

// `bar` is the next of the period that `sum` has summed up so far.
void extend(Bar& sum, const Bar& bar) {
    const double before = sum.factor();
    const double now = bar.factor();
    if (before != now) {
        for (Price Bar::* price : {&Bar::open, &Bar::high, &Bar::low}) {
            sum.*price = rescaled(sum.*price, before, now);
        }
    }
    sum.high = std::max(sum.high, bar.high);
    sum.low = std::min(sum.low, bar.low);
    sum.close = bar.close;
    sum.adj_close = bar.adj_close;
    sum.volume = std::min(sum.volume + bar.volume, std::numeric_limits<double>::max());
    sum.closed_at = bar.closed_at;
}

void save_bar(const Bar& bar, BlobWriter& out) {
    out.put(to_ns(bar.closed_at));
    for (const Price price : {bar.open, bar.high, bar.low, bar.close, bar.adj_close}) {
        out.put(price.raw());
    }
    out.put(bar.volume);
}

void load_bar(Bar& bar, BlobReader& in) {
    bar.closed_at = from_ns(in.get<std::int64_t>());
    for (Price Bar::* price : {&Bar::open, &Bar::high, &Bar::low, &Bar::close, &Bar::adj_close}) {
        bar.*price = Price::from_raw(in.get<std::int64_t>());
    }
    bar.volume = in.get<double>();
    if (!bar_fault(bar).empty()) {
        in.fail();
    }
}

}  // namespace

Resampler::Resampler(std::size_t symbols, BarInterval to, Calendar calendar)
    : to_(to), calendar_(std::move(calendar)), bars_(symbols), open_(symbols), closed_(kClosedMax) {
    CHECK(to != BarInterval::minute_1, "there is nothing shorter to resample from");
}

std::span<const Slice> Resampler::take(const Slice& slice) {
    closed_count_ = 0;
    const std::int64_t period = period_of(slice);
    if (period != period_) {
        close(slice.warmup);
    }
    period_ = period;
    closed_at_ = slice.closed_at;
    day_ = slice.day;
    last_of_session_ = slice.last_of_session;
    for (const Bar& bar : slice.bars) {
        const std::size_t i = index(bar.symbol);
        CHECK(i < bars_.size(), "a bar of a symbol that is not in the universe");
        if (bar.synthetic) {
            continue;
        }
        if (open_[i] != 0) {
            extend(bars_[i], bar);
        } else {
            bars_[i] = bar;
            open_[i] = 1;
        }
    }
    if (ends_with(slice)) {
        close(slice.warmup);
    }
    return std::span<const Slice>(closed_).first(closed_count_);
}

void Resampler::forget(SymbolId symbol) { open_[index(symbol)] = 0; }

void Resampler::split(const Split& split) {
    const std::size_t i = index(split.symbol);
    if (open_[i] == 0) {
        return;
    }
    for (Price Bar::* price : {&Bar::open, &Bar::high, &Bar::low, &Bar::close, &Bar::adj_close}) {
        bars_[i].*price = split_price(bars_[i].*price, split);
    }
    bars_[i].volume /= split.price_factor();
}

void Resampler::close(bool warmup) {
    if (std::ranges::find(open_, 1) == open_.end()) {
        return;
    }
    Slice& closed = closed_[closed_count_++];
    closed.id = ++slices_closed_;
    closed.closed_at = closed_at_;
    closed.day = day_;
    closed.warmup = warmup;
    closed.last_of_session = last_of_session_;
    closed.bars.clear();
    for (std::size_t i = 0; i < bars_.size(); ++i) {
        if (open_[i] != 0) {
            closed.bars.push_back(bars_[i]);
            closed.bars.back().closed_at = closed_at_;
            open_[i] = 0;
        }
    }
}

Timestamp Resampler::origin_of(Day day) const {
    const auto session = calendar_.session(day);
    return session ? session->opens_at : Timestamp{day.time_since_epoch()};
}

// Equal for two slices exactly when they are of one period.
std::int64_t Resampler::period_of(const Slice& slice) const {
    if (to_ == BarInterval::month_1) {
        return month_of(slice.day);
    }
    if (to_ == BarInterval::day_1) {
        return day_number(slice.day);
    }
    // A bar that closes at a boundary belongs to the period that ends there.
    const Nanoseconds since = slice.closed_at - origin_of(slice.day) - Nanoseconds{1};
    const Nanoseconds length = bar_length(to_);
    const std::int64_t bucket = since / length - (since < Nanoseconds{0} ? 1 : 0);
    return day_number(slice.day) * 2 * kBucketsMax + bucket;
}

bool Resampler::ends_with(const Slice& slice) const {
    if (to_ == BarInterval::month_1) {
        const auto next = calendar_.next_session(slice.day);
        // Where the calendar ends, the first slice of the next month closes.
        return slice.last_of_session && next && next->day - slice.day <= kPauseMax &&
               month_of(next->day) != month_of(slice.day);
    }
    if (slice.last_of_session || to_ == BarInterval::day_1) {
        return slice.last_of_session;
    }
    return (slice.closed_at - origin_of(slice.day)) % bar_length(to_) == Nanoseconds{0};
}

void Resampler::save(BlobWriter& out) const {
    out.put(kTag);
    out.put(to_);
    out.put(period_);
    out.put(to_ns(closed_at_));
    out.put(day_number(day_));
    out.put(static_cast<std::uint8_t>(last_of_session_ ? 1 : 0));
    out.put(slices_closed_);
    out.put_vector(open_);
    for (std::size_t i = 0; i < bars_.size(); ++i) {
        if (open_[i] != 0) {
            save_bar(bars_[i], out);
        }
    }
}

void Resampler::load(BlobReader& in) {
    in.expect(kTag);
    if (in.get<BarInterval>() != to_) {
        in.fail();
    }
    period_ = in.get<std::int64_t>();
    closed_at_ = from_ns(in.get<std::int64_t>());
    day_ = day_from_number(in.get<std::int32_t>());
    last_of_session_ = in.get<std::uint8_t>() != 0;
    slices_closed_ = in.get<std::int64_t>();
    open_ = in.get_vector<std::uint8_t>();
    if (open_.size() != bars_.size()) {
        in.fail();
        open_.assign(bars_.size(), 0);
    }
    for (std::size_t i = 0; i < bars_.size() && !in.failed(); ++i) {
        if (open_[i] != 0) {
            bars_[i].symbol = symbol_id(i);
            load_bar(bars_[i], in);
        }
    }
}

}  // namespace paperd::strategy
