// The rows a model wants: some columns of one feature set, streamed for every symbol.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "execution/types/result.h"
#include "execution/types/symbol.h"
#include "strategy/features/feature_set.h"
#include "strategy/market_data_handler.h"

namespace paperd::strategy {

class FeatureRows {
public:
    // also_defined: columns that must be defined too for a row to count. Errors: an unknown set or
    // column, a column in shares or currency.
    static Result<FeatureRows> make(std::size_t symbols, std::string_view set,
                                    const std::vector<std::string>& columns,
                                    const std::vector<std::string>& also_defined = {});

    // The newest bar's row into out[columns]; false when an input is undefined.
    [[nodiscard]] bool next(SymbolId symbol, const BarWindow& window, std::span<double> out);

    // The symbol's series was cut: its features begin anew.
    void reset(SymbolId symbol);

private:
    FeatureRows() = default;

    std::vector<std::unique_ptr<FeatureSet>> streams_;  // by symbol
    std::vector<std::size_t> places_;                   // of the columns, in the set
    std::vector<std::size_t> also_;                     // of those that must be defined too
    std::vector<double> values_;                        // the set's columns, of the bar at work
};

}  // namespace paperd::strategy
