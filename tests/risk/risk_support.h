// What the risk tests share: equity rows and one symbol's wish.
#pragma once

#include "risk/risk_manager.h"

namespace paperd::risk {

inline constexpr Day kMonday = day_from_number(18'000);

inline Equity equity_of(Money amount) {
    Equity equity;
    equity.cash = amount;
    equity.equity = amount;
    equity.peak = amount;
    return equity;
}

inline Equity equity_of(std::int64_t units) { return equity_of(Money::whole(units)); }

inline Command command_of(CommandKind kind) {
    Command command;
    command.id = 1;
    command.kind = kind;
    return command;
}

// A symbol with a fresh bar at 100 after 100.
inline Wanted wish(std::size_t symbol, double weight, std::int64_t position = 0) {
    Wanted wanted;
    wanted.symbol = symbol_id(symbol);
    wanted.weight = weight;
    wanted.hold = false;
    wanted.position = Quantity::whole(position);
    wanted.price = Price::whole(100);
    wanted.price_before = Price::whole(100);
    wanted.has_bar = true;
    return wanted;
}

inline Wanted held(std::size_t symbol, std::int64_t position) {
    Wanted wanted = wish(symbol, kUnknown, position);
    wanted.hold = true;
    return wanted;
}

// Every optional limit empty, the others far away.
inline Limits no_limits() {
    Limits limits;
    limits.position_fraction_max = 1e6;
    limits.gross_leverage_max = 1e6;
    limits.net_leverage_max = 1e6;
    limits.gross_leverage_before_var_max = 1e6;
    limits.var_historical_95_max.reset();
    limits.es_historical_99_max.reset();
    limits.var_ewma_95_max.reset();
    limits.turnover_day_max.reset();
    limits.order_to_volume_max.reset();
    limits.price_collar.reset();
    limits.stale_after_bars = 1e6;
    limits.daily_loss_max.reset();
    limits.drawdown_max.reset();
    return limits;
}

}  // namespace paperd::risk
