#include "execution/execution_engine.h"

#include <algorithm>
#include <cmath>

namespace paperd::execution {
namespace {

int sign(Quantity quantity) { return (quantity.raw() > 0 ? 1 : 0) - (quantity.raw() < 0 ? 1 : 0); }

// `price` moved up by so many basis points of itself; at least the smallest price there is.
Price moved(Price price, double bps) {
    return std::max(price + Price::nearest(price.to_double() * bps * 1e-4), Price::from_raw(1));
}

}  // namespace

ExecutionEngine::ExecutionEngine(ExecutionSettings settings, double share, Quantity lot,
                                 const CostModel& costs, const MarketStatsSource& stats)
    : settings_(settings), share_(share), lot_(lot), costs_(costs), stats_(stats) {}

double ExecutionEngine::band(Money equity) const {
    return settings_.rebalance_band * share_ * equity.to_double();
}

Reason ExecutionEngine::too_small(Quantity change, Price close, double band) const {
    if (abs(change) < lot_) {
        return Reason::below_lot;
    }
    return notional(close, abs(change)) < band ? Reason::below_band : Reason::none;
}

// An unknown prediction earns nothing.
bool ExecutionEngine::pays(const Target& target, Price close, const Terms& terms,
                           TargetOutcome& outcome) const {
    const bool through_zero = sign(target.position) * sign(target.target) < 0;
    const Quantity increase =
        through_zero ? abs(target.target) : abs(target.target) - abs(target.position);
    outcome.holding_bars = std::min(settings_.holding_bars, terms.holding_bars_measured);
    outcome.edge = target.prediction * sign(target.target) * outcome.holding_bars;
    outcome.round_trip =
        costs_.estimate(increase, close, stats_.stats(target.symbol), terms.day).round_trip();
    return settings_.edge_to_cost_min == 0 ||
           outcome.edge >= settings_.edge_to_cost_min * outcome.round_trip;
}

TargetOutcome ExecutionEngine::judge(const Target& target, Price close, const Terms& terms) const {
    const bool working = target.ordered.raw() != 0;
    const Quantity left_alone = target.position + target.ordered;
    const Quantity unordered = target.target - left_alone;
    TargetOutcome outcome{.target = left_alone,
                          .reason = working ? Reason::order_working : Reason::on_target};
    if (unordered.raw() == 0) {
        return outcome;
    }
    outcome.wanted_change = notional(close, unordered);
    const double least = band(terms.equity);
    const bool exact = target.risk_action || target.target.raw() == 0;
    const bool through_zero = sign(target.position) * sign(target.target) < 0;
    if (const Reason trifle = too_small(unordered, close, least); trifle != Reason::none) {
        if (working && !exact) {
            return outcome;
        }
        const bool passes = exact || through_zero || target.in_parts;
        if (!working && (trifle == Reason::below_lot || !passes)) {
            outcome.reason = trifle;
            return outcome;
        }
    }
    outcome.keeps_orders = false;
    const bool increases = through_zero || abs(target.target) > abs(target.position);
    Quantity goal = target.target;
    if (increases && !target.risk_action) {
        if (terms.has_forecast && !pays(target, close, terms, outcome)) {
            outcome.cut = Reason::edge_below_cost;
        } else if (through_zero && !target.in_parts) {
            outcome.cut = too_small(target.target, close, least);
        }
        if (outcome.cut != Reason::none) {
            goal = through_zero ? Quantity{} : target.position;
        }
    }
    outcome.order = floor_to_lot(goal - target.position, lot_);
    Reason refused = outcome.cut;
    if (goal != target.position && !through_zero) {
        refused = too_small(goal - target.position, close, least);
        if (refused == Reason::below_band && !exact && !target.in_parts) {
            outcome.order = Quantity{};
        }
    }
    outcome.target = target.position + outcome.order;
    if (outcome.order.raw() != 0) {
        outcome.reason = Reason::ordered;
    } else {
        outcome.reason = refused == Reason::none ? Reason::on_target : refused;
        outcome.cut = Reason::none;
    }
    return outcome;
}

RiskAdjustment ExecutionEngine::cut_short(const Target& target, const TargetOutcome& outcome,
                                          Price close, double band) const {
    if (outcome.cut == Reason::edge_below_cost) {
        const double edge = std::isnan(outcome.edge) ? kUnknown : outcome.edge;
        return {target.symbol, outcome.cut, settings_.edge_to_cost_min * outcome.round_trip, edge,
                edge};
    }
    const double opening = notional(close, abs(target.target));
    const double least = outcome.cut == Reason::below_lot ? notional(close, lot_) : band;
    return {target.symbol, outcome.cut, least, opening, opening};
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
                                 std::span<const Price> closes, const Terms& terms, Broker& broker,
                                 std::span<TargetOutcome> outcomes, std::vector<Order>& changed,
                                 std::vector<RiskAdjustment>& adjustments) const {
    CHECK(closes.size() == targets.size() && outcomes.size() == targets.size(),
          "one close and one outcome for each target");
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const Target& target = targets[i];
        if (target.hold) {
            outcomes[i] = {.target = target.position, .reason = Reason::none};
            continue;
        }
        outcomes[i] = judge(target, closes[i], terms);
        const TargetOutcome& outcome = outcomes[i];
        if (!outcome.keeps_orders) {
            broker.cancel(target.symbol, Reason::replaced, slice.closed_at, changed);
        }
        if (outcome.order.raw() != 0) {
            broker.submit(request(slice, target.symbol, outcome.order, closes[i]), changed);
        }
        if (outcome.cut != Reason::none) {
            adjustments.push_back(cut_short(target, outcome, closes[i], band(terms.equity)));
        }
    }
}

}  // namespace paperd::execution
