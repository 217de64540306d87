// The loop itself: windows and first weights in, best weights out. No LibTorch type appears here.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "execution/types/result.h"
#include "strategy/models/bundle.h"
#include "strategy/training/train.h"

namespace paperd::strategy {

// Windows are settings.sequence_length rows on end, named by their first row.
struct TrainingData {
    std::vector<float> rows;              // all series' rows, scaled, row-major
    std::vector<double> target;           // of each row: the next bar's log return; NaN unknown
    std::vector<std::size_t> training;    // in the order of time
    std::vector<std::size_t> validation;  // empty: every epoch is run and the last weights are kept
    double target_mean = 0;
    double target_std = 1;
};

struct Fitted {
    std::vector<NamedTensor> weights;
    std::vector<EpochReport> epochs;  // without validation: its loss is NaN and the last is best
    std::vector<std::pair<std::string, double>> metrics;  // of the validation part
};

// An epoch's training loss is the plain mean of its batches' losses. `initial`: weights to begin
// with, by name; empty: PyTorch's default initialisation from settings.seed. Errors: a loss that is
// not finite, a build without LibTorch.
Result<Fitted> fit(const TrainingData& data, const TrainingSettings& settings,
                   const std::vector<NamedTensor>& initial,
                   const std::function<void(const EpochReport&)>& progress,
                   const std::function<void(const BatchReport&)>& on_batch = {});

}  // namespace paperd::strategy
