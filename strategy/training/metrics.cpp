#include "strategy/training/metrics.h"

#include "execution/types/check.h"

namespace paperd::strategy {

double hit_rate(std::span<const double> predictions, std::span<const double> targets) {
    CHECK(predictions.size() == targets.size(), "one target a prediction");
    std::size_t hits = 0;
    std::size_t moves = 0;
    for (std::size_t i = 0; i < predictions.size(); ++i) {
        moves += targets[i] != 0 ? 1U : 0U;
        hits += predictions[i] * targets[i] > 0 ? 1U : 0U;
    }
    return moves > 0 ? static_cast<double>(hits) / static_cast<double>(moves) : 0;
}

}  // namespace paperd::strategy
