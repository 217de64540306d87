// The simulated broker: working orders, and how a slice's bars fill them. Orders work from the
// slice after the one that caused them. See rules: market at the next open, market-on-close at the
// session's last close, limits must be penetrated (a favourable gap fills at the open), stops; at
// most participation_cap of the bar's volume, rounded down to a lot and shared by the symbol's
// orders in the order of their ids; the rest carries on.
#pragma once

#include <memory>
#include <vector>

#include "execution/costs.h"
#include "execution/failures.h"
#include "execution/types/blob.h"
#include "execution/types/order.h"
#include "execution/types/slice.h"

namespace paperd::execution {

struct BrokerSettings {
    double participation_cap = 0.10;  // of a bar's volume
    Quantity lot = Quantity::whole(1);
};

// Everything the caller decides of a new order; the broker gives it its id and state.
struct OrderRequest {
    SymbolId symbol{};
    Quantity quantity;  // signed, whole lots, not 0
    OrderType type = OrderType::market;
    TimeInForce time_in_force = TimeInForce::good_til_cancelled;
    std::optional<Price> limit_price;
    std::optional<Price> stop_price;
    Price decision_price;
    std::int64_t decision_slice = 0;
    Timestamp decided_at;
    Day decided_day{};
};

class Broker {
public:
    // `failures` and `stats` outlive the broker. stats are those before the slice being filled (no
    // look-ahead).
    Broker(BrokerSettings settings, const CostModel& costs, const Failures& failures,
           const MarketStatsSource& stats);

    // Adds a working order; `changed` gets it as accepted.
    OrderId submit(const OrderRequest& request, std::vector<Order>& changed);

    // Fills what this slice's bars fill, expires DAY orders; fills get ids and all costs. Orders
    // whose state, filled quantity or reason changed are appended to `changed` once, as they now
    // stand. Nothing is booked here. An order with decision_slice >= slice.id is a programmer's
    // error (CHECK).
    void on_slice(const Slice& slice, std::vector<Fill>& fills, std::vector<Order>& changed);

    // Cancels the symbol's working orders / all working orders with that reason.
    void cancel(SymbolId symbol, Reason reason, Timestamp at, std::vector<Order>& changed);
    void cancel_all(Reason reason, Timestamp at, std::vector<Order>& changed);

    [[nodiscard]] const std::vector<Order>& working() const;  // ascending by id

    void save(BlobWriter& out) const;
    void load(BlobReader& in);

private:
    // (the owner of this file)
};

}  // namespace paperd::execution
