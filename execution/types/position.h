// What the account holds, and what it is worth.
#pragma once

#include "execution/types/fixed.h"
#include "execution/types/symbol.h"
#include "execution/types/timestamp.h"

namespace paperd {

struct Position {
    Quantity quantity;  // signed
    Money cost;         // total cost of what is held: > 0 long, < 0 short (proceeds); 0 when flat
    Money realized;     // so far: proceeds less cost of what was closed, commission not included
    Timestamp since;    // when it last left flat or changed sign

    bool operator==(const Position&) const = default;
};

// The account at the end of one slice, at the last known closes.
struct Equity {
    Money cash;
    Money value;   // sum of quantity x mark
    Money equity;  // cash + value
    Money gross;   // sum of |quantity x mark|
    Money net;     // = value
    Money peak;    // highest equity so far; drawdown = equity / peak - 1

    bool operator==(const Equity&) const = default;
};

}  // namespace paperd
