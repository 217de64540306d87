#include "strategy/features/pair_stream.h"

#include "execution/types/check.h"
#include "execution/types/section_tag.h"
#include "strategy/features/sets.h"
#include "strategy/statistics.h"

namespace paperd::strategy {

namespace {

constexpr std::uint32_t kTag = section_tag("FPAI");

enum Column : std::size_t {
    kSpread,
    kZScore,
    kZScoreLag1,
    kSpreadLag1,
    kRollingMean,
    kRollingStd,
    kVolatility,
    kCount,
};

static_assert(kCount == kPairStreamColumns.size());

}  // namespace

PairStream::PairStream(const PairScalers& fit, int window)
    : fit_(fit),
      spreads_(static_cast<std::size_t>(window)),
      changes_(static_cast<std::size_t>(window)) {
    CHECK(window >= 2, "a lag and a deviation need two bars");
}

void PairStream::next(double close1, double close2, std::span<double> out) {
    CHECK(out.size() == kCount, "one value for each column");
    std::ranges::fill(out, kUndefined);
    const auto z_score = [this](double spread) {
        return (spread - fit_.spread_mean) / fit_.spread_std;
    };
    const double spread = pair_spread(fit_, close1, close2);
    out[kSpread] = spread;
    out[kZScore] = z_score(spread);
    if (spreads_.size() > 0) {
        const double before = spreads_.values().back();
        out[kSpreadLag1] = before;
        out[kZScoreLag1] = z_score(before);
        changes_.push(spread / before - 1);
    }
    spreads_.push(spread);
    if (spreads_.full()) {
        out[kRollingMean] = mean(spreads_.values());
        out[kRollingStd] = deviation(spreads_.values());
    }
    if (changes_.full()) {
        out[kVolatility] = deviation(changes_.values());
    }
    drop_infinite(out);
}

void PairStream::reset() {
    spreads_.clear();
    changes_.clear();
}

void PairStream::save(BlobWriter& out) const {
    out.put(kTag);
    spreads_.save(out);
    changes_.save(out);
}

void PairStream::load(BlobReader& in) {
    in.expect(kTag);
    spreads_.load(in);
    changes_.load(in);
}

}  // namespace paperd::strategy
