// How long the strategy's wishes last, measured: what the cost gate may expect a forecast to be
// earned over. A wish is a run of one nonzero sign of signal_weight in the symbol's own bars; its
// length is the number of those bars. Bars without an opinion (NaN: no bar, between_bars,
// data_delayed, warming up, ...) neither lengthen nor end it, and neither does a cut of the series;
// a weight of 0 or of the other sign ends it. What counts are the newest 252 finished wishes of all
// symbols together, in the order in which they ended, ties in the order of symbols; warm-up is
// included.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "execution/types/blob.h"
#include "execution/types/decision.h"

namespace paperd::strategy {

inline constexpr std::size_t kWishesMax = 252;  // finished ones that count
inline constexpr std::size_t kWishesMin = 20;   // fewer: one bar

class WishLengths {
public:
    explicit WishLengths(std::size_t symbols);

    // The slice's signals, one a symbol, as they are stored; after its decisions, so that a wish
    // that ends in a slice counts from the next one on.
    void take(std::span<const Signal> signals);

    // Mean length of the finished wishes in bars, their sum / their number; 1 until there are
    // kWishesMin.
    [[nodiscard]] double expected_bars() const;

    void save(BlobWriter& out) const;
    void load(BlobReader& in);  // fails on another number of symbols, or what cannot be a length

private:
    void finish(std::int64_t bars);

    std::vector<std::int64_t> running_;  // by symbol: bars so far, below 0 of a short wish; 0: none
    std::vector<std::int64_t> finished_;  // bars; the oldest at oldest_ once there are kWishesMax
    std::size_t oldest_ = 0;
    std::int64_t sum_ = 0;  // of finished_
};

}  // namespace paperd::strategy
