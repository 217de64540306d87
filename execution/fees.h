// What a broker and the authorities charge for a fill: a commission a share and of the notional
// with a minimum and a maximum, maker and taker, and on sells of US stocks the SEC's section 31 fee
// and FINRA's trading activity fee (TAF), by dated tables (fee_schedules.h). Settled here:
//
//   - notional = |all-in price x quantity|, half-even to 1e-8. Each of these rounds half-even to
//     1e-8 by itself, and a fill's commission column is the sum of the rounded three:
//       commission = bps x notional + per share x |quantity| (each of the two rounded), raised to
//                    the minimum, then cut to the maximum, which goes before the minimum
//       section 31 = rate x notional, sells only
//       TAF        = rate x |quantity|, at most its maximum a fill, sells only
//   - Minimum and maximum hold for a fill, not for an order: an order that fills over several bars
//     pays the minimum on each.
//   - A fill at its resting limit is maker, all others are taker.
//   - The day is the venue's day of the fill's slice. A day before a table's first row pays the
//     first row's rate, a day after its last row the last row's.
//   - Brokers round the two sale fees to a cent; here they stay at 1e-8.
//   - Where prices are split-adjusted (daily bars), what is a share is off: the commission a share
//     and the TAF. Minimum and maximum stay; they are money.
#pragma once

#include <cstdint>
#include <optional>

#include "execution/types/fixed.h"
#include "execution/types/timestamp.h"

namespace paperd::execution {

// Those after custom are the rows of fee_presets(), in this order.
enum class FeeSchedule : std::uint8_t {
    custom,
    zero_commission,
    per_share,
    crypto_taker,
    notebook
};

struct FeeTerms {
    double maker_bps = 0;  // of the notional, for a fill at its resting limit
    double taker_bps = 0;  // of the notional, for every other
    double per_share = 0;  // account currency
    double minimum = 0;    // account currency a fill
    std::optional<double> maximum_bps = std::nullopt;  // of the notional, a fill
    bool section_31 = false;
    bool taf = false;
};

// The terms without what is a share.
FeeTerms on_adjusted_prices(FeeTerms terms);

// Of one fill. notional and size >= 0.
struct Charged {
    Money notional;
    Quantity size;
    bool sell = false;
    bool maker = false;
    Day day{};
};

// All fees of a fill, >= 0.
Money fees(const FeeTerms& terms, const Charged& fill);

// The same before the trade, for a fill that is not at its limit; fractions of the notional.
// notional > 0.
struct FeeEstimate {
    double commission = 0;  // of either side
    double sale = 0;        // of the sell alone: section 31 and TAF
};

FeeEstimate estimate_fees(const FeeTerms& terms, double notional, double shares, Day day);

// What the fees of so many fills, together of so much or less, can come to on any day.
double fees_at_most(const FeeTerms& terms, double notional, double shares, double fills);

}  // namespace paperd::execution
