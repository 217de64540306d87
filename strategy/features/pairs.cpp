#include "strategy/features/pairs.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "execution/types/check.h"
#include "strategy/features/sets.h"
#include "strategy/statistics.h"

namespace paperd::strategy {

namespace {

// 1 when any of the next `window` rows is near, 0 when none, undefined without that many rows.
double reverts(const std::vector<bool>& near, std::size_t row, std::size_t window) {
    if (row + window >= near.size()) {
        return kUndefined;
    }
    const auto begin = near.begin() + static_cast<std::ptrdiff_t>(row) + 1;
    return std::find(begin, begin + static_cast<std::ptrdiff_t>(window), true) !=
                   begin + static_cast<std::ptrdiff_t>(window)
               ? 1
               : 0;
}

}  // namespace

PairScalers fit_pair(std::span<const double> close1, std::span<const double> close2) {
    CHECK(close1.size() == close2.size(), "the two legs of a pair are aligned");
    PairScalers fit{.first_mean = mean(close1),
                    .first_std = deviation(close1),
                    .second_mean = mean(close2),
                    .second_std = deviation(close2)};
    std::vector<double> spread(close1.size());
    for (std::size_t i = 0; i < spread.size(); ++i) {
        spread[i] = pair_spread(fit, close1[i], close2[i]);
    }
    fit.spread_mean = mean(spread);
    fit.spread_std = deviation(spread);
    return fit;
}

Result<std::vector<double>> pairs_features(std::span<const double> close1,
                                           std::span<const double> close2, std::size_t past,
                                           const PairSettings& settings) {
    CHECK(close1.size() == close2.size(), "the two legs of a pair are aligned");
    const std::size_t rows = close1.size();
    if (settings.window < 2) {
        return fail(fmt::format("a pair's window is at least 2 bars, not {}", settings.window),
                    ErrorKind::usage);
    }
    if (past < 2 || past >= rows) {
        return fail(fmt::format("the pair has {} common bars up to {} and {} after it; at least 2 "
                                "before and 1 after are needed: choose another --train-until",
                                past, day_text(settings.train_until), rows - past),
                    ErrorKind::usage);
    }
    const auto window = static_cast<std::size_t>(settings.window);
    const PairScalers fit = fit_pair(close1.first(past), close2.first(past));
    std::vector<double> spread(rows);
    std::vector<double> z_score(rows);
    std::vector<double> change_of(rows, kUndefined);
    for (std::size_t i = 0; i < rows; ++i) {
        spread[i] = pair_spread(fit, close1[i], close2[i]);
        z_score[i] = (spread[i] - fit.spread_mean) / fit.spread_std;
        if (i > 0) {
            change_of[i] = spread[i] / spread[i - 1] - 1;
        }
    }
    std::vector<bool> near(rows);
    for (std::size_t i = 0; i < rows; ++i) {
        near[i] = std::abs(spread[i] - fit.spread_mean) < settings.threshold;
    }

    std::vector<double> out;
    out.reserve((rows - past) * kPairsColumns.size());
    for (std::size_t i = past; i < rows; ++i) {
        const auto upto = [&](const std::vector<double>& values) {
            return i + 1 >= window ? std::span<const double>(values).subspan(i + 1 - window, window)
                                   : std::span<const double>();
        };
        std::array<double, kPairsColumns.size()> row = {spread[i],
                                                        z_score[i],
                                                        z_score[i - 1],
                                                        spread[i - 1],
                                                        mean(upto(spread)),
                                                        deviation(upto(spread)),
                                                        deviation(upto(change_of)),
                                                        reverts(near, i, window)};
        drop_infinite(row);
        out.insert(out.end(), row.begin(), row.end());
    }
    return out;
}

}  // namespace paperd::strategy
