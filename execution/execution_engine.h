// From approved targets to orders: is the trade worth its cost, and how large is it? Increases of
// |position| by a model with a forecast must pay: prediction in the trade's direction x
// holding_bars >= edge_to_cost_min x the estimated round trip. Decreases, risk actions and
// model-free strategies pass. A change under rebalance_band of equity or under a lot is not traded.
#pragma once

#include <span>
#include <vector>

#include "execution/broker.h"
#include "execution/costs.h"
#include "execution/types/decision.h"
#include "execution/types/market_stats.h"
#include "execution/types/slice.h"

namespace paperd::execution {

struct ExecutionSettings {
    double edge_to_cost_min = 1.0;
    double holding_bars = 5;        // bars the prediction is expected to be earned over
    double rebalance_band = 0.002;  // of equity
    OrderType order_type = OrderType::market;
    TimeInForce time_in_force = TimeInForce::good_til_cancelled;
    // order_type limit: limit = close moved against us by this (0: at the close).
    double limit_offset_bps = 0;
    // order_type stop: stop = close moved by this in the trade's direction.
    double stop_offset_bps = 0;
};

// One symbol's target after risk.
struct Target {
    SymbolId symbol{};
    Quantity position;  // now
    Quantity target;    // whole lots
    double prediction = kUnknown;
    // A rule forced it (flatten, reduce, limits): passes the gate and the band.
    bool risk_action = false;
    bool hold = false;  // no opinion and nothing forced: leave working orders alone
};

struct TargetOutcome {
    Quantity target;  // settled on, after gate, band and lot; the position where nothing is ordered
    // The binding one; none for hold. edge_below_cost also where a move through zero was cut to
    // its closing part (which is ordered).
    Reason reason = Reason::none;
};

class ExecutionEngine {
public:
    // References outlive the engine.
    ExecutionEngine(ExecutionSettings settings, Quantity lot, const CostModel& costs,
                    const MarketStatsSource& stats);

    // For each target, in order: cancels what is left of the symbol's working orders (reason
    // replaced), then submits target - position. Only symbols with a bar in this slice trade; the
    // caller passes hold for the others. closes and outcomes are parallel to targets; a close is
    // > 0 unless held. A move through zero is a decrease to 0 and an increase: where the gate
    // refuses the increase, the decrease is traded.
    void on_targets(const Slice& slice, std::span<const Target> targets,
                    std::span<const Price> closes, Money equity, bool has_forecast, Broker& broker,
                    std::span<TargetOutcome> outcomes, std::vector<Order>& changed) const;

private:
    // Where the gate, the lot and the band leave the target, and which of them spoke last.
    [[nodiscard]] TargetOutcome settle(const Target& target, Price close, Money equity,
                                       bool has_forecast, Day day) const;
    [[nodiscard]] bool pays(const Target& target, Price close, Day day) const;
    [[nodiscard]] OrderRequest request(const Slice& slice, SymbolId symbol, Quantity change,
                                       Price close) const;

    ExecutionSettings settings_;
    Quantity lot_;
    const CostModel& costs_;
    const MarketStatsSource& stats_;
};

}  // namespace paperd::execution
