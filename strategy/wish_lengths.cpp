#include "strategy/wish_lengths.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>

#include "execution/types/check.h"
#include "execution/types/section_tag.h"

namespace paperd::strategy {

namespace {

constexpr std::uint32_t kTag = section_tag("WISH");
// A checkpoint's lengths are added up: far more bars than any run has, and no overflow.
constexpr std::int64_t kBarsMax = std::numeric_limits<std::int64_t>::max() / 512;

}  // namespace

WishLengths::WishLengths(std::size_t symbols) : running_(symbols) { finished_.reserve(kWishesMax); }

void WishLengths::take(std::span<const Signal> signals) {
    CHECK(signals.size() == running_.size(), "one signal for each symbol");
    for (std::size_t i = 0; i < signals.size(); ++i) {
        const double weight = signals[i].weight;
        if (std::isnan(weight)) {
            continue;
        }
        const std::int64_t sign = weight > 0 ? 1 : (weight < 0 ? -1 : 0);
        std::int64_t& bars = running_[i];
        if (bars * sign <= 0) {
            if (bars != 0) {
                finish(std::abs(bars));
            }
            bars = 0;
        }
        bars += sign;
    }
}

void WishLengths::finish(std::int64_t bars) {
    if (finished_.size() < kWishesMax) {
        finished_.push_back(bars);
    } else {
        sum_ -= finished_[oldest_];
        finished_[oldest_] = bars;
        oldest_ = (oldest_ + 1) % kWishesMax;
    }
    sum_ += bars;
}

double WishLengths::expected_bars() const {
    return finished_.size() < kWishesMin
               ? 1
               : static_cast<double>(sum_) / static_cast<double>(finished_.size());
}

void WishLengths::save(BlobWriter& out) const {
    out.put(kTag);
    out.put_vector(running_);
    out.put_vector(finished_);
    out.put(static_cast<std::uint64_t>(oldest_));
}

void WishLengths::load(BlobReader& in) {
    in.expect(kTag);
    auto running = in.get_vector<std::int64_t>();
    auto finished = in.get_vector<std::int64_t>();
    const auto oldest = in.get<std::uint64_t>();
    const bool fits =
        running.size() == running_.size() && finished.size() <= kWishesMax && oldest < kWishesMax &&
        (oldest == 0 || finished.size() == kWishesMax) &&
        std::ranges::all_of(finished, [](auto bars) { return bars > 0 && bars <= kBarsMax; });
    if (in.failed() || !fits) {
        in.fail();
        return;
    }
    running_ = std::move(running);
    finished_.assign(finished.begin(), finished.end());
    oldest_ = static_cast<std::size_t>(oldest);
    sum_ = std::accumulate(finished_.begin(), finished_.end(), std::int64_t{0});
}

}  // namespace paperd::strategy
