#include "execution/order_blob.h"

namespace paperd::execution {
namespace {

void put_optional(BlobWriter& out, const std::optional<Price>& price) {
    out.put(static_cast<std::uint8_t>(price ? 1 : 0));
    out.put(price ? price->raw() : std::int64_t{0});
}

std::optional<Price> get_optional(BlobReader& in) {
    const bool present = in.get<std::uint8_t>() != 0;
    const Price price = Price::from_raw(in.get<std::int64_t>());
    return present ? std::optional<Price>(price) : std::nullopt;
}

template <class Enum>
Enum get_enum(BlobReader& in, Enum last) {
    const auto value = in.get<std::uint8_t>();
    if (value > static_cast<std::uint8_t>(last)) {
        in.fail();
        return Enum{};
    }
    return static_cast<Enum>(value);
}

}  // namespace

void put_order(BlobWriter& out, const Order& order) {
    out.put(order.id);
    out.put(static_cast<std::uint32_t>(order.symbol));
    out.put(order.decision_slice);
    out.put(to_ns(order.decided_at));
    out.put(day_number(order.decided_day));
    out.put(order.decision_price.raw());
    out.put(static_cast<std::uint8_t>(order.type));
    out.put(static_cast<std::uint8_t>(order.time_in_force));
    out.put(order.quantity.raw());
    out.put(order.filled.raw());
    put_optional(out, order.limit_price);
    put_optional(out, order.stop_price);
    out.put(static_cast<std::uint8_t>(order.stop_triggered ? 1 : 0));
    out.put(static_cast<std::uint8_t>(order.state));
    out.put(static_cast<std::uint8_t>(order.reason));
    out.put(to_ns(order.since));
}

Order get_order(BlobReader& in) {
    Order order;
    order.id = in.get<std::int64_t>();
    order.symbol = static_cast<SymbolId>(in.get<std::uint32_t>());
    order.decision_slice = in.get<std::int64_t>();
    order.decided_at = from_ns(in.get<std::int64_t>());
    order.decided_day = day_from_number(in.get<std::int32_t>());
    order.decision_price = Price::from_raw(in.get<std::int64_t>());
    order.type = get_enum(in, OrderType::stop);
    order.time_in_force = get_enum(in, TimeInForce::immediate_or_cancel);
    order.quantity = Quantity::from_raw(in.get<std::int64_t>());
    order.filled = Quantity::from_raw(in.get<std::int64_t>());
    order.limit_price = get_optional(in);
    order.stop_price = get_optional(in);
    order.stop_triggered = in.get<std::uint8_t>() != 0;
    order.state = get_enum(in, OrderState::rejected);
    order.reason = static_cast<Reason>(in.get<std::uint8_t>());
    order.since = from_ns(in.get<std::int64_t>());
    return order;
}

}  // namespace paperd::execution
