// One execution. price = reference_price moved against the trader by spread, slippage and impact;
// the component costs sum exactly: quantity x (price - reference_price) = spread_cost +
// slippage_cost + impact_cost.
#pragma once

#include <cstdint>

#include "execution/types/fixed.h"
#include "execution/types/order.h"
#include "execution/types/timestamp.h"

namespace paperd {

struct Fill {
    std::int64_t id = 0;  // 1, 2, ... through the run
    OrderId order = 0;
    SymbolId symbol{};
    std::int64_t decision_slice = 0;
    Timestamp at;  // the session's open for what fills at the open of a daily bar, else the close
                   // of the slice's bars
    Quantity quantity;      // signed
    Price reference_price;  // open, close, limit or stop: within the bar's low and high
    Price price;            // all in, without commission
    Money delay_cost;   // quantity x (reference_price - decision price); negative where the drift
                        // helped
    Money spread_cost;  // costs are >= 0 when they hurt
    Money slippage_cost;
    Money impact_cost;
    Money commission;
    double participation = 0;  // |quantity| / the bar's volume
    // What two estimators say the full spread was, fractions of the price: shown beside the charged
    // one, never charged.
    double spread_corwin_schultz = 0;
    double spread_abdi_ranaldo = 0;

    bool operator==(const Fill&) const = default;
};

}  // namespace paperd
