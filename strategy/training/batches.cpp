#include "strategy/training/batches.h"

#include <algorithm>
#include <cmath>

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

BatchValues gather(const TrainingData& data, const TrainingSettings& settings,
                   std::span<const std::size_t> windows) {
    const auto steps = static_cast<std::size_t>(settings.sequence_length);
    const std::size_t columns = settings.columns.size();
    BatchValues out;
    for (const std::size_t first : windows) {
        const auto rows = std::span(data.rows).subspan(first * columns, steps * columns);
        out.x.insert(out.x.end(), rows.begin(), rows.end());
        const auto targets = std::span(data.target).subspan(first, steps);
        if (settings.architecture == Architecture::attention) {
            out.target.push_back(
                static_cast<float>((targets.back() - data.target_mean) / data.target_std));
            continue;
        }
        for (const double target : targets) {
            out.up.push_back(target > 0 ? 1.0F : 0.0F);
            out.size.push_back(static_cast<float>(std::abs(target) / data.target_std));
        }
    }
    return out;
}

}  // namespace paperd::strategy
