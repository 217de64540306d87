// The five feature sets as streams: one instance a symbol, fed each bar once, in order.
// Definitions, column names and what counts as undefined are those of the pandas reference; see
// each set's source. Windowed columns are a pure function of the window (two passes, afresh); only
// exponential averages and the regime labels' ring carry state.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "execution/types/blob.h"
#include "execution/types/result.h"
#include "strategy/market_data_handler.h"

namespace paperd::strategy {

struct FeatureSettings {
    double trend_floor = 0.0075;  // attention: trend_ok above this |close - ma50| / ma50
    double vol_ratio_max = 1.2;   // attention: vol_ok below this multiple of the median volatility
    // Only these columns are needed (empty: all). The others may be left NaN; a set may use it to
    // save work.
    std::vector<std::string> wanted = {};
};

class FeatureSet {
public:
    virtual ~FeatureSet() = default;

    // Point-in-time columns, in the order of the goldens; no target or label among them.
    [[nodiscard]] virtual std::span<const std::string_view> columns() const = 0;

    // The newest bar's values into out[columns().size()]; NaN where undefined. `window` ends with
    // that bar. `partner` is the partner's window ending at the same bar (market_corr), or nullptr.
    virtual void next(const BarWindow& window, const BarWindow* partner, std::span<double> out) = 0;

    // Forgets everything carried, as before the first bar.
    virtual void reset() = 0;

    virtual void save(BlobWriter& out) const = 0;
    virtual void load(BlobReader& in) = 0;
};

// name: one of feature_set_names(); of financial, with_partner adds market_corr at its place.
// `pairs` is not a stream of one symbol; see strategy/features/pairs.h. Error: an
// unknown name, with the known ones; an unknown wanted column.
Result<std::unique_ptr<FeatureSet>> make_feature_set(std::string_view name,
                                                     const FeatureSettings& settings,
                                                     bool with_partner = false);

// The sets, and those of them that models are trained on.
std::vector<std::string> feature_set_names();
std::vector<std::string> trained_feature_set_names();

// Columns of a set without building it; empty when the name is unknown.
std::span<const std::string_view> feature_columns(std::string_view name);

// Columns in shares or currency: they serve people and liquidity filters. Their scale changes with
// every split, so models do not take them.
bool is_level_column(std::string_view column);

// Bars of history a set needs before all its columns can be defined.
std::size_t feature_warmup_bars(std::string_view name);

// Names the set, its columns and the version of their definitions; stored with models and
// decisions.
std::uint64_t feature_set_hash(std::string_view name, std::span<const std::string> columns);

}  // namespace paperd::strategy
