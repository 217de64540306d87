// What goes into the RiskManager for each symbol of a slice, and what comes out.
#pragma once

#include <functional>

#include "execution/target.h"
#include "execution/types/decision.h"
#include "execution/types/fixed.h"
#include "execution/types/reason.h"
#include "execution/types/symbol.h"
#include "risk/value_at_risk.h"

namespace paperd::risk {

// One symbol as risk sees it in a slice.
struct Wanted {
    SymbolId symbol{};
    double weight = kUnknown;  // of equity; NaN with hold == false trips not_finite
    bool hold = true;          // the strategy has no opinion: keep the position (limits apply)
    bool keep = false;         // with hold: no rule but flatten and a margin call takes it down
    Quantity position;         // now
    Price price;               // last close; 0 before the first bar
    Price price_before;        // the close before; 0 without
    bool has_bar = false;      // in this slice: without one nothing is traded
    double bars_old = 0;  // age of the last real bar in bars of open market; 0 before the first
    Quantity ordered;     // signed: what working orders would still add to the position
    double median_volume = 0;  // shares a bar; 0 unknown: order_to_volume does not apply
};

struct Approved {
    double weight = 0;             // of equity, after all rules and before rounding to lots
    Quantity target;               // whole lots; position + orders where nothing is to be done
    Reason reason = Reason::none;  // the last rule that changed it
    bool risk_action = false;      // a rule moved it towards flat beyond what was wanted or held
    bool in_parts = false;         // cut by a limit from a change beyond the band: passes it
    bool stale = false;            // the last real bar is older than the limit
    bool drop_orders = false;      // stale, and its working orders would increase it: cancel them
};

// What execution will make of the targets, so that the caps can hold for the book that results.
struct TradeJudge {
    double band = 0;  // execution trades no smaller change; account currency
    // Of a target of the slice's, whose prediction is not filled in. Empty: every target is
    // ordered.
    std::function<execution::TargetOutcome(const execution::Target&)> outcome;
};

// Of one bar's return of the portfolio, over its returns so far.
struct TailMeasures {
    bool known = false;  // false: fewer than var_returns_min returns, the numbers mean nothing
    TailRisk historical;
    TailRisk ewma;
};

}  // namespace paperd::risk
