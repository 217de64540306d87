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
    ModelOutput output;  // always defined
};

// Streams the slices' bars through features and the model, which begins as it is given and must
// have a slot for each symbol; `take` gets a row wherever there is a prediction, by time, then
// symbol. Where the handler cuts a series, features and the model's slot begin anew. Errors: the
// model's feature set or a column of it is not known here.
Result<void> predict(std::size_t symbols, std::span<const Slice> slices,
                     const MarketDataSettings& market, Model& model,
                     const std::function<void(const PredictionRow&)>& take);

}  // namespace paperd::strategy
