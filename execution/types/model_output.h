// What a model said of one group of symbols in one slice, beyond what a decision's columns hold
// (prediction, uncertainty): everything else that positions depend on, so that a replay can start
// from it.
#pragma once

#include <cstdint>
#include <vector>

namespace paperd {

struct ModelOutputRow {
    std::uint32_t model = 0;     // place in the run's list of models
    std::uint32_t group = 0;     // place among the groups that the model speaks of
    std::vector<double> values;  // its outputs in their order; NaN: undefined
};

}  // namespace paperd
