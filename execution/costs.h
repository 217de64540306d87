// What a trade costs: all-in price = reference + half spread + slippage + square-root impact, plus
// fees (fees.h). The default costs are scale-free, so that split-adjusted history is charged
// rightly; what is not, the tick and what is a share, is charged where prices are as traded alone.
// Impact: Y sigma sqrt(Q / V) with the bar's volatility and volume (Toth et al. 2011; Bouchaud et
// al. 2018).
#pragma once

#include <optional>
#include <vector>

#include "execution/fees.h"
#include "execution/types/bar_interval.h"
#include "execution/types/fill.h"
#include "execution/types/market_stats.h"

namespace paperd::execution {

// What prices are: intraday bars as the venue traded them, daily ones split-adjusted.
enum class PriceBasis : std::uint8_t { as_traded, split_adjusted };

constexpr PriceBasis price_basis(BarInterval interval) {
    return is_intraday(interval) ? PriceBasis::as_traded : PriceBasis::split_adjusted;
}

struct SpreadClass {
    double dollar_volume_day_min = 0;  // account currency a day
    double spread_bps = 0;             // full spread
};

struct CostSettings {
    // Descending by dollar volume; the last one has 0. The first class a symbol's median reaches is
    // charged (a median still unknown counts as 0); below every class spread_bps_max is.
    std::vector<SpreadClass> spread_classes = {{1e9, 1}, {1e8, 2}, {1e7, 5}, {1e6, 20}, {0, 50}};
    double spread_bps_max = 200;  // caps the class's spread; a tick may be wider
    double slippage_bps = 0.5;
    double impact_coefficient = 1.0;  // Y; 0 switches impact off
    // A bar, while the volatility is unknown; config scales it.
    double impact_volatility_default = 0.02;
    FeeSchedule fees = FeeSchedule::custom;
    // Custom fees.
    double commission_bps = 1.0;                 // of the traded amount at the all-in price
    std::optional<double> commission_maker_bps;  // at a resting limit; empty: commission_bps
    double commission_min = 0.0;                 // account currency a fill
    std::optional<double> commission_max_bps;    // of the traded amount
    double commission_per_share = 0.0;           // where prices are as traded
    bool us_sale_fees = false;                   // section 31 and TAF
    // The spread is at least one tick of the reference price, where prices are as traded; 0: none.
    double tick_size = 0.0;
    double borrow_rate_year = 0.003;  // act/360 on the market value of shorts, charged daily
    // The others of execution/interest.h, a year, act/360.
    double margin_rate = 0.06;       // on free cash below 0
    double cash_rate = 0.0;          // on free cash above 0
    double short_rebate_rate = 0.0;  // on the market value of shorts
};

// What the settings' schedule charges, or their own keys.
FeeTerms fee_terms(const CostSettings& settings);
double slippage_bps(const CostSettings& settings);

// Components a share as fractions of the price, for a trade of `quantity` against `bar_volume`.
struct CostEstimate {
    double half_spread = 0;
    double slippage = 0;
    double impact = 0;
    double commission = 0;
    double sale_fees = 0;  // of the sell alone

    [[nodiscard]] double one_way() const { return half_spread + slippage + impact + commission; }

    // A buy and a sell of the quantity.
    [[nodiscard]] double round_trip() const { return 2 * one_way() + sale_fees; }
};

// How a fill came about.
struct FillTerms {
    double bar_volume = 0;  // > 0
    Day day{};              // the venue's: fees are dated
    Price decision_price;
    bool at_limit = false;  // filled at its resting limit: maker, and no costs in the price
    std::optional<Price> limit =
        std::nullopt;  // the all-in price never passes it; nor may the reference
};

class CostModel {
public:
    // bars_per_day turns a bar's dollar volume into a day's (390 for minutes of New York, 1 for
    // daily bars).
    CostModel(CostSettings settings, double bars_per_day, PriceBasis basis = PriceBasis::as_traded);

    [[nodiscard]] const CostSettings& settings() const { return settings_; }

    // Full spread charged, fraction of price (> 0).
    [[nodiscard]] double spread(const MarketStats& stats, double price) const;

    // Before the trade, with the symbol's median volume (while that is unknown, as if the order
    // were a whole bar's volume) and the fees of the venue's day, as if it filled at once and not
    // at a limit; used by the gate and by people. price > 0; a quantity of 0 has neither impact nor
    // fees.
    [[nodiscard]] CostEstimate estimate(Quantity quantity, Price price, const MarketStats& stats,
                                        Day day) const;

    // Completes a fill: price, all cost columns and participation from its quantity and reference
    // price. The components of the price shrink in proportion where they would pass the limit. A
    // sell's price never falls below 0.
    void charge(Fill& fill, const FillTerms& terms, const MarketStats& stats) const;

private:
    // Y sigma sqrt(participation), as a fraction of the price; at most 1.
    [[nodiscard]] double impact(double participation, const MarketStats& stats) const;

    CostSettings settings_;
    double bars_per_day_;
    FeeTerms fees_;
    double slippage_bps_;
    double tick_size_;
};

}  // namespace paperd::execution
