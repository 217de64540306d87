// The checks 2 to 12 of the RiskManager on one slice's targets, each a function of what the one
// before left. Weights are signed fractions of equity; an adjustment row is appended for every
// symbol a check changes.
//
// Rows. limit, before and after are the rule's own measure: a symbol's (position_fraction,
// position_notional, order_to_volume), or the portfolio's, the same in the row of every symbol it
// touched (gross, VaR and ES, turnover, net, margin_call: equity / (0.25 L + 0.30 S), limit 1). A
// check that only refuses increases shows what it measured as before and after (stale_data,
// price_collar). Checks of the trading state show weights: the limit is what is held, before and
// after are the target's.
//
// Fixed targets are not moved but count in the sums, with what their orders at work would add: no
// bar in the slice, no usable price, or execution leaves them alone (resulting_book.h). Of the last
// the net rule takes its part only where it needs more than the others' increases. An excess below
// 1e-9 of a limit is none.
#pragma once

#include <span>
#include <vector>

#include "execution/types/decision.h"
#include "execution/types/fixed.h"
#include "risk/limits.h"
#include "risk/targets.h"

namespace paperd::risk {

// False for an excess below 1e-9 of the limit; a NaN is beyond every limit.
inline bool beyond(double measure, double limit) { return !(measure <= limit * (1 + 1e-9)); }

// One symbol's target on its way through the checks.
struct Working {
    SymbolId symbol{};
    bool fixed = false;
    bool left = false;       // fixed because execution leaves it at `rest`
    bool released = false;   // was left, and then had to move after all: wants `rest`, no more
    Quantity rest;           // what results when nothing is ordered: position + orders at work
    double rest_weight = 0;  // its weight
    double held = 0;         // the position's weight
    double weight = 0;       // the target's; == held means: exactly the position, == rest_weight:
                             // exactly the rest
    double own = 0;          // its weight as the symbol's own limits left it (checks 1 to 7)
    double share = 0;        // as gross, VaR and ES left it (checks 1 to 9)
    Quantity target;         // filled by size()
    Reason reason = Reason::none;
    bool stale = false;        // its data is older than the limit
    bool drop_orders = false;  // set by no_increase_on_doubtful_price()
    bool forced = false;       // has to be reached whatever the band says
    bool in_parts = false;     // its own limits cut a change that was beyond the band

    // What of the move from held to weight is away from flat, and what towards it; both >= 0.
    [[nodiscard]] double increase() const;
    [[nodiscard]] double decrease() const;

    // Leaves the decrease as it is and makes the increase this one (>= 0, at most the present one).
    void limit_increase(double increase);
};

class TargetRules {
public:
    // The spans have one entry a symbol, in the same order; working is the state carried from check
    // to check. equity > 0; band: account currency. Everything outlives the object.
    TargetRules(const Limits& limits, std::span<const Wanted> wanted, std::span<Working> working,
                Money equity, double band, std::vector<RiskAdjustment>& adjustments);

    void hold_all(Reason rule);
    void towards_flat_only(Reason rule);
    void flatten(Reason rule);

    // margin_call: no position beyond `share` of what is held, and none from flat.
    void margin(double share);

    // stale_data, price_collar. Where the position is held on stale data, orders that still work
    // and would increase it are to be dropped; the row is written for those alone.
    void no_increase_on_doubtful_price();
    void order_to_volume();
    void position_limits();  // fraction, then notional
    void gross(const TailMeasures& tail);
    void tail_losses(const TailMeasures& tail);  // each limited measure in turn

    // What gross and tail_losses left for the sum of |weight|.
    [[nodiscard]] double gross_max() const { return gross_max_; }

    // traded_today: notional of the day's fills; day_start: equity the limit is a fraction of. What
    // works, or is left alone, takes its part before the increases that can be cut.
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
    [[nodiscard]] bool beyond_band(const Working& target) const;
    void size_one(std::size_t i, Quantity lot);
    bool scale_heavier_side(Quantity lot);

    const Limits& limits_;
    std::span<const Wanted> wanted_;
    std::span<Working> working_;
    Money equity_;
    double equity_value_;
    double band_weight_;
    double gross_max_ = 0;
    std::vector<RiskAdjustment>& adjustments_;
};

}  // namespace paperd::risk
