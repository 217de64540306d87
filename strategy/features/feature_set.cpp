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

// One feature set: everything the program knows of it.
struct KnownSet {
    std::string_view name;
    std::size_t warmup_bars;  // of history, before all columns can be defined
    bool for_training;        // its columns are inputs; else they are labels
    std::span<const std::string_view> (*columns)(bool with_partner);
    std::unique_ptr<FeatureSet> (*make)(const FeatureSettings& settings, bool with_partner);
};

// A new set is one row here, its two functions in sets.h and its source.
constexpr std::array<KnownSet, 4> kSets = {{
    {"attention", 80, true,  // 60 volatilities of 20 returns each
     [](bool) { return attention_columns(); },
     [](const FeatureSettings& settings, bool) { return make_attention_features(settings); }},
    {"indicators", 50, true,  // sma_50
     [](bool) { return indicators_columns(); },
     [](const FeatureSettings& settings, bool) { return make_indicators_features(settings); }},
    {"financial", 200, true, financial_columns, make_financial_features},  // mean of 200 closes
    {"regime_labels", 80, false,  // 60 volatilities of 20 returns each
     [](bool) { return regime_labels_columns(); },
     [](const FeatureSettings&, bool) { return make_regime_labels_features(); }},
}};

const KnownSet* find_set(std::string_view name) {
    const auto found = std::ranges::find(kSets, name, &KnownSet::name);
    return found == kSets.end() ? nullptr : &*found;
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
    const KnownSet* const set = find_set(name);
    if (set == nullptr) {
        return fail(
            fmt::format("there is no feature set '{}'; known are {} (and pairs, of two symbols)",
                        name, fmt::join(feature_set_names(), ", ")));
    }
    const auto columns = set->columns(with_partner);
    for (const std::string& column : settings.wanted) {
        if (std::ranges::find(columns, column) == columns.end()) {
            return fail(fmt::format("the feature set '{}' has no column '{}'; it has {}", name,
                                    column, fmt::join(columns, ", ")));
        }
    }
    return set->make(settings, with_partner);
}

std::vector<std::string> feature_set_names() {
    std::vector<std::string> names;
    for (const KnownSet& set : kSets) {
        names.emplace_back(set.name);
    }
    return names;
}

std::vector<std::string> trained_feature_set_names() {
    std::vector<std::string> names;
    for (const KnownSet& set : kSets) {
        if (set.for_training) {
            names.emplace_back(set.name);
        }
    }
    return names;
}

std::span<const std::string_view> feature_columns(std::string_view name) {
    const KnownSet* const set = find_set(name);
    return set == nullptr ? std::span<const std::string_view>() : set->columns(false);
}

bool is_level_column(std::string_view column) {
    return std::ranges::find(kLevels, column) != kLevels.end();
}

std::size_t feature_warmup_bars(std::string_view name) {
    const KnownSet* const set = find_set(name);
    return set == nullptr ? 0 : set->warmup_bars;
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
