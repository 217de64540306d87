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
    TRY_LET(auto rows,
            FeatureRows::make(symbols, model.facts().feature_set, model.facts().columns));
    MarketDataHandler handler(symbols, market);
    const std::size_t columns = model.facts().columns.size();
    std::vector<double> features(model.slots() * columns);
    std::vector<std::uint8_t> defined(model.slots());
    std::vector<ModelOutput> outputs(model.slots());
    for (const Slice& slice : slices) {
        for (const SeriesCut& cut : handler.take(slice)) {
            rows.reset(cut.symbol);
            model.forget(index(cut.symbol));
        }
        std::ranges::fill(defined, std::uint8_t{0});
        for (const Bar& bar : slice.bars) {
            const std::size_t slot = index(bar.symbol);
            // A synthetic bar is no observation: the handler left it out.
            if (!bar.synthetic) {
                const auto row = std::span(features).subspan(slot * columns, columns);
                defined[slot] = rows.next(bar.symbol, handler.window(bar.symbol), row) ? 1 : 0;
            }
        }
        model.step(features, defined, outputs);
        for (std::size_t slot = 0; slot < symbols; ++slot) {
            if (outputs[slot].defined) {
                take({.closed_at = slice.closed_at,
                      .day = slice.day,
                      .symbol = symbol_id(slot),
                      .output = outputs[slot]});
            }
        }
    }
    return {};
}

}  // namespace paperd::strategy
