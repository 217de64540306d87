// The three ways paper trading environments flatter a strategy, switched on with a seed: late data,
// orders that fail, and prices that gap against the trader. Draws are pure functions of (seed, id,
// purpose).
#pragma once

#include <cstdint>

#include "execution/types/bar.h"
#include "execution/types/order.h"

namespace paperd::execution {

struct FailureSettings {
    // A bar comes too late to decide on in its slice.
    double data_delay_probability = 0;
    // The venue loses an order at a bar that would fill it.
    double execution_failure_probability = 0;
    // The reference price moves towards the bar's far end ...
    double price_gap_probability = 0;
    // ... by at most this part of the way from the reference to the bar's adverse extreme.
    double price_gap_fraction_max = 1.0;
    std::uint64_t seed = 0;
};

class Failures {
public:
    explicit Failures(FailureSettings settings) : settings_(settings) {}

    [[nodiscard]] bool data_delayed(std::int64_t slice_id, SymbolId symbol) const;
    [[nodiscard]] bool execution_fails(OrderId order, std::int64_t slice_id) const;

    // `reference` moved towards bar.high (buying) or bar.low (selling), or as it was. Within the
    // bar when the reference is.
    [[nodiscard]] Price gapped(Price reference, const Bar& bar, bool buying, OrderId order,
                               std::int64_t slice_id) const;

private:
    FailureSettings settings_;
};

}  // namespace paperd::execution
