// How good a model's predictions were; the information coefficient is statistics.h's correlation.
#pragma once

#include <span>

namespace paperd::strategy {

// Share of targets other than zero whose direction was predicted; 0 without any.
double hit_rate(std::span<const double> predictions, std::span<const double> targets);

}  // namespace paperd::strategy
