// From bars to what train() takes: each symbol's defined rows with the next bar's return, broken
// into segments where nothing may cross.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "execution/types/calendar.h"
#include "execution/types/result.h"
#include "execution/types/slice.h"
#include "strategy/market_data_handler.h"
#include "strategy/models/facts.h"
#include "strategy/training/train.h"

namespace paperd::strategy {

struct DatasetSettings {
    std::string feature_set = "attention";
    std::vector<std::string> columns;
    bool intraday = false;      // targets stay inside the session
    MarketDataSettings market;  // cut_at_joins for intraday files
};

struct Dataset {
    std::vector<TrainingSeries> series;  // of the symbols with rows, in the universe's order
    std::vector<DayRange> trained_days;  // every day with a bar, those that warmed features up too;
                                         // a session without one ends a range
    std::string data_sha256;             // of the series
};

// slices: ascending in time. A row counts where every column is defined; with the attention set
// also vol_20 and regime_ok, which size the positions. Its target is the log return to the
// symbol's next bar, adjusted; unknown (NaN) where that bar comes after a missing session or a
// join, or intraday on another day. A missing session or a join also begins a new segment.
// Synthetic bars are left out. Errors: as FeatureRows::make.
Result<Dataset> make_dataset(const Universe& symbols, std::span<const Slice> slices,
                             const DatasetSettings& settings, const Calendar& calendar);

}  // namespace paperd::strategy
