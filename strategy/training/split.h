// From series to windows: a split by time with the label that reaches over it purged, scalers from
// the training part alone.
#pragma once

#include <vector>

#include "execution/types/result.h"
#include "strategy/training/train.h"
#include "strategy/training/training_loop.h"

namespace paperd::strategy {

inline constexpr std::size_t kTrainingWindowsMin = 64;
inline constexpr std::size_t kValidationWindowsMin = 16;

struct Split {
    TrainingData data;
    std::vector<double> feature_mean;  // of the training rows
    std::vector<double> feature_std;   // population
};

// The split is the time before which 1 - validation_fraction of all times with a known label lie.
// Rows from it on are for validation; each series' last row before it is left out, for its label is
// the first validation row's return. Windows lie within one part and one segment, ordered by (time
// of the last row, series); each needs its last row's label, or every row's, as the architecture
// says. Errors: too few windows in a part, a column that does not vary.
Result<Split> split_windows(const std::vector<TrainingSeries>& series,
                            const TrainingSettings& settings);

}  // namespace paperd::strategy
