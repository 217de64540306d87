// Whether one bar trades one order, and at what reference price: the rules of fills as a pure
// function. Limits must be penetrated; a favourable gap fills at the open; a stop that triggered
// works as a market order from then on. At a limit no more can have traded than the part of the
// bar's volume beyond it, which is taken as its part of the bar's range: volume x (limit - low) /
// (high - low) for a buy, volume x (high - limit) / (high - low) for a sell.
#pragma once

#include <optional>

#include "execution/types/bar.h"
#include "execution/types/order.h"

namespace paperd::execution {

struct Match {
    std::optional<Price> reference;  // where the bar trades the order; empty: it does not
    bool at_limit = false;           // there we provide the liquidity
    double volume_beyond = 0;        // of at_limit: what traded beyond the limit
    bool at_open = false;            // of the bar
    bool triggers_stop = false;      // this bar reached the stop
    Reason reason = Reason::none;    // why it does not trade; none: not its time yet
};

// The reference lies within the bar's low and high. last_of_session: market-on-close orders trade
// then only.
Match match(const Order& order, const Bar& bar, bool last_of_session);

}  // namespace paperd::execution
