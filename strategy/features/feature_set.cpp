#include "strategy/features/feature_set.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "strategy/features/sets.h"

namespace paperd::strategy {

namespace {

// Part of every feature_set_hash: rises when a column's definition changes.
constexpr std::string_view kDefinitionsVersion = "1";

constexpr std::array<std::string_view, 5> kLevels = {
    "volume_ma_5d", "volume_ma_10d", "volume_ma_21d", "dollar_volume", "amihud_ratio"};

struct KnownSet {
    std::string_view name;
    std::size_t warmup_bars;
};

// attention: 60 volatilities of 20 returns each; indicators: sma_50; financial: the mean of 200
// closes; regime_labels: 60 volatilities of 20 returns each.
constexpr std::array<KnownSet, 4> kSets = {KnownSet{"attention", 80}, KnownSet{"indicators", 50},
                                           KnownSet{"financial", 200},
                                           KnownSet{"regime_labels", 80}};

std::span<const std::string_view> columns_of(std::string_view name, bool with_partner) {
    if (name == "attention") {
        return attention_columns();
    }
    if (name == "indicators") {
        return indicators_columns();
    }
    if (name == "financial") {
        return financial_columns(with_partner);
    }
    if (name == "regime_labels") {
        return regime_labels_columns();
    }
    return {};
}

void fnv1a(std::uint64_t& hash, std::string_view text) {
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    }
    hash = (hash ^ 0xFF) * 0x100000001B3ULL;  // ends the text: "ab","c" is not "a","bc"
}

}  // namespace

ColumnMask wanted_columns(std::span<const std::string_view> columns,
                          const FeatureSettings& settings) {
    ColumnMask mask;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        mask[i] = settings.wanted.empty() ||
                  std::ranges::find(settings.wanted, columns[i]) != settings.wanted.end();
    }
    return mask;
}

Result<std::unique_ptr<FeatureSet>> make_feature_set(std::string_view name,
                                                     const FeatureSettings& settings,
                                                     bool with_partner) {
    const auto columns = columns_of(name, with_partner);
    if (columns.empty()) {
        return fail(
            fmt::format("there is no feature set '{}'; known are attention, indicators, "
                        "financial and regime_labels (and pairs, of two symbols)",
                        name));
    }
    for (const std::string& column : settings.wanted) {
        if (std::ranges::find(columns, column) == columns.end()) {
            return fail(fmt::format("the feature set '{}' has no column '{}'; it has {}", name,
                                    column, fmt::join(columns, ", ")));
        }
    }
    if (name == "attention") {
        return make_attention_features(settings);
    }
    if (name == "indicators") {
        return make_indicators_features(settings);
    }
    if (name == "financial") {
        return make_financial_features(settings, with_partner);
    }
    return make_regime_labels_features();
}

std::span<const std::string_view> feature_columns(std::string_view name) {
    return columns_of(name, false);
}

bool is_level_column(std::string_view column) {
    return std::ranges::find(kLevels, column) != kLevels.end();
}

std::size_t feature_warmup_bars(std::string_view name) {
    for (const KnownSet& set : kSets) {
        if (set.name == name) {
            return set.warmup_bars;
        }
    }
    return 0;
}

std::uint64_t feature_set_hash(std::string_view name, std::span<const std::string> columns) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    fnv1a(hash, kDefinitionsVersion);
    fnv1a(hash, name);
    for (const std::string& column : columns) {
        fnv1a(hash, column);
    }
    return hash;
}

}  // namespace paperd::strategy
