#include "execution/broker.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "execution/order_blob.h"

namespace paperd::execution {
namespace {

constexpr std::uint32_t kSection = 0x4B4F5242;  // "BROK"

// The session of an order that has not begun to work in one.
constexpr std::int32_t kNoSession = std::numeric_limits<std::int32_t>::min();

// More shares of one bar than any order can hold; keeps the cap of an absurd volume in range.
constexpr double kRoomMax = 9e10;

void settle(Order& order, OrderState state, Reason reason, Timestamp at) {
    if (order.state != state || order.reason != reason) {
        order.state = state;
        order.reason = reason;
        order.since = at;
    }
}

const Bar* bar_of(const Slice& slice, SymbolId symbol) {
    const auto found =
        std::lower_bound(slice.bars.begin(), slice.bars.end(), symbol,
                         [](const Bar& bar, SymbolId wanted) { return bar.symbol < wanted; });
    return found != slice.bars.end() && found->symbol == symbol ? &*found : nullptr;
}

}  // namespace

Broker::Broker(BrokerSettings settings, const CostModel& costs, const Failures& failures,
               const MarketStatsSource& stats)
    : settings_(settings), costs_(costs), failures_(failures), stats_(stats) {
    CHECK(settings_.lot.raw() > 0, "a lot is positive");
}

OrderId Broker::submit(const OrderRequest& request, std::vector<Order>& changed) {
    CHECK(request.quantity.raw() != 0, "an order has a quantity");
    CHECK(floor_to_lot(request.quantity, settings_.lot) == request.quantity,
          "orders are in whole lots");
    CHECK(request.limit_price.has_value() == (request.type == OrderType::limit),
          "limit orders, and only they, have a limit");
    CHECK(request.stop_price.has_value() == (request.type == OrderType::stop),
          "stop orders, and only they, have a stop");
    const Order order{.id = next_order_,
                      .symbol = request.symbol,
                      .decision_slice = request.decision_slice,
                      .decided_at = request.decided_at,
                      .decided_day = request.decided_day,
                      .decision_price = request.decision_price,
                      .type = request.type,
                      .time_in_force = request.time_in_force,
                      .quantity = request.quantity,
                      .filled = {},
                      .limit_price = request.limit_price,
                      .stop_price = request.stop_price,
                      .stop_triggered = false,
                      .state = OrderState::working,
                      .reason = Reason::accepted,
                      .since = request.decided_at};
    ++next_order_;
    const bool in_session = request.decision_slice == last_slice_ && !session_over_;
    add(order, in_session ? day_number(request.decided_day) : kNoSession);
    changed.push_back(order);
    return order.id;
}

void Broker::add(const Order& order, std::int32_t session) {
    const std::size_t symbol = index(order.symbol);
    if (by_symbol_.size() <= symbol) {
        by_symbol_.resize(symbol + 1);
        rooms_.resize(symbol + 1);
    }
    orders_.push_back(order);
    sessions_.push_back(session);
    by_symbol_[symbol].push_back(order.id);
}

void Broker::on_slice(const Slice& slice, std::vector<Fill>& fills, std::vector<Order>& changed) {
    drop_ended();
    for (std::size_t i = 0; i < orders_.size(); ++i) {
        Order& order = orders_[i];
        CHECK(order.decision_slice < slice.id, "an order meets a slice its decision has seen");
        const Order before = order;
        work(order, sessions_[i], bar_of(slice, order.symbol), slice, fills);
        if (order != before) {
            changed.push_back(order);
        }
        if (order.state != OrderState::working) {
            std::erase(by_symbol_[index(order.symbol)], order.id);
            ++ended_;
        }
    }
    drop_ended();
    last_slice_ = slice.id;
    session_over_ = slice.last_of_session;
}

// One order's slice: the end of a session that closed unseen, the bar, the end of this session.
void Broker::work(Order& order, std::int32_t& session, const Bar* bar, const Slice& slice,
                  std::vector<Fill>& fills) {
    const bool on_close = order.type == OrderType::market_on_close;
    const bool for_day = order.time_in_force == TimeInForce::day;
    const auto become = [&](OrderState state, Reason reason) {
        settle(order, state, reason, slice.closed_at);
    };
    const auto end_without_close = [&] {
        become(for_day ? OrderState::expired : OrderState::cancelled, Reason::no_closing_bar);
    };
    const std::int32_t today = day_number(slice.day);
    if (session == kNoSession) {
        session = today;
    }
    if (today > session && on_close) {
        end_without_close();
        return;
    }
    if (today > session && for_day) {
        become(OrderState::expired, Reason::expired);
        return;
    }

    const bool tradable = bar != nullptr && !bar->synthetic;
    if (tradable) {
        trade(order, *bar, slice, fills);
    } else if (on_close) {
        if (slice.last_of_session) {
            end_without_close();
        }
    } else if (bar != nullptr) {
        become(OrderState::working, Reason::synthetic_bar);
    } else if (order.reason == Reason::accepted) {
        become(OrderState::working, Reason::waiting_for_bar);
    }
    if (order.state != OrderState::working) {
        return;
    }
    const bool had_its_bar = on_close ? slice.last_of_session : bar != nullptr;
    if (order.time_in_force == TimeInForce::immediate_or_cancel && had_its_bar) {
        become(OrderState::cancelled, Reason::unfilled_ioc);
    } else if (for_day && slice.last_of_session) {
        become(OrderState::expired, Reason::expired);
    } else if (on_close && slice.last_of_session) {
        session = kNoSession;
    }
}

void Broker::trade(Order& order, const Bar& bar, const Slice& slice, std::vector<Fill>& fills) {
    const Match found = match(order, bar, slice.last_of_session);
    order.stop_triggered = order.stop_triggered || found.triggers_stop;
    if (!found.reference) {
        if (found.reason != Reason::none) {
            settle(order, OrderState::working, found.reason, slice.closed_at);
        }
        return;
    }
    Quantity& left = room(bar, slice.id);
    const Quantity reachable = found.at_limit ? lots_of(found.volume_beyond) : left;
    const Quantity size = std::min({abs(order.open_quantity()), left, reachable});
    if (size.raw() == 0) {
        settle(order, OrderState::working, Reason::no_volume, slice.closed_at);
        return;
    }
    if (failures_.execution_fails(order.id, slice.id)) {
        settle(order, OrderState::rejected, Reason::execution_failed, slice.closed_at);
        return;
    }
    left -= size;
    fill(order, size, found, bar, slice, fills);
    fills.back().at = found.at_open ? slice.open_fills_at() : slice.closed_at;
}

void Broker::fill(Order& order, Quantity size, const Match& found, const Bar& bar,
                  const Slice& slice, std::vector<Fill>& fills) {
    const bool buying = order.quantity.raw() > 0;
    Price reference = *found.reference;
    if (!found.at_limit) {
        reference = failures_.gapped(reference, bar, buying, order.id, slice.id);
    }
    if (order.limit_price) {
        reference = buying ? std::min(reference, *order.limit_price)
                           : std::max(reference, *order.limit_price);
    }
    Fill done;
    done.id = next_fill_;
    done.order = order.id;
    done.symbol = order.symbol;
    done.decision_slice = order.decision_slice;
    done.quantity = buying ? size : -size;
    done.reference_price = reference;
    ++next_fill_;
    costs_.charge(done,
                  {.bar_volume = bar.volume,
                   .day = slice.day,
                   .decision_price = order.decision_price,
                   .at_limit = found.at_limit,
                   .limit = order.limit_price},
                  stats_.stats(order.symbol));
    fills.push_back(done);
    order.filled += done.quantity;
    if (order.open_quantity().raw() == 0) {
        settle(order, OrderState::filled, Reason::filled, slice.closed_at);
    } else {
        settle(order, OrderState::working, Reason::partially_filled, slice.closed_at);
    }
}

Quantity& Broker::room(const Bar& bar, std::int64_t slice_id) {
    Room& room = rooms_[index(bar.symbol)];
    if (room.slice != slice_id) {
        room = {.slice = slice_id, .left = lots_of(settings_.participation_cap * bar.volume)};
    }
    return room.left;
}

Quantity Broker::lots_of(double volume) const {
    return floor_to_lot(Quantity::nearest(std::min(volume, kRoomMax)), settings_.lot);
}

std::size_t Broker::place_of(OrderId id) const {
    const auto found =
        std::lower_bound(orders_.begin(), orders_.end(), id,
                         [](const Order& order, OrderId wanted) { return order.id < wanted; });
    CHECK(found != orders_.end() && found->id == id, "the index names an order that is not there");
    return static_cast<std::size_t>(found - orders_.begin());
}

void Broker::cancel(SymbolId symbol, Reason reason, Timestamp at, std::vector<Order>& changed) {
    if (index(symbol) >= by_symbol_.size()) {
        return;
    }
    std::vector<OrderId>& ids = by_symbol_[index(symbol)];
    for (const OrderId id : ids) {
        Order& order = orders_[place_of(id)];
        settle(order, OrderState::cancelled, reason, at);
        changed.push_back(order);
    }
    ended_ += ids.size();
    ids.clear();
}

void Broker::cancel_all(Reason reason, Timestamp at, std::vector<Order>& changed) {
    drop_ended();
    for (Order& order : orders_) {
        settle(order, OrderState::cancelled, reason, at);
        changed.push_back(order);
        by_symbol_[index(order.symbol)].clear();
    }
    ended_ = orders_.size();
}

void Broker::split(const Split& split, Timestamp at, std::vector<Order>& changed) {
    if (index(split.symbol) >= by_symbol_.size()) {
        return;
    }
    const std::vector<OrderId> ids = std::exchange(by_symbol_[index(split.symbol)], {});
    for (const OrderId id : ids) {
        const std::size_t place = place_of(id);
        Order next = orders_[place];
        settle(orders_[place], OrderState::cancelled, Reason::cancelled_by_split, at);
        changed.push_back(orders_[place]);
        ++ended_;
        next.quantity = split_quantity(next.open_quantity(), split, settings_.lot);
        if (next.quantity.raw() == 0) {
            continue;
        }
        next.id = next_order_++;
        next.filled = {};
        next.decision_price = split_price(next.decision_price, split);
        for (std::optional<Price>* price : {&next.limit_price, &next.stop_price}) {
            if (*price) {
                *price = split_price(**price, split);
            }
        }
        next.reason = Reason::accepted;
        next.since = at;
        add(next, sessions_[place]);
        changed.push_back(next);
    }
}

void Broker::drop_ended() const {
    if (ended_ == 0) {
        return;
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < orders_.size(); ++i) {
        if (orders_[i].state == OrderState::working) {
            orders_[kept] = orders_[i];
            sessions_[kept] = sessions_[i];
            ++kept;
        }
    }
    orders_.resize(kept);
    sessions_.resize(kept);
    ended_ = 0;
}

const std::vector<Order>& Broker::working() const {
    drop_ended();
    return orders_;
}

void Broker::save(BlobWriter& out) const {
    drop_ended();
    out.put(kSection);
    out.put(next_order_);
    out.put(next_fill_);
    out.put(last_slice_);
    out.put(static_cast<std::uint8_t>(session_over_ ? 1 : 0));
    out.put(static_cast<std::uint64_t>(orders_.size()));
    for (std::size_t i = 0; i < orders_.size(); ++i) {
        put_order(out, orders_[i]);
        out.put(sessions_[i]);
    }
}

void Broker::load(BlobReader& in) {
    in.expect(kSection);
    next_order_ = in.get<OrderId>();
    next_fill_ = in.get<std::int64_t>();
    last_slice_ = in.get<std::int64_t>();
    session_over_ = in.get<std::uint8_t>() != 0;
    orders_.clear();
    sessions_.clear();
    by_symbol_.clear();
    rooms_.clear();
    ended_ = 0;
    const auto count = in.get<std::uint64_t>();
    OrderId before = 0;
    for (std::uint64_t i = 0; i < count && !in.failed(); ++i) {
        const Order order = get_order(in);
        const auto session = in.get<std::int32_t>();
        const bool sound = order.state == OrderState::working && order.id > before &&
                           order.id < next_order_ && index(order.symbol) < kMaxSymbols &&
                           order.limit_price.has_value() == (order.type == OrderType::limit) &&
                           order.stop_price.has_value() == (order.type == OrderType::stop);
        if (!sound) {
            in.fail();
            return;
        }
        before = order.id;
        add(order, session);
    }
}

}  // namespace paperd::execution
