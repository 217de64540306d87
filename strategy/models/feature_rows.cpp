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
                                      const std::vector<std::string>& also_defined) {
    CHECK(symbols > 0, "there is at least one symbol");
    const auto level = std::ranges::find_if(columns, is_level_column);
    if (level != columns.end()) {
        return fail(
            fmt::format("the column '{}' is in shares or currency, so its scale changes "
                        "with every split; models take scale-free columns",
                        *level));
    }
    FeatureSettings settings{.wanted = columns};
    settings.wanted.insert(settings.wanted.end(), also_defined.begin(), also_defined.end());
    FeatureRows rows;
    for (std::size_t i = 0; i < symbols; ++i) {
        TRY_LET(auto stream, make_feature_set(set, settings));
        rows.streams_.push_back(std::move(stream));
    }
    const auto known = rows.streams_.front()->columns();
    rows.places_ = places(known, columns);
    rows.also_ = places(known, also_defined);
    rows.values_.resize(known.size());
    return rows;
}

bool FeatureRows::next(SymbolId symbol, const BarWindow& window, std::span<double> out) {
    CHECK(out.size() == places_.size(), "a row has the columns asked for");
    streams_[index(symbol)]->next(window, nullptr, values_);
    const auto defined = [this](std::size_t place) { return std::isfinite(values_[place]); };
    for (std::size_t c = 0; c < out.size(); ++c) {
        out[c] = values_[places_[c]];
    }
    return std::ranges::all_of(places_, defined) && std::ranges::all_of(also_, defined);
}

void FeatureRows::reset(SymbolId symbol) { streams_[index(symbol)]->reset(); }

}  // namespace paperd::strategy
