// The checks 2 to 11 of the RiskManager on one slice's targets, each a function of what the one
// before left. Weights are signed fractions of equity; an adjustment row is appended for every
// symbol a check changes.
//
// Rows. limit, before and after are the rule's own measure: a symbol's (position_fraction,
// position_notional, order_to_volume), or the portfolio's, the same in the row of every symbol it
// touched (gross, VaR and ES, turnover, net). A check that only refuses increases shows what it
// measured as before and after (stale_data, price_collar). Checks of the trading state show
// weights: the limit is what is held, before and after are the target's.
//
// Fixed targets (no bar in the slice, or no usable price) are not moved but count in the sums.
#pragma once

#include <span>
#include <vector>

#include "execution/types/decision.h"
#include "execution/types/fixed.h"
#include "risk/limits.h"
#include "risk/targets.h"

namespace paperd::risk {

// One symbol's target on its way through the checks.
struct Working {
    SymbolId symbol{};
    bool fixed = false;
    double held = 0;    // the position's weight
    double weight = 0;  // the target's; == held means: exactly the position
    Quantity target;    // filled by size()
    Reason reason = Reason::none;
    bool stale = false;        // its data is older than the limit
    bool drop_orders = false;  // set by no_increase_on_doubtful_price()

    // What of the move from held to weight is away from flat, and what towards it; both >= 0.
    [[nodiscard]] double increase() const;
    [[nodiscard]] double decrease() const;

    // Leaves the decrease as it is and makes the increase this one (>= 0, at most the present one).
    void limit_increase(double increase);
};

class TargetRules {
public:
    // The spans have one entry a symbol, in the same order; working is the state carried from check
    // to check. equity > 0. Everything outlives the object.
    TargetRules(const Limits& limits, std::span<const Wanted> wanted, std::span<Working> working,
                Money equity, std::vector<RiskAdjustment>& adjustments);

    void hold_all(Reason rule);
    void towards_flat_only(Reason rule);
    void flatten(Reason rule);

    // stale_data, price_collar. Where the position is held on stale data, orders that still work
    // and would increase it are to be dropped; the row is written for those alone.
    void no_increase_on_doubtful_price();
    void order_to_volume();
    void position_limits();  // fraction, then notional
    void gross(const TailMeasures& tail);
    void tail_losses(const TailMeasures& tail);  // each limited measure in turn

    // traded_today: notional of the day's fills; day_start: equity the limit is a fraction of.
    void turnover(Money traded_today, Money day_start);

    // To whole lots, then the net limit. Rounding either side towards zero may widen the net, so it
    // is measured on the rounded targets, and the side that is then the heavier scaled again, a few
    // times at most: where lots are too coarse for the limit, all that can move goes flat.
    void size(Quantity lot);
    void net(Quantity lot);

private:
    void adjust(Working& target, double weight, Reason rule, double limit, double before,
                double after);
    void scale_gross(double gross_max, Reason rule, double limit, double measure_per_gross);
    [[nodiscard]] double gross_now() const;
    void size_one(std::size_t i, Quantity lot);
    bool scale_heavier_side(Quantity lot);

    const Limits& limits_;
    std::span<const Wanted> wanted_;
    std::span<Working> working_;
    Money equity_;
    double equity_value_;
    std::vector<RiskAdjustment>& adjustments_;
};

}  // namespace paperd::risk
