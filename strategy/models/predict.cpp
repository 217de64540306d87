#include "strategy/models/predict.h"

#include <algorithm>
#include <vector>

#include "execution/types/check.h"
#include "strategy/models/feature_rows.h"

namespace paperd::strategy {

Result<void> predict(std::size_t symbols, std::span<const Slice> slices,
                     const MarketDataSettings& market, Model& model,
                     const std::function<void(const PredictionRow&)>& take) {
    CHECK(model.slots() >= symbols, "the model has a slot for each symbol");
    if (model.facts().group != GroupKind::symbol) {
        return fail(
            "this is a model of pairs or of the universe, and predictions are listed for "
            "single symbols; replay a job that uses it",
            ErrorKind::usage);
    }
    auto rows = FeatureRows::make(symbols, model.facts().feature_set, model.facts().columns);
    if (rows.has_error()) {
        return fail(rows.error().text, ErrorKind::usage);
    }
    MarketDataHandler handler(symbols, market);
    const std::size_t columns = model.facts().columns.size();
    std::vector<double> features(model.slots() * columns);
    std::vector<std::uint8_t> defined(model.slots());
    ModelOutputs outputs = model.make_outputs();
    for (const Slice& slice : slices) {
        for (const SeriesCut& cut : handler.take(slice)) {
            rows->reset(cut.symbol);
            model.forget(index(cut.symbol));
        }
        std::ranges::fill(defined, std::uint8_t{0});
        for (const Bar& bar : slice.bars) {
            const std::size_t slot = index(bar.symbol);
            // A synthetic bar is no observation: the handler left it out.
            if (!bar.synthetic) {
                const auto row = std::span(features).subspan(slot * columns, columns);
                defined[slot] = rows->next(bar.symbol, handler.window(bar.symbol), row) ? 1 : 0;
            }
        }
        const auto stepped = model.step(features, defined, outputs);
        if (stepped.has_error()) {
            return fail(timestamp_text(slice.closed_at) + ": " + stepped.error().text);
        }
        for (std::size_t slot = 0; slot < symbols; ++slot) {
            if (outputs.defined(slot)) {
                take({.closed_at = slice.closed_at,
                      .day = slice.day,
                      .symbol = symbol_id(slot),
                      .values = outputs.of(slot)});
            }
        }
    }
    return {};
}

}  // namespace paperd::strategy
