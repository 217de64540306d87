// The feature sets behind make_feature_set, and what they share.
#pragma once

#include <bitset>
#include <cmath>
#include <limits>
#include <memory>
#include <span>
#include <string_view>

#include "strategy/features/feature_set.h"

namespace paperd::strategy {

inline constexpr std::size_t kMaxColumns = 64;
using ColumnMask = std::bitset<kMaxColumns>;

// The columns that `settings` asks for, all of them when it names none.
ColumnMask wanted_columns(std::span<const std::string_view> columns,
                          const FeatureSettings& settings);

std::span<const std::string_view> attention_columns();
std::span<const std::string_view> indicators_columns();
std::span<const std::string_view> financial_columns(bool with_partner);
std::span<const std::string_view> regime_labels_columns();

std::unique_ptr<FeatureSet> make_attention_features(const FeatureSettings& settings);
std::unique_ptr<FeatureSet> make_indicators_features(const FeatureSettings& settings);
std::unique_ptr<FeatureSet> make_financial_features(const FeatureSettings& settings,
                                                    bool with_partner);
std::unique_ptr<FeatureSet> make_regime_labels_features();

inline constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

// Only finite numbers are values; 0/0 and x/0 are undefined.
inline void drop_infinite(std::span<double> values) {
    for (double& value : values) {
        if (!std::isfinite(value)) {
            value = kUndefined;
        }
    }
}

// 1 or 0; undefined where `input` is.
inline double flag(bool condition, double input) {
    return std::isnan(input) ? kUndefined : (condition ? 1.0 : 0.0);
}

// newest / value `bars` before - 1; undefined in a shorter window.
inline double change(std::span<const double> series, std::size_t bars) {
    return series.size() > bars ? series.back() / series[series.size() - 1 - bars] - 1 : kUndefined;
}

}  // namespace paperd::strategy
