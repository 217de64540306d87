// The gate between what the strategy wants and what may be ordered. Every target is approved,
// reduced or denied, each effect with rule, limit, before and after. One principle: rules stop or
// shrink increases of |position|, never a move towards flat; so an approved target is never beyond
// a limit that the wanted one obeyed, whatever is held now.
//
// The order of the checks (each works on what the one before left):
//  1 not_finite       NaN or infinite price, weight or equity: hold that symbol (NaN equity: hold
//  all), latch reducing 2 halted           hold everything; 3 reducing / model_expired: towards
//  flat only; flatten: target 0 4 short_not_allowed is the strategy's; here a target is taken as it
//  comes 5 stale_data, price_collar: no increase        6 order_to_volume: the increase is cut 7
//  position_fraction, position_notional         8 gross_before_var_known or gross_leverage (all
//  scaled alike) 9 VaR and ES: gross scaled by limit / measure  10 turnover_day: increases scaled
//  alike to what is left
// 11 net_leverage: the heavier side is scaled down
// Then sizing: whole lots, towards zero. daily_loss and drawdown are measured in on_equity and
// latch the state.
#pragma once

#include <span>
#include <vector>

#include "execution/types/blob.h"
#include "execution/types/command.h"
#include "execution/types/decision.h"
#include "execution/types/market_stats.h"
#include "execution/types/position.h"
#include "execution/types/step.h"
#include "risk/limits.h"
#include "risk/value_at_risk.h"

namespace paperd::risk {

// One symbol as risk sees it in a slice.
struct Wanted {
    SymbolId symbol{};
    double weight = kUnknown;  // of equity; NaN with hold == false trips not_finite
    bool hold = true;      // the strategy has no opinion: keep the position (limits still apply)
    Quantity position;     // now
    Price price;           // last close; 0 before the first bar
    Price price_before;    // the close before; 0 without
    bool has_bar = false;  // in this slice: without one nothing is traded
    double bars_old = 0;   // age of the last bar in intervals
    double median_volume = 0;  // shares a bar; 0 unknown: order_to_volume does not apply
};

struct Approved {
    double weight = 0;             // of equity, after all rules
    Quantity target;               // whole lots
    Reason reason = Reason::none;  // the last rule that changed it
    bool risk_action = false;      // a rule moved it towards flat beyond what was wanted or held
};

struct TailMeasures {
    bool known = false;
    TailRisk historical;
    TailRisk ewma;
};

class RiskManager {
public:
    RiskManager(std::size_t symbols, Limits limits, Quantity lot);

    // Commands take effect at the start of a slice.
    void on_command(const Command& command, std::vector<Incident>& incidents);

    // After marking, once a slice and before approve(): returns, peak, day's start, latches. In
    // warm-up not called.
    void on_equity(Day day, const Equity& equity, std::vector<Incident>& incidents);

    // Fills of the slice: turnover of the day. Prices may be NaN-free only.
    void on_fill(Day day, Money notional);

    // wanted and approved have one entry a symbol. model_expired_stop: the model is past its expiry
    // and must not increase. Appends the effects to `adjustments`.
    void approve(std::span<const Wanted> wanted, const Equity& equity, bool model_expired_stop,
                 std::span<Approved> approved, std::vector<RiskAdjustment>& adjustments);

    [[nodiscard]] TradingState state() const;
    [[nodiscard]] Reason state_reason() const;
    [[nodiscard]] bool flattening() const;
    [[nodiscard]] const TailMeasures& tail() const;

    void save(BlobWriter& out) const;
    void load(BlobReader& in);

private:
    // (the owner of this file)
};

}  // namespace paperd::risk
