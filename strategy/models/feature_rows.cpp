#include "strategy/models/feature_rows.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "execution/types/check.h"

namespace paperd::strategy {
namespace {

std::vector<std::size_t> places(std::span<const std::string_view> known,
                                const std::vector<std::string>& columns) {
    std::vector<std::size_t> out;
    for (const std::string& column : columns) {
        const auto found = std::ranges::find(known, column);
        CHECK(found != known.end(), "the feature set knows its wanted columns");
        out.push_back(static_cast<std::size_t>(found - known.begin()));
    }
    return out;
}

}  // namespace

Result<FeatureRows> FeatureRows::make(std::size_t symbols, std::string_view set,
                                      const std::vector<std::string>& columns,
                                      const FeatureRowSettings& settings) {
    CHECK(symbols > 0, "there is at least one symbol");
    const auto level = std::ranges::find_if(columns, is_level_column);
    if (level != columns.end()) {
        return fail(
            fmt::format("the column '{}' is in shares or currency, so its scale changes "
                        "with every split; models take scale-free columns",
                        *level));
    }
    FeatureSettings features = settings.features;
    features.wanted = columns;
    features.wanted.insert(features.wanted.end(), settings.also.begin(), settings.also.end());
    FeatureRows rows;
    for (std::size_t i = 0; i < symbols; ++i) {
        TRY_LET(auto stream, make_feature_set(set, features));
        rows.streams_.push_back(std::move(stream));
    }
    const auto known = rows.streams_.front()->columns();
    rows.places_ = places(known, columns);
    rows.also_places_ = places(known, settings.also);
    rows.values_.resize(known.size());
    rows.also_values_.resize(settings.also.size());
    return rows;
}

bool FeatureRows::next(SymbolId symbol, const BarWindow& window, std::span<double> out) {
    CHECK(out.size() == places_.size(), "a row has the columns asked for");
    streams_[index(symbol)]->next(window, nullptr, values_);
    for (std::size_t c = 0; c < also_places_.size(); ++c) {
        also_values_[c] = values_[also_places_[c]];
    }
    bool defined = true;
    for (std::size_t c = 0; c < out.size(); ++c) {
        out[c] = values_[places_[c]];
        defined = defined && std::isfinite(out[c]);
    }
    return defined;
}

void FeatureRows::reset(SymbolId symbol) { streams_[index(symbol)]->reset(); }

void FeatureRows::save(SymbolId symbol, BlobWriter& out) const {
    streams_[index(symbol)]->save(out);
}

void FeatureRows::load(SymbolId symbol, BlobReader& in) { streams_[index(symbol)]->load(in); }

}  // namespace paperd::strategy
