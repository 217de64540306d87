#include "execution/fees.h"

#include <algorithm>

#include "execution/fee_schedules.h"

namespace paperd::execution {
namespace {

constexpr double kBasisPoint = 1e-4;
constexpr std::int64_t kBasisPointsOfOne = 10'000;

Money of_notional(Money notional, double bps) {
    const __int128 rate = Money::nearest(bps).raw();
    return Money::from_raw(
        divide_half_even(rate * notional.raw(), static_cast<__int128>(kScale) * kBasisPointsOfOne));
}

Money commission(const FeeTerms& terms, const Charged& fill) {
    const Money proportional =
        of_notional(fill.notional, fill.maker ? terms.maker_bps : terms.taker_bps);
    const Money per_share = Price::nearest(terms.per_share) * fill.size;
    const Money charged = std::max(proportional + per_share, Money::nearest(terms.minimum));
    return terms.maximum_bps ? std::min(charged, of_notional(fill.notional, *terms.maximum_bps))
                             : charged;
}

Money section_31_fee(Money notional, Day day) {
    const __int128 rate = section_31_on(day).rate_e8;
    return Money::from_raw(divide_half_even(rate * notional.raw(), kScale));
}

Money taf_fee(Quantity size, Day day) {
    const TafRate& rate = taf_on(day);
    // Compared as doubles first: the product of a large fill need not be in the range of money.
    if (notional(rate.per_share, size) >= rate.fill_max.to_double()) {
        return rate.fill_max;
    }
    return rate.per_share * size;
}

}  // namespace

FeeTerms on_adjusted_prices(FeeTerms terms) {
    terms.per_share = 0;
    terms.taf = false;
    return terms;
}

Money fees(const FeeTerms& terms, const Charged& fill) {
    Money sum = commission(terms, fill);
    if (fill.sell && terms.section_31) {
        sum += section_31_fee(fill.notional, fill.day);
    }
    if (fill.sell && terms.taf) {
        sum += taf_fee(fill.size, fill.day);
    }
    return sum;
}

FeeEstimate estimate_fees(const FeeTerms& terms, double notional, double shares, Day day) {
    double commission = notional * terms.taker_bps * kBasisPoint + shares * terms.per_share;
    commission = std::max(commission, terms.minimum);
    if (terms.maximum_bps) {
        commission = std::min(commission, notional * *terms.maximum_bps * kBasisPoint);
    }
    double sale = 0;
    if (terms.section_31) {
        sale += notional * static_cast<double>(section_31_on(day).rate_e8) / kScale;
    }
    if (terms.taf) {
        const TafRate& rate = taf_on(day);
        sale += std::min(shares * rate.per_share.to_double(), rate.fill_max.to_double());
    }
    return {.commission = commission / notional, .sale = sale / notional};
}

double fees_at_most(const FeeTerms& terms, double notional, double shares, double fills) {
    double rate = std::max(terms.maker_bps, terms.taker_bps) * kBasisPoint;
    double share = terms.per_share;
    if (terms.section_31) {
        std::int64_t highest = 0;
        for (const Section31Rate& row : section_31_rates()) {
            highest = std::max(highest, row.rate_e8);
        }
        rate += static_cast<double>(highest) / kScale;
    }
    if (terms.taf) {
        Price highest;
        for (const TafRate& row : taf_rates()) {
            highest = std::max(highest, row.per_share);
        }
        share += highest.to_double();
    }
    return notional * rate + shares * share + fills * terms.minimum;
}

}  // namespace paperd::execution
