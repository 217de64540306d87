// The rows a model is given: some columns of one feature set, streamed for every symbol. Training,
// prediction and strategy make them here and nowhere else.
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

struct FeatureRowSettings {
    std::vector<std::string> also =
        {};  // more columns of the set, beside the row (sizing's inputs)
    // The set's own, its wanted columns excepted: they are the row's and `also`.
    FeatureSettings features = {};
};

class FeatureRows {
public:
    // Errors: an unknown set or column, a row's column in shares or currency.
    static Result<FeatureRows> make(std::size_t symbols, std::string_view set,
                                    const std::vector<std::string>& columns,
                                    const FeatureRowSettings& settings = {});

    // The newest bar's row into out[columns]; false when one of the row's columns is undefined.
    [[nodiscard]] bool next(SymbolId symbol, const BarWindow& window, std::span<double> out);

    // The columns named beside the row, of the bar that next() took last; NaN where undefined.
    [[nodiscard]] std::span<const double> also() const { return also_values_; }

    // The symbol's series was cut: its features begin anew.
    void reset(SymbolId symbol);

    // What the symbol's features carry.
    void save(SymbolId symbol, BlobWriter& out) const;
    void load(SymbolId symbol, BlobReader& in);

private:
    FeatureRows() = default;

    std::vector<std::unique_ptr<FeatureSet>> streams_;  // by symbol
    std::vector<std::size_t> places_;                   // of the row's columns, in the set
    std::vector<std::size_t> also_places_;
    std::vector<double> values_;  // the set's columns, of the bar at work
    std::vector<double> also_values_;
};

}  // namespace paperd::strategy
