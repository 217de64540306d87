// Windows into batches: the order of an epoch, and the numbers of one batch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "strategy/models/training_net.h"
#include "strategy/training/train.h"
#include "strategy/training/training_loop.h"

namespace paperd::strategy {

// The windows as they are, or with settings.shuffle a permutation of them that depends on
// (settings.seed, epoch) alone.
std::vector<std::size_t> epoch_order(std::span<const std::size_t> windows,
                                     const TrainingSettings& settings, int epoch);

// On end, batch_size each, the last one smaller. Views into `windows`.
std::vector<std::span<const std::size_t>> batches_of(std::span<const std::size_t> windows,
                                                     int batch_size);

TrainingBatch gather(const TrainingData& data, const TrainingSettings& settings,
                     std::span<const std::size_t> windows);

}  // namespace paperd::strategy
