// What sizing and cost estimates know of a symbol: a pure function of the bars up to the last slice
// seen.
#pragma once

#include "execution/types/fixed.h"
#include "execution/types/symbol.h"

namespace paperd {

struct MarketStats {
    double volatility =
        0;  // standard deviation of simple returns a bar, over the lookback; 0 unknown
    double median_volume = 0;         // shares a bar
    double median_dollar_volume = 0;  // account currency a bar
    double spread_corwin_schultz =
        0;  // estimated, fraction of price; shown beside the charged one, never charged
    double spread_abdi_ranaldo = 0;  // likewise
};

// Implemented by whoever keeps the bars; computed when asked.
class MarketStatsSource {
public:
    virtual ~MarketStatsSource() = default;
    [[nodiscard]] virtual const MarketStats& stats(SymbolId symbol) const = 0;
};

}  // namespace paperd
