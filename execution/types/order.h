// An order and its life. Ids count 1, 2, ... through the run, so that they are the same in every
// replay.
#pragma once

#include <cstdint>
#include <iterator>
#include <optional>

#include "execution/types/fixed.h"
#include "execution/types/reason.h"
#include "execution/types/symbol.h"
#include "execution/types/timestamp.h"

namespace paperd {

using OrderId = std::int64_t;

enum class OrderType : std::uint8_t { market, market_on_close, limit, stop };
enum class TimeInForce : std::uint8_t { day, good_til_cancelled, immediate_or_cancel };
enum class OrderState : std::uint8_t { working, filled, cancelled, expired, rejected };

struct Order {
    OrderId id = 0;
    SymbolId symbol{};
    std::int64_t decision_slice =
        0;  // the slice whose decision caused it; fills only on later slices
    Timestamp decided_at;
    Day decided_day{};  // the venue's day: DAY orders end with the close of the first session they
                        // work in
    Price decision_price;  // the close the decision saw: delay cost is measured from here
    OrderType type = OrderType::market;
    TimeInForce time_in_force = TimeInForce::good_til_cancelled;
    Quantity quantity;  // signed: buys > 0, sells < 0; never 0
    Quantity filled;    // signed like quantity, |filled| <= |quantity|
    std::optional<Price> limit_price;
    std::optional<Price> stop_price;
    bool stop_triggered = false;
    OrderState state = OrderState::working;
    Reason reason = Reason::accepted;
    Timestamp since;  // when it came into this state or reason

    [[nodiscard]] Quantity open_quantity() const { return quantity - filled; }

    bool operator==(const Order&) const = default;
};

constexpr const char* order_type_name(OrderType type) {
    constexpr const char* kNames[] = {"market", "market_on_close", "limit", "stop"};
    const auto at = static_cast<std::size_t>(type);
    return at < std::size(kNames) ? kNames[at] : "unknown";
}

constexpr const char* time_in_force_name(TimeInForce tif) {
    constexpr const char* kNames[] = {"day", "gtc", "ioc"};
    const auto at = static_cast<std::size_t>(tif);
    return at < std::size(kNames) ? kNames[at] : "unknown";
}

constexpr const char* order_state_name(OrderState state) {
    constexpr const char* kNames[] = {"working", "filled", "cancelled", "expired", "rejected"};
    const auto at = static_cast<std::size_t>(state);
    return at < std::size(kNames) ? kNames[at] : "unknown";
}

}  // namespace paperd
