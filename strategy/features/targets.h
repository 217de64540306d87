// What models learn to predict: known one bar after the row it belongs to, so never a feature.
// The column is called `target` and comes last.
#pragma once

#include <cmath>
#include <string_view>

namespace paperd::strategy {

// attention: the next bar's log return. close, next_close: adjusted, of two neighbouring bars.
inline double log_return_target(double close, double next_close) {
    return std::log(next_close) - std::log(close);
}

// indicators: 1 when the next bar closes higher, else 0.
inline double up_target(double close, double next_close) {
    return next_close / close - 1 > 0 ? 1 : 0;
}

// The set's target function; nullptr for sets without a target.
using TargetFunction = double (*)(double close, double next_close);

inline TargetFunction target_of(std::string_view set) {
    if (set == "attention") {
        return log_return_target;
    }
    return set == "indicators" ? up_target : nullptr;
}

}  // namespace paperd::strategy
