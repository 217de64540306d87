#include "strategy/training/batches.h"

#include <algorithm>

#include "execution/types/random.h"

namespace paperd::strategy {

std::vector<std::size_t> epoch_order(std::span<const std::size_t> windows,
                                     const TrainingSettings& settings, int epoch) {
    std::vector<std::size_t> order(windows.begin(), windows.end());
    if (settings.shuffle) {
        for (std::size_t i = order.size(); i > 1; --i) {
            const std::uint64_t draw = draw64(settings.seed, i, static_cast<std::uint64_t>(epoch));
            std::swap(order[i - 1], order[static_cast<std::size_t>(draw % i)]);
        }
    }
    return order;
}

std::vector<std::span<const std::size_t>> batches_of(std::span<const std::size_t> windows,
                                                     int batch_size) {
    const auto size = static_cast<std::size_t>(batch_size);
    std::vector<std::span<const std::size_t>> out;
    for (std::size_t at = 0; at < windows.size(); at += size) {
        out.push_back(windows.subspan(at, std::min(size, windows.size() - at)));
    }
    return out;
}

TrainingBatch gather(const TrainingData& data, const TrainingSettings& settings,
                     std::span<const std::size_t> windows) {
    const auto steps = static_cast<std::size_t>(settings.sequence_length);
    const std::size_t columns = settings.columns.size();
    TrainingBatch out{.windows = static_cast<std::int64_t>(windows.size()),
                      .steps = static_cast<std::int64_t>(steps),
                      .columns = static_cast<std::int64_t>(columns),
                      .rows = {},
                      .returns = {},
                      .target_mean = data.target_mean,
                      .target_std = data.target_std};
    for (const std::size_t first : windows) {
        const auto rows = std::span(data.rows).subspan(first * columns, steps * columns);
        out.rows.insert(out.rows.end(), rows.begin(), rows.end());
        const auto returns = std::span(data.target).subspan(first, steps);
        out.returns.insert(out.returns.end(), returns.begin(), returns.end());
    }
    return out;
}

}  // namespace paperd::strategy
