#include "risk/sizing.h"

#include <algorithm>
#include <cmath>

namespace paperd::risk {
namespace {

// A quarter of what the type holds: from the largest long position to the largest short one is
// still an order.
constexpr double kRawMax = 2.3e18;

}  // namespace

Quantity target_quantity(double weight, Money equity, Price price, Quantity lot) {
    CHECK(std::isfinite(weight), "a weight that is not finite reached sizing");
    CHECK(price.raw() > 0 && lot.raw() > 0, "sizing needs a price and a lot above zero");
    if (equity.raw() <= 0) {
        return {};
    }
    const double shares = std::abs(weight) * equity.to_double() / price.to_double();
    const auto lot_raw = static_cast<double>(lot.raw());
    const double lots = std::floor(std::min(shares / lot.to_double(), kRawMax / lot_raw));
    const auto raw = static_cast<std::int64_t>(lots) * lot.raw();
    return Quantity::from_raw(std::signbit(weight) ? -raw : raw);
}

double weight_of(Quantity quantity, Price price, Money equity) {
    return equity.raw() > 0 ? quantity.to_double() * price.to_double() / equity.to_double() : 0;
}

}  // namespace paperd::risk
