// The simulated broker: working orders, and how a slice's bars fill them. Orders work from the
// slice after the one that caused them. See rules: market at the next open, market-on-close at the
// session's last close, limits must be penetrated (a favourable gap fills at the open), stops; at
// most participation_cap of the bar's volume, rounded down to a lot and shared by the symbol's
// orders in the order of their ids; at its limit an order gets no more than the volume beyond it
// (matching.h) either, rounded down to a lot; the rest carries on. Both bounds are taken to the
// nearest 1e-8 before they are rounded down, so that a whole lot missed by a double's last bit is
// one. The bound at the limit is each order's own: what one order took does not lower another's.
#pragma once

#include <optional>
#include <vector>

#include "execution/costs.h"
#include "execution/failures.h"
#include "execution/matching.h"
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
    std::optional<Price> limit_price;  // limit orders have one, others none
    std::optional<Price> stop_price;   // likewise stop orders
    Price decision_price;
    std::int64_t decision_slice = 0;
    Timestamp decided_at;
    Day decided_day{};
};

// Every call appends what it changed; a caller that keeps one list a slice keeps the last of each
// order.
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
    // error (CHECK). Call it for every slice of the run that trades, also without orders: it
    // remembers whether the session is over, so that an order decided at the close works first in
    // the next session.
    //   DAY  ends with its first session: after the fills of that session's last slice, or at the
    //        first slice of a later day where the last slice never came.
    //   IOC  ends with the first bar of the symbol (market-on-close: with the first closing bar).
    //   Market-on-close whose session ends without a bar of the symbol ends with no_closing_bar;
    //        what the cap left of a GTC one works at the next session's close.
    void on_slice(const Slice& slice, std::vector<Fill>& fills, std::vector<Order>& changed);

    // Cancels the symbol's working orders / all working orders with that reason. Costs as much as
    // the symbol has orders.
    void cancel(SymbolId symbol, Reason reason, Timestamp at, std::vector<Order>& changed);
    void cancel_all(Reason reason, Timestamp at, std::vector<Order>& changed);

    // A split of the symbol's shares. An order's rows say what its fills were and what its decision
    // saw, in old shares, so each working order of the symbol ends (cancelled_by_split), and a new
    // one of the same decision takes what was open: open quantity x ratio, towards zero to a lot
    // (none where that is 0), decision, limit and stop price / ratio, half to even, with the same
    // type, time in force, session and trigger, in the same order among themselves.
    void split(const Split& split, Timestamp at, std::vector<Order>& changed);

    [[nodiscard]] const std::vector<Order>& working() const;  // ascending by id; until any change

    void save(BlobWriter& out) const;
    void load(BlobReader& in);

private:
    // What is left of the participation cap of a symbol's bar, in the slice it was asked for.
    struct Room {
        std::int64_t slice = 0;
        Quantity left;
    };

    void work(Order& order, std::int32_t& session, const Bar* bar, const Slice& slice,
              std::vector<Fill>& fills);
    void trade(Order& order, const Bar& bar, const Slice& slice, std::vector<Fill>& fills);
    void fill(Order& order, Quantity size, const Match& found, const Bar& bar, const Slice& slice,
              std::vector<Fill>& fills);
    // So much volume as whole lots.
    [[nodiscard]] Quantity lots_of(double volume) const;
    Quantity& room(const Bar& bar, std::int64_t slice_id);
    [[nodiscard]] std::size_t place_of(OrderId id) const;
    void add(const Order& order, std::int32_t session);
    void drop_ended() const;

    BrokerSettings settings_;
    const CostModel& costs_;
    const Failures& failures_;
    const MarketStatsSource& stats_;

    OrderId next_order_ = 1;
    std::int64_t next_fill_ = 1;
    std::int64_t last_slice_ = 0;
    bool session_over_ = true;  // after last_slice_; before the first there is none
    // Ascending by id. Ended orders stay until drop_ended(), so that cancelling one symbol does not
    // move everybody else's orders; sessions_ is parallel: the day whose close ends a DAY or
    // market-on-close order.
    mutable std::vector<Order> orders_;
    mutable std::vector<std::int32_t> sessions_;
    mutable std::size_t ended_ = 0;
    std::vector<std::vector<OrderId>> by_symbol_;  // working only, ascending
    std::vector<Room> rooms_;                      // by symbol; of the slice being filled
};

}  // namespace paperd::execution
