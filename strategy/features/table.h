// A feature set over a whole series at once, for people, training and evaluation: the same streams
// as live, fed bar by bar.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "execution/types/bar.h"
#include "execution/types/result.h"
#include "strategy/features/feature_set.h"
#include "strategy/features/pairs.h"
#include "strategy/market_data_handler.h"

namespace paperd::strategy {

// Bars of one symbol, ascending; `days` (the venue's) has one entry for each.
struct BarSeries {
    std::span<const Bar> bars;
    std::span<const Day> days;
};

struct FeatureTable {
    std::vector<std::string> columns;
    std::vector<std::size_t> bars;  // which bar of the series each row describes
    std::vector<double> values;     // row-major; NaN where undefined

    [[nodiscard]] std::span<const double> row(std::size_t r) const {
        return std::span<const double>(values).subspan(r * columns.size(), columns.size());
    }
};

// All columns of the set, then `target` where the set has one. With a partner (financial only) the
// rows are the bars that close at one instant in both series, and market_corr is among the columns.
// Synthetic bars give no row. Nothing is computed across a cut of the series (market.cut_at_joins),
// no target either. Errors: an unknown set, a partner where the set takes none or without common
// bars.
Result<FeatureTable> feature_table(std::string_view set, const BarSeries& series,
                                   const BarSeries* partner, const FeatureSettings& settings,
                                   const MarketDataSettings& market);

// The pair's features and labels for the common bars after settings.train_until.
// Errors: see pairs.h.
Result<FeatureTable> pairs_table(const BarSeries& first, const BarSeries& second,
                                 const PairSettings& settings);

// CSV as the goldens have it: `time_name`, then the columns; 17 significant digits, '.' in every
// locale, empty where undefined. times: text for each bar of the (first) series.
std::string table_csv(const FeatureTable& table, std::string_view time_name,
                      std::span<const std::string> times);

}  // namespace paperd::strategy
