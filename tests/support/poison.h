// Bars as they must not matter to anything before them.
#pragma once

#include <limits>

#include "execution/types/bar.h"

namespace paperd::support {

enum class Poison {
    times_ten,       // prices and volume
    another_factor,  // half the adj_close: as if a dividend or split had changed the adjustment
    no_number,       // a volume that is none; prices are integers and cannot be
};

inline const char* name_of(Poison poison) {
    switch (poison) {
        case Poison::times_ten:
            return "times ten";
        case Poison::another_factor:
            return "another factor";
        case Poison::no_number:
            return "no number";
    }
    return "";
}

inline Bar poisoned(Bar bar, Poison poison) {
    switch (poison) {
        case Poison::times_ten:
            for (Price* price : {&bar.open, &bar.high, &bar.low, &bar.close, &bar.adj_close}) {
                *price = Price::from_raw(price->raw() * 10);
            }
            bar.volume *= 10;
            break;
        case Poison::another_factor:
            bar.adj_close = Price::from_raw(bar.adj_close.raw() / 2);
            break;
        case Poison::no_number:
            bar.volume = std::numeric_limits<double>::quiet_NaN();
            break;
    }
    return bar;
}

}  // namespace paperd::support
