#include "execution/execution_engine.h"

#include <algorithm>

namespace paperd::execution {
namespace {

int sign(Quantity quantity) { return (quantity.raw() > 0 ? 1 : 0) - (quantity.raw() < 0 ? 1 : 0); }

// `price` moved up by so many basis points of itself; at least the smallest price there is.
Price moved(Price price, double bps) {
    return std::max(price + Price::nearest(price.to_double() * bps * 1e-4), Price::from_raw(1));
}

}  // namespace

ExecutionEngine::ExecutionEngine(ExecutionSettings settings, Quantity lot, const CostModel& costs,
                                 const MarketStatsSource& stats)
    : settings_(settings), lot_(lot), costs_(costs), stats_(stats) {}

// Whether the increase of |position| earns its round trip; an unknown prediction earns nothing.
bool ExecutionEngine::pays(const Target& target, Price close, Day day) const {
    const bool through_zero = sign(target.position) * sign(target.target) < 0;
    const Quantity increase =
        through_zero ? abs(target.target) : abs(target.target) - abs(target.position);
    const double edge = target.prediction * sign(target.target) * settings_.holding_bars;
    const double cost =
        costs_.estimate(increase, close, stats_.stats(target.symbol), day).round_trip();
    return edge >= settings_.edge_to_cost_min * cost;
}

TargetOutcome ExecutionEngine::settle(const Target& target, Price close, Money equity,
                                      bool has_forecast, Day day) const {
    TargetOutcome outcome{.target = target.target, .reason = Reason::ordered};
    if (target.target == target.position) {
        outcome.reason = Reason::on_target;
        return outcome;
    }
    const bool through_zero = sign(target.position) * sign(target.target) < 0;
    const bool increases = through_zero || abs(target.target) > abs(target.position);
    if (has_forecast && increases && !target.risk_action && !pays(target, close, day)) {
        outcome = {.target = through_zero ? Quantity{} : target.position,
                   .reason = Reason::edge_below_cost};
        if (!through_zero) {
            return outcome;
        }
    }
    const Quantity change = floor_to_lot(outcome.target - target.position, lot_);
    if (change.raw() == 0) {
        return {.target = target.position, .reason = Reason::below_lot};
    }
    const bool closes_position = outcome.target.raw() == 0;
    if (!closes_position && !target.risk_action &&
        notional(close, abs(change)) < settings_.rebalance_band * equity.to_double()) {
        return {.target = target.position, .reason = Reason::below_band};
    }
    outcome.target = target.position + change;
    return outcome;
}

OrderRequest ExecutionEngine::request(const Slice& slice, SymbolId symbol, Quantity change,
                                      Price close) const {
    OrderRequest request{.symbol = symbol,
                         .quantity = change,
                         .type = settings_.order_type,
                         .time_in_force = settings_.time_in_force,
                         .limit_price = std::nullopt,
                         .stop_price = std::nullopt,
                         .decision_price = close,
                         .decision_slice = slice.id,
                         .decided_at = slice.closed_at,
                         .decided_day = slice.day};
    const double direction = sign(change);
    if (settings_.order_type == OrderType::limit) {
        request.limit_price = moved(close, direction * settings_.limit_offset_bps);
    } else if (settings_.order_type == OrderType::stop) {
        request.stop_price = moved(close, direction * settings_.stop_offset_bps);
    }
    return request;
}

void ExecutionEngine::on_targets(const Slice& slice, std::span<const Target> targets,
                                 std::span<const Price> closes, Money equity, bool has_forecast,
                                 Broker& broker, std::span<TargetOutcome> outcomes,
                                 std::vector<Order>& changed) const {
    CHECK(closes.size() == targets.size() && outcomes.size() == targets.size(),
          "one close and one outcome for each target");
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const Target& target = targets[i];
        if (target.hold) {
            outcomes[i] = {.target = target.position, .reason = Reason::none};
            continue;
        }
        broker.cancel(target.symbol, Reason::replaced, slice.closed_at, changed);
        outcomes[i] = settle(target, closes[i], equity, has_forecast, slice.day);
        const Quantity change = outcomes[i].target - target.position;
        if (change.raw() != 0) {
            broker.submit(request(slice, target.symbol, change, closes[i]), changed);
        }
    }
}

}  // namespace paperd::execution
