// Whether a slice's prices keep every amount of the account within the range of Money, before
// anything is computed with them. Money's overflow is a programmer's error (CHECK); an absurd price
// is somebody's file.
#pragma once

#include <optional>
#include <vector>

#include "execution/broker.h"
#include "execution/costs.h"
#include "execution/portfolio.h"
#include "execution/types/slice.h"

namespace paperd::execution {

// A third of what Money holds (9.2e10): the difference of two amounts within it is still one, also
// after a dividend is taken back.
inline constexpr double kAccountMax = 3e10;

struct OutOfRange {
    SymbolId symbol = kNoSymbol;  // the one that weighs most; none: interest and borrow fees
    double amount = 0;            // what the account could reach
};

class AccountRange {
public:
    AccountRange(std::size_t symbols, const CostSettings& costs);

    // An upper bound of what the account can hold, owe, pay and book in this slice: cash, interest
    // of `days` calendar days, and for each symbol its dividend, its fills at the bar's high with
    // every cost, and the position they leave. `broker` and `portfolio` are as the slice before
    // left them.
    std::optional<OutOfRange> beyond(const Slice& slice, const Portfolio& portfolio,
                                     const Broker& broker, std::int64_t days);

private:
    CostSettings costs_;
    FeeTerms fees_;
    std::vector<Price> highest_;   // of the slice, by symbol
    std::vector<double> ordered_;  // new shares that may fill, by symbol
    std::vector<double> fills_;    // each order's at most one, by symbol
    std::vector<double> shares_;   // by symbol, new for one old of the slice's splits
};

}  // namespace paperd::execution
