// The one door from floating-point weights back to integers.
#pragma once

#include "execution/types/fixed.h"

namespace paperd::risk {

// weight x equity / price, towards zero to a whole number of lots. weight finite, price > 0,
// lot > 0; 0 when equity <= 0. A quantity beyond 2.3e10, a quarter of what the type holds, is
// cut to whole lots within it.
Quantity target_quantity(double weight, Money equity, Price price, Quantity lot);

// quantity x price / equity as a double; 0 when equity <= 0.
double weight_of(Quantity quantity, Price price, Money equity);

}  // namespace paperd::risk
