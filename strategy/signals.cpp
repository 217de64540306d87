#include "strategy/signals.h"

#include <algorithm>

#include "execution/types/check.h"

namespace paperd::strategy {

Signal without_bar(const MarketDataHandler& market, SymbolId symbol) {
    return {.reason = market.bars_seen(symbol) > 0 ? Reason::no_bar : Reason::not_listed};
}

void Weighing::weigh(const PositionOutput& position, Signal& signal) const {
    signal.reason = position.reason;
    if (position.position < 0 && !allow_short_) {
        signal.weight = 0;
        signal.reason = Reason::short_not_allowed;
        return;
    }
    signal.weight = position.position == 0 ? 0.0 : share_ * position.position;
}

void BarsPresent::read(const Slice& slice) {
    std::ranges::fill(present_, std::uint8_t{0});
    for (const Bar& bar : slice.bars) {
        CHECK(index(bar.symbol) < present_.size(), "a bar of a symbol that is not in the universe");
        present_[index(bar.symbol)] = bar.synthetic ? 0 : 1;
    }
}

}  // namespace paperd::strategy
