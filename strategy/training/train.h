// Training: chronological split with the last label purged, scalers from the training part alone,
// Adam, gradient clipping, early stopping on the validation part with the best weights restored.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "strategy/models/facts.h"
#include "strategy/models/model.h"

namespace paperd::strategy {

struct TrainingSettings {
    std::string architecture = default_architecture();
    std::string feature_set = "attention";
    std::vector<std::string> columns = {"volatility_10", "volatility_30", "momentum_10",
                                        "momentum_30", "volume_z"};
    int sequence_length = 30;
    NamedNumbers sizes = {};  // of any architecture; what is not set has the default of its own
    int epochs_max = 15;
    int batch_size = 64;
    double learning_rate = 1e-3;
    double weight_decay = 1e-4;
    double gradient_clip = 1.0;        // norm
    double validation_fraction = 0.2;  // the last part, by time
    int patience_epochs = 5;           // epochs without a better validation loss before it stops
    bool shuffle = false;              // seeded permutation of the windows, anew each epoch
    std::uint64_t seed = 1;
};

// One symbol's defined rows in time order. Rows break into segments where no window or target may
// cross (missing session, series cut, and for targets the session's end). target NaN: unknown or
// purged.
struct TrainingSeries {
    std::string symbol;
    std::vector<double> rows;          // row-major, columns of TrainingSettings
    std::vector<double> target;        // next bar's log return
    std::vector<std::int64_t> end_ns;  // close of each row's bar
    std::vector<std::int32_t> day;     // venue's day of each row
    std::vector<std::int32_t>
        segment;  // rows of one segment are contiguous; windows never cross segments
};

struct EpochReport {
    int epoch = 0;  // 1-based
    int epochs_max = 0;
    double training_loss = 0;
    double validation_loss = 0;
    bool best = false;
};

// After each batch: how far the training has come. It may stop before the total (patience_epochs).
struct BatchReport {
    int epoch = 0;  // 1-based
    int epochs_max = 0;
    std::int64_t windows_done = 0;   // of all epochs so far
    std::int64_t windows_total = 0;  // of epochs_max epochs
    double training_loss = 0;        // mean of the epoch's batches so far
};

struct TrainingResult {
    BundleBytes bundle;
    ModelFacts facts;
    std::vector<EpochReport> epochs;
};

// facts_seed carries interval, trained_days, data_sha256, trained_command into the bundle.
// `progress` is called after every epoch, `on_batch` after every batch. Errors: too few windows in
// either part (says how many and what is needed), a loss that is not finite.
Result<TrainingResult> train(const std::vector<TrainingSeries>& series,
                             const TrainingSettings& settings, const ModelFacts& facts_seed,
                             const std::function<void(const EpochReport&)>& progress,
                             const std::function<void(const BatchReport&)>& on_batch = {});

}  // namespace paperd::strategy
