// A model's predictions over bars, without a strategy: what `paperd predict` prints.
#pragma once

#include <functional>
#include <span>

#include "execution/types/slice.h"
#include "strategy/market_data_handler.h"
#include "strategy/models/model.h"

namespace paperd::strategy {

struct PredictionRow {
    Timestamp closed_at;
    Day day{};
    SymbolId symbol{};
    std::span<const double> values;  // of the model's outputs, in their order; valid in the call
};

// Streams the slices' bars through features and the model, which begins as it is given and must
// have a slot for each symbol; `take` gets a row wherever there is a prediction, by time, then
// symbol. The model is one of single symbols. Where the handler cuts a series, features and the
// model's slot begin anew. Errors: the model's feature set or a column of it is not known here, the
// model is of pairs or the universe, or it fails at a slice.
Result<void> predict(std::size_t symbols, std::span<const Slice> slices,
                     const MarketDataSettings& market, Model& model,
                     const std::function<void(const PredictionRow&)>& take);

}  // namespace paperd::strategy
