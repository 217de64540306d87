// From prediction to target: what the strategy said of a symbol in a slice, and what became of it.
#pragma once

#include <limits>

#include "execution/types/decision_numbers.h"
#include "execution/types/fixed.h"
#include "execution/types/reason.h"
#include "execution/types/symbol.h"

namespace paperd {

inline constexpr double kUnknown =
    std::numeric_limits<double>::quiet_NaN();  // NULL in the database

// The strategy's word on one symbol. NaN = there is none; then `reason` says why and the position
// is held.
struct Signal {
    double prediction = kUnknown;   // next bar's log return
    double uncertainty = kUnknown;  // the hybrid's head
    double weight = kUnknown;  // target as a fraction of equity, gross budget and share included
    Reason reason =
        Reason::none;  // why there is no weight, or why it is zero (regime_off, signal_gated, ...)
};

// One row for each symbol of each slice, traded or not. Key: (slice id, symbol).
struct Decision {
    SymbolId symbol{};
    Signal signal;
    double approved_weight = kUnknown;  // after risk
    Quantity target_quantity;           // what is held when every order has filled
    Reason reason = Reason::none;       // the binding one
    bool in_sample = false;             // the slice's day is among the model's training days
    DecisionNumbers numbers;            // what the reason was judged by
};

// What one rule did to one target. Units of limit, before and after are the rule's: of risk's see
// risk/target_rules.h. Execution adds what left the opening of a reversal off whose close was
// ordered: edge_below_cost (limit: the edge it would have needed; before and after: its edge; log
// returns) and below_band or below_lot (limit: the least change that is traded; before and after:
// the opening; account currency).
struct RiskAdjustment {
    SymbolId symbol{};
    Reason rule = Reason::none;
    double limit = 0;
    double before = 0;
    double after = 0;
};

}  // namespace paperd
