// What a trade costs: all-in price = reference + half spread + slippage + square-root impact, plus
// commission. The default costs are scale-free, so that split-adjusted history is charged rightly.
// Impact: Y sigma sqrt(Q / V) with the bar's volatility and volume (Toth et al. 2011; Bouchaud et
// al. 2018).
#pragma once

#include <vector>

#include "execution/types/fill.h"
#include "execution/types/market_stats.h"

namespace paperd::execution {

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
    double commission_bps = 1.0;  // of the traded amount at the all-in price
    double commission_min = 0.0;  // account currency a fill
    // As-traded options, both 0 by default: they mean nothing on split-adjusted history.
    double commission_per_share = 0.0;
    double tick_size = 0.0;           // half spread is at least half a tick
    double borrow_rate_year = 0.003;  // act/360 on the market value of shorts, charged daily
    double interest_rate_year = 0.0;  // act/360 on positive cash, credited daily
};

// Components a share as fractions of the price, for a trade of `quantity` against `bar_volume`.
struct CostEstimate {
    double half_spread = 0;
    double slippage = 0;
    double impact = 0;
    double commission = 0;

    [[nodiscard]] double one_way() const { return half_spread + slippage + impact + commission; }

    [[nodiscard]] double round_trip() const { return 2 * one_way(); }
};

class CostModel {
public:
    // bars_per_day turns a bar's dollar volume into a day's (390 for minutes of New York, 1 for
    // daily bars).
    CostModel(CostSettings settings, double bars_per_day);

    [[nodiscard]] const CostSettings& settings() const { return settings_; }

    // Full spread charged, fraction of price (> 0).
    [[nodiscard]] double spread(const MarketStats& stats, double price) const;

    // Before the trade, with the symbol's median volume (while that is unknown, as if the order
    // were a whole bar's volume); used by the gate and by people. price > 0; a quantity of 0 has
    // neither impact nor commission.
    [[nodiscard]] CostEstimate estimate(Quantity quantity, Price price,
                                        const MarketStats& stats) const;

    // Completes a fill: price, all cost columns and participation from its quantity and reference
    // price. bar_volume > 0. with_price_costs false: commission only (a limit order filled at its
    // limit). limit: the all-in price never passes it (the components shrink in proportion); the
    // reference must not pass it. A sell's price never falls below 0.
    void charge(Fill& fill, double bar_volume, const MarketStats& stats, Price decision_price,
                bool with_price_costs, const Price* limit) const;

private:
    // Y sigma sqrt(participation), as a fraction of the price; at most 1.
    [[nodiscard]] double impact(double participation, const MarketStats& stats) const;
    [[nodiscard]] Money commission(Money notional, Quantity size) const;

    CostSettings settings_;
    double bars_per_day_;
};

}  // namespace paperd::execution
