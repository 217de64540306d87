// Longer bars made from a run's slices, by the venue's calendar: for models that live on a coarser
// interval than the run. A month is the calendar's, a day the venue's, minutes and hours count from
// the session's open (midnight UTC where there is no session), and the session's end ends the last
// of them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "execution/types/bar_interval.h"
#include "execution/types/blob.h"
#include "execution/types/calendar.h"
#include "execution/types/slice.h"

namespace paperd::strategy {

class Resampler {
public:
    Resampler(std::size_t symbols, BarInterval to, Calendar calendar);

    // The slices of longer bars that this slice closes, oldest first; valid until the next call. A
    // period closes with the slice that the calendar says ends it; where none came at its end, with
    // the first slice of the next period, before that slice's bars. So there are two at most.
    // closed_at and day are those of the period's last slice, warmup those of this one. Symbols
    // without a bar in the period have none; synthetic bars are left out.
    std::span<const Slice> take(const Slice& slice);

    // The symbol's series was cut: what its open bar has so far is dropped.
    void forget(SymbolId symbol);

    // The symbol's open bar in new shares: prices / ratio, half to even, the volume x ratio.
    void split(const Split& split);

    void save(BlobWriter& out) const;
    void load(BlobReader& in);  // sets in.failed() on anything that does not fit

private:
    [[nodiscard]] std::int64_t period_of(const Slice& slice) const;
    [[nodiscard]] bool ends_with(const Slice& slice) const;
    [[nodiscard]] Timestamp origin_of(Day day) const;
    void close(bool warmup);

    BarInterval to_;
    Calendar calendar_;
    // Carried: the period that is open, and each symbol's bar in it.
    std::int64_t period_ = 0;
    Timestamp closed_at_;
    Day day_{};
    bool last_of_session_ = false;
    std::int64_t slices_closed_ = 0;
    std::vector<Bar> bars_;  // by symbol
    std::vector<std::uint8_t> open_;

    std::vector<Slice> closed_;  // by the newest slice; kept so that nothing is allocated anew
    std::size_t closed_count_ = 0;
};

}  // namespace paperd::strategy
