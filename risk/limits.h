// The RiskManager's limits, with units in their names. 0 or infinity never means "off" by accident:
// an optional that is empty is off, and the config says so. Every number is finite and >= 0.
#pragma once

#include <cstdint>
#include <optional>

namespace paperd::risk {

// How long a daily loss holds trading at `reducing`: for the rest of the venue's day, or until the
// operator's `resume`.
enum class DailyLossLatch : std::uint8_t { day, until_resume };

struct Limits {
    double position_fraction_max = 0.50;          // |position| / equity, each symbol
    std::optional<double> position_notional_max;  // account currency, each symbol
    double gross_leverage_max = 2.0;              // sum |position| / equity
    double net_leverage_max = 2.0;                // |sum position| / equity
    double gross_leverage_before_var_max = 1.0;   // gross limit while VaR is not yet known

    // One bar's return of the portfolio; a loss as a positive fraction of equity. Empty: measured,
    // not limited.
    std::optional<double> var_historical_95_max = 0.03;
    std::optional<double> var_historical_99_max;
    std::optional<double> es_historical_95_max;
    std::optional<double> es_historical_99_max = 0.08;
    std::optional<double> var_ewma_95_max = 0.03;
    std::optional<double> var_ewma_99_max;
    std::optional<double> es_ewma_95_max;
    std::optional<double> es_ewma_99_max;
    double ewma_lambda = 0.94;    // in (0, 1)
    int var_lookback_bars = 252;  // returns kept; at least var_returns_min
    int var_returns_min = 60;     // fewer: VaR is "not yet known"; at least 2

    // Traded notional of a venue's day / equity at its start; increases only.
    std::optional<double> turnover_day_max = 4.0;
    // Order / median volume of a bar; increases only.
    std::optional<double> order_to_volume_max = 1.0;
    // |close / close before - 1|; beyond: no increase.
    std::optional<double> price_collar = 0.25;
    // Stale: the symbol's last real bar is older than so many bars of open market, because others
    // traded without it, because it was made up, or because the slice came late. Nothing then
    // increases |position|: no new order does, and a working one that would is cancelled. Nothing
    // can be sold without a bar either, so the position is held and the decision says stale_data.
    double stale_after_bars = 3;

    // Fraction of the day's starting equity (the last equity of the day before): latches
    // `reducing`.
    std::optional<double> daily_loss_max = 0.10;
    DailyLossLatch daily_loss_latch = DailyLossLatch::day;
    // Maintenance margin: equity below long x L + short x S, the values of longs and shorts, scales
    // all positions down to what the equity carries.
    double maintenance_margin_long = 0.25;
    double maintenance_margin_short = 0.30;
    // Fraction of peak equity: latches flatten.
    std::optional<double> drawdown_max = 0.35;
};

}  // namespace paperd::risk
