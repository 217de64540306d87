#include "execution/matching.h"

namespace paperd::execution {
namespace {

Match match_limit(bool buying, Price limit, const Bar& bar) {
    const bool opens_through = buying ? bar.open <= limit : bar.open >= limit;
    if (opens_through) {
        return {.reference = bar.open, .at_open = true};
    }
    // Touching is not enough: at the limit itself we stand behind everybody who came before.
    const bool penetrated = buying ? bar.low < limit : bar.high > limit;
    if (penetrated) {
        // The range is not empty: the open lies on the other side of the limit.
        const Price beyond = buying ? limit - bar.low : bar.high - limit;
        const double volume = bar.volume * static_cast<double>(beyond.raw()) /
                              static_cast<double>((bar.high - bar.low).raw());
        return {.reference = limit, .at_limit = true, .volume_beyond = volume};
    }
    return {.reference = std::nullopt, .reason = Reason::limit_not_reached};
}

Match match_stop(bool buying, Price stop, const Bar& bar) {
    const bool opens_through = buying ? bar.open >= stop : bar.open <= stop;
    if (opens_through) {
        return {.reference = bar.open, .at_open = true, .triggers_stop = true};
    }
    const bool reached = buying ? bar.high >= stop : bar.low <= stop;
    if (reached) {
        return {.reference = stop, .triggers_stop = true};
    }
    return {.reference = std::nullopt, .reason = Reason::stop_not_reached};
}

}  // namespace

Match match(const Order& order, const Bar& bar, bool last_of_session) {
    const bool buying = order.quantity.raw() > 0;
    switch (order.type) {
        case OrderType::market:
            return {.reference = bar.open, .at_open = true};
        case OrderType::market_on_close:
            return last_of_session ? Match{.reference = bar.close} : Match{};
        case OrderType::limit:
            return match_limit(buying, *order.limit_price, bar);
        case OrderType::stop:
            return order.stop_triggered ? Match{.reference = bar.open, .at_open = true}
                                        : match_stop(buying, *order.stop_price, bar);
    }
    CHECK(false, "an order type without a rule");
}

}  // namespace paperd::execution
