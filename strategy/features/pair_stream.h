// A pair's columns as a stream, fed the pair's common bars once each, in order; what the training
// part fixes comes in. The windowed columns are a pure function of the last window of spreads.
// Equal to the batch (strategy/features/pairs.h) to the bit.
#pragma once

#include <span>

#include "execution/types/blob.h"
#include "strategy/features/pairs.h"
#include "strategy/rings.h"

namespace paperd::strategy {

// Those of kPairsColumns that are known at the bar: all but the label, which looks ahead.
inline constexpr std::span<const std::string_view> kPairStreamColumns =
    std::span(kPairsColumns).first(kPairsColumns.size() - 1);

class PairStream {
public:
    // window: bars of the rolling columns, at least 2.
    PairStream(const PairScalers& fit, int window);

    // The newest common bar's values into out[kPairStreamColumns.size()]; NaN where undefined.
    // close1, close2: adjusted.
    void next(double close1, double close2, std::span<double> out);

    // Forgets everything carried, as before the first bar.
    void reset();

    void save(BlobWriter& out) const;
    void load(BlobReader& in);

private:
    PairScalers fit_;
    MirroredRing spreads_;
    MirroredRing changes_;  // of each spread to the next, as fractions
};

}  // namespace paperd::strategy
