// From approved targets to orders: is the trade worth its cost, and how large is it?
//
// Working orders are left alone while |target - position - open quantity| is within the band; else
// they are cancelled, and target - position is judged. A closed position is exact: with a target of
// 0, and where risk forces a decrease, whatever the orders would leave is no matter of the band.
//
// The gate: an increase of |position| by a model with a forecast must pay: forecast in the trade's
// direction x the smaller of holding_bars and what the strategy's wishes last >= edge_to_cost_min x
// the estimated round trip; at 0 all pay. Decreases, risk actions and strategies without a forecast
// pass. A change under the band, rebalance_band x the symbol's share of the gross budget, or under
// a lot is not traded. A reversal is a close, which passes both, and an opening, which is judged by
// both as from flat. What is said of an order that works is not judged again: the gate spoke when
// it was sent.
#pragma once

#include <span>
#include <vector>

#include "execution/broker.h"
#include "execution/costs.h"
#include "execution/target.h"
#include "execution/types/decision.h"
#include "execution/types/market_stats.h"
#include "execution/types/slice.h"

namespace paperd::execution {

struct ExecutionSettings {
    double edge_to_cost_min = 1.0;  // 0: no gate
    double holding_bars = 5;        // bars the prediction is expected to be earned over, at most
    double rebalance_band = 0.01;   // of the symbol's share of the gross budget
    OrderType order_type = OrderType::market;
    TimeInForce time_in_force = TimeInForce::good_til_cancelled;
    // order_type limit: limit = close moved against us by this (0: at the close).
    double limit_offset_bps = 0;
    // order_type stop: stop = close moved by this in the trade's direction.
    double stop_offset_bps = 0;
};

// What all targets of a slice are judged by.
struct Terms {
    Day day{};  // the venue's: fees are dated
    Money equity;
    bool has_forecast = false;         // of returns; else nothing is gated
    double holding_bars_measured = 0;  // mean length of the strategy's own wishes
};

class ExecutionEngine {
public:
    // share: the symbol's, as a multiple of equity (gross budget / number of symbols). References
    // outlive the engine.
    ExecutionEngine(ExecutionSettings settings, double share, Quantity lot, const CostModel& costs,
                    const MarketStatsSource& stats);

    // A smaller change is not traded; account currency.
    [[nodiscard]] double band(Money equity) const;

    // What on_targets would make of the target, which is not on hold; nothing happens. close > 0.
    [[nodiscard]] TargetOutcome judge(const Target& target, Price close, const Terms& terms) const;

    // For each target, in order: judges it, cancels the symbol's working orders (reason replaced)
    // unless they are kept, and submits the order. Only symbols with a bar in this slice trade; the
    // caller passes hold for the others. closes and outcomes are parallel to targets; a close is
    // > 0 unless held. What cut a reversal short is appended to `adjustments`
    // (execution/types/decision.h).
    void on_targets(const Slice& slice, std::span<const Target> targets,
                    std::span<const Price> closes, const Terms& terms, Broker& broker,
                    std::span<TargetOutcome> outcomes, std::vector<Order>& changed,
                    std::vector<RiskAdjustment>& adjustments) const;

private:
    // below_lot, below_band, or none for a change that is large enough.
    [[nodiscard]] Reason too_small(Quantity change, Price close, double band) const;
    // Whether the increase pays; its numbers go to `outcome`.
    [[nodiscard]] bool pays(const Target& target, Price close, const Terms& terms,
                            TargetOutcome& outcome) const;
    [[nodiscard]] RiskAdjustment cut_short(const Target& target, const TargetOutcome& outcome,
                                           Price close, double band) const;
    [[nodiscard]] OrderRequest request(const Slice& slice, SymbolId symbol, Quantity change,
                                       Price close) const;

    ExecutionSettings settings_;
    double share_;
    Quantity lot_;
    const CostModel& costs_;
    const MarketStatsSource& stats_;
};

}  // namespace paperd::execution
