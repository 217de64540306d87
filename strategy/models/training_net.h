// An architecture in training: batches in, a loss to descend and predictions out. LibTorch's types
// are named only; the sources that use them include torch.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "strategy/models/facts.h"

namespace at {
class Tensor;
}

namespace torch::nn {
class Module;
}

namespace paperd::strategy {

// B windows of T rows on end, row-major.
struct TrainingBatch {
    std::int64_t windows = 0;     // B
    std::int64_t steps = 0;       // T
    std::int64_t columns = 0;     // of a row
    std::vector<float> rows;      // B x T x columns, scaled
    std::vector<double> returns;  // B x T: each row's next log return; NaN where it is not known
    double target_mean = 0;       // of the training returns
    double target_std = 1;
};

class TrainingNet {
public:
    virtual ~TrainingNet() = default;

    // Its parameters have the reference's names, which are those of a bundle's weights.
    virtual torch::nn::Module& module() = 0;

    // A scalar.
    virtual at::Tensor loss(const TrainingBatch& batch) = 0;

    // Each window's return_1, a log return.
    virtual std::vector<double> predictions(const TrainingBatch& batch) = 0;
};

struct TrainingNetSettings {
    std::int64_t columns = 0;
    NamedNumbers sizes;  // all of the architecture's

    [[nodiscard]] std::int64_t size(std::string_view name) const;
    [[nodiscard]] double real_size(std::string_view name) const;
};

// Initialised from LibTorch's generator as it stands.
using MakeTrainingNet = std::unique_ptr<TrainingNet> (*)(const TrainingNetSettings& settings);

}  // namespace paperd::strategy
