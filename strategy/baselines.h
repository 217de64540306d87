// The strategies without a model, to compare with and to run where there is none.
#pragma once

#include <memory>

#include "strategy/strategy.h"

namespace paperd::strategy {

// buy_and_hold: with n the symbols that are not taken when the slice begins, each of them that has
// a bar gets the weight 0.99 x free / n / equity (AccountView; doubles, in this order; 0 where free
// or equity is not above 0), which is sized like any weight: x equity / close, towards zero to a
// lot. Symbols without a bar yet are among the n: their share waits for them. A taken symbol has no
// opinion (`holding`): nothing of the strategy's sells it or touches its order, and risk takes it
// down where it flattens or calls margin, and nowhere else (risk::Wanted::keep).
//
// A symbol is taken while it has a position or an order at work. So one whose order came to nothing
// (denied or cut to nothing by risk, under a lot or the band, cancelled, lost, expired), and one
// whose position was closed (flatten and then resume, a settlement), is asked for again on its next
// bar, with its share of the cash that there then is; what an order that ended early had bought is
// held as it is.
std::unique_ptr<Strategy> make_buy_and_hold(std::size_t symbols, const StrategySettings& settings);

// sma_cross: position 1 while the mean of the last sma_fast_bars closes is above that of
// sma_slow_bars, -1 while it is below, 0 while they are equal; from sma_slow_bars bars on.
std::unique_ptr<Strategy> make_sma_cross(std::size_t symbols, const StrategySettings& settings);

}  // namespace paperd::strategy
