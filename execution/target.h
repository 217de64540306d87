// What comes between risk and the orders: one symbol's target, and what execution makes of it.
#pragma once

#include "execution/types/decision.h"
#include "execution/types/fixed.h"
#include "execution/types/reason.h"
#include "execution/types/symbol.h"

namespace paperd::execution {

// One symbol's target after risk.
struct Target {
    SymbolId symbol{};
    Quantity position{};  // now
    Quantity ordered{};   // signed: what working orders would still add to the position
    Quantity target{};    // whole lots
    double prediction = kUnknown;
    bool risk_action = false;  // a rule forced a decrease: it passes gate and band
    bool in_parts = false;  // a limit cut a change that was beyond the band: what is left passes it
    bool hold = false;      // no opinion and nothing forced: leave working orders alone
};

struct TargetOutcome {
    Quantity target;           // what is held when every order has filled
    Quantity order{};          // to be sent; 0: none
    bool keeps_orders = true;  // false: the symbol's working orders are cancelled first
    // The binding one; none for hold.
    Reason reason = Reason::none;
    // Why the opening of a reversal is left off whose close is ordered; else none.
    Reason cut = Reason::none;
    // The numbers of it (execution/types/decision_numbers.h), NaN where nothing was asked: the
    // change where there is one, the others where the gate was in question.
    double wanted_change = kUnknown;
    double holding_bars = kUnknown;
    double edge = kUnknown;
    double round_trip = kUnknown;
};

}  // namespace paperd::execution
