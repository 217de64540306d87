// From a position to a target weight: what all strategies share.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "execution/types/decision.h"
#include "strategy/positions/positions.h"
#include "strategy/strategy.h"

namespace paperd::strategy {

// The symbol has no bar in this slice.
Signal without_bar(const MarketDataHandler& market, SymbolId symbol);

// weight = gross budget / symbols x position; a short one becomes flat where shorts are off.
class Weighing {
public:
    Weighing(std::size_t symbols, const StrategySettings& settings)
        : share_(settings.gross_budget / static_cast<double>(symbols)),
          allow_short_(settings.allow_short) {}

    void weigh(const PositionOutput& position, Signal& signal) const;

private:
    double share_;
    bool allow_short_;
};

// The symbols of a slice that have a bar to decide on, by index.
class BarsPresent {
public:
    explicit BarsPresent(std::size_t symbols) : present_(symbols) {}

    void read(const Slice& slice);

    // By symbol, 1 where there is one.
    [[nodiscard]] std::span<const std::uint8_t> flags() const { return present_; }

    [[nodiscard]] bool operator[](std::size_t symbol) const { return present_[symbol] != 0; }

private:
    std::vector<std::uint8_t> present_;
};

}  // namespace paperd::strategy
