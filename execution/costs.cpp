#include "execution/costs.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "execution/fee_schedules.h"

namespace paperd::execution {
namespace {

constexpr double kBasisPoint = 1e-4;

// Half spread, slippage and impact a share, in this order; each >= 0.
using Components = std::array<Price, 3>;

Price sum(const Components& parts) { return parts[0] + parts[1] + parts[2]; }

template <class T>
T& largest(std::array<T, 3>& parts) {
    return *std::max_element(parts.begin(), parts.end());
}

// Scales the components so that they sum to exactly `room`, which is less than their sum now.
Components shrunk_to(const Components& parts, Price room) {
    const __int128 whole = sum(parts).raw();
    Components shrunk;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const __int128 share = static_cast<__int128>(parts[i].raw()) * room.raw() / whole;
        shrunk[i] = Price::from_raw(static_cast<std::int64_t>(share));
    }
    const Price rest = room - sum(shrunk);
    largest(shrunk) += rest;
    return shrunk;
}

}  // namespace

FeeTerms fee_terms(const CostSettings& settings) {
    if (settings.fees != FeeSchedule::custom) {
        return fee_preset(settings.fees).terms;
    }
    return {.maker_bps = settings.commission_maker_bps.value_or(settings.commission_bps),
            .taker_bps = settings.commission_bps,
            .per_share = settings.commission_per_share,
            .minimum = settings.commission_min,
            .maximum_bps = settings.commission_max_bps,
            .section_31 = settings.us_sale_fees,
            .taf = settings.us_sale_fees};
}

double slippage_bps(const CostSettings& settings) {
    return settings.fees == FeeSchedule::custom
               ? settings.slippage_bps
               : fee_preset(settings.fees).slippage_bps.value_or(settings.slippage_bps);
}

CostModel::CostModel(CostSettings settings, double bars_per_day, PriceBasis basis)
    : settings_(std::move(settings)),
      bars_per_day_(bars_per_day),
      fees_(basis == PriceBasis::as_traded ? fee_terms(settings_)
                                           : on_adjusted_prices(fee_terms(settings_))),
      slippage_bps_(slippage_bps(settings_)),
      tick_size_(basis == PriceBasis::as_traded ? settings_.tick_size : 0) {
    CHECK(bars_per_day > 0, "a day has bars");
}

double CostModel::spread(const MarketStats& stats, double price) const {
    const double dollar_volume_day = stats.median_dollar_volume * bars_per_day_;
    double bps = settings_.spread_bps_max;
    for (const SpreadClass& liquidity : settings_.spread_classes) {
        if (dollar_volume_day >= liquidity.dollar_volume_day_min) {
            bps = std::min(bps, liquidity.spread_bps);
            break;
        }
    }
    return std::max(bps * kBasisPoint, tick_size_ / price);
}

double CostModel::impact(double participation, const MarketStats& stats) const {
    const double volatility =
        stats.volatility > 0 ? stats.volatility : settings_.impact_volatility_default;
    // A trade that moves the price by more than all of it is a broken series, not a cost.
    return std::min(1.0, settings_.impact_coefficient * volatility * std::sqrt(participation));
}

CostEstimate CostModel::estimate(Quantity quantity, Price price, const MarketStats& stats,
                                 Day day) const {
    CHECK(price.raw() > 0, "a cost estimate needs a price");
    const double price_now = price.to_double();
    CostEstimate estimate{.half_spread = spread(stats, price_now) / 2,
                          .slippage = slippage_bps_ * kBasisPoint};
    const Quantity size = abs(quantity);
    if (size.raw() == 0) {
        return estimate;
    }
    const double participation =
        stats.median_volume > 0 ? size.to_double() / stats.median_volume : 1.0;
    estimate.impact = impact(participation, stats);
    const double shares = size.to_double();
    const FeeEstimate fees = estimate_fees(fees_, shares * price_now, shares, day);
    estimate.commission = fees.commission;
    estimate.sale_fees = fees.sale;
    return estimate;
}

void CostModel::charge(Fill& fill, const FillTerms& terms, const MarketStats& stats) const {
    CHECK(fill.quantity.raw() != 0, "a fill has a quantity");
    CHECK(terms.bar_volume > 0, "a fill needs volume");
    const bool buying = fill.quantity.raw() > 0;
    const Quantity size = abs(fill.quantity);
    const Price reference = fill.reference_price;
    fill.participation = size.to_double() / terms.bar_volume;
    fill.spread_corwin_schultz = stats.spread_corwin_schultz;
    fill.spread_abdi_ranaldo = stats.spread_abdi_ranaldo;

    Components parts;
    if (!terms.at_limit) {
        const double price = reference.to_double();
        parts = {Price::nearest(price * spread(stats, price) / 2),
                 Price::nearest(price * slippage_bps_ * kBasisPoint),
                 Price::nearest(price * impact(fill.participation, stats))};
    }
    if (terms.limit) {
        const Price room = buying ? *terms.limit - reference : reference - *terms.limit;
        CHECK(room.raw() >= 0, "the reference price passes the limit");
        if (sum(parts) > room) {
            parts = shrunk_to(parts, room);
        }
    }
    if (!buying && sum(parts) > reference) {
        parts = shrunk_to(parts, reference);
    }

    const Price moved = sum(parts);
    fill.price = buying ? reference + moved : reference - moved;
    // Each column rounds on its own; the largest takes the rest, so that they sum exactly.
    std::array<Money, 3> columns = {parts[0] * size, parts[1] * size, parts[2] * size};
    const Money rest = moved * size - columns[0] - columns[1] - columns[2];
    largest(columns) += rest;
    fill.spread_cost = columns[0];
    fill.slippage_cost = columns[1];
    fill.impact_cost = columns[2];
    fill.delay_cost = (reference - terms.decision_price) * fill.quantity;
    fill.commission = fees(fees_, {.notional = fill.price * size,
                                   .size = size,
                                   .sell = !buying,
                                   .maker = terms.at_limit,
                                   .day = terms.day});
}

}  // namespace paperd::execution
