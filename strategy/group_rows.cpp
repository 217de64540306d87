#include "strategy/group_rows.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "execution/types/check.h"
#include "execution/types/section_tag.h"
#include "strategy/features/sets.h"

namespace paperd::strategy {

namespace {

constexpr std::uint32_t kTag = section_tag("GROW");
constexpr std::string_view kSizingSet = "attention";  // whose columns size positions
constexpr std::string_view kPairsSet = "pairs";
constexpr std::size_t kZScorePlace = 1;  // in kPairStreamColumns

const std::vector<std::string> kSizing = {"vol_20", "vol_60_med", "trend_strength", "regime_ok"};

// Of one symbol: a universe's row repeats them, member by member.
std::vector<std::string> columns_of_one(const ModelFacts& facts) {
    if (facts.group != GroupKind::universe) {
        return facts.columns;
    }
    std::vector<std::string> out;
    const std::size_t each = facts.columns.size() / facts.members().size();
    for (std::size_t i = 0; i < each; ++i) {
        out.emplace_back(member_and_column(facts.columns[i]).second);
    }
    return out;
}

Result<std::vector<std::size_t>> pair_places(const ModelFacts& facts) {
    std::vector<std::size_t> places;
    for (const std::string& column : facts.columns) {
        const auto found = std::ranges::find(kPairStreamColumns, column);
        if (found == kPairStreamColumns.end()) {
            return fail(fmt::format("the feature set '{}' has no column '{}' while trading",
                                    kPairsSet, column),
                        ErrorKind::usage);
        }
        places.push_back(static_cast<std::size_t>(found - kPairStreamColumns.begin()));
    }
    return places;
}

}  // namespace

Result<GroupRows> GroupRows::make(const ModelFacts& facts, const Groups& groups,
                                  const FeatureSettings& settings, bool with_sizing) {
    const std::size_t symbols = groups.of_symbol.size();
    GroupRows out;
    out.groups_ = groups;
    out.columns_ = facts.columns.size();
    out.with_sizing_ = with_sizing;
    out.sizing_.resize(symbols);
    if ((facts.group == GroupKind::pair) != (facts.feature_set == kPairsSet)) {
        return fail(fmt::format("the model is of a {} and its feature set is '{}'; the set '{}' "
                                "is for pairs, and pairs for it",
                                kGroupKindNames.at(static_cast<std::size_t>(facts.group)),
                                facts.feature_set, kPairsSet),
                    ErrorKind::usage);
    }
    if (facts.group == GroupKind::pair) {
        TRY_LET(out.pair_places_, pair_places(facts));
        out.pair_values_.resize(kPairStreamColumns.size());
        out.z_scores_.assign(groups.size(), kUndefined);
        out.leg_scales_.assign(symbols, 1.0);
        for (std::size_t g = 0; g < groups.size(); ++g) {
            out.pairs_.emplace_back(facts.pair_scalers.at(groups.fits.at(g)), facts.pair_window);
        }
    } else {
        const std::vector<std::string> columns = columns_of_one(facts);
        const bool beside = with_sizing && facts.feature_set == kSizingSet;
        out.each_ = columns.size();
        TRY_LET(out.rows_, FeatureRows::make(symbols, facts.feature_set, columns,
                                             {.also = beside ? kSizing : std::vector<std::string>{},
                                              .features = settings}));
        out.symbol_rows_.resize(symbols * out.each_);
        out.symbol_defined_.resize(symbols);
        if (beside) {
            return out;
        }
    }
    if (with_sizing) {
        TRY_LET(out.sizing_rows_, FeatureRows::make(symbols, kSizingSet, kSizing,
                                                    {.also = {}, .features = settings}));
    }
    return out;
}

void GroupRows::next_symbol(std::size_t symbol, const BarWindow& window) {
    if (rows_) {
        const auto row = std::span(symbol_rows_).subspan(symbol * each_, each_);
        symbol_defined_[symbol] = rows_->next(symbol_id(symbol), window, row) ? 1 : 0;
    }
    if (!with_sizing_) {
        return;
    }
    std::array<double, 4> sizing{};
    if (sizing_rows_) {
        static_cast<void>(sizing_rows_->next(symbol_id(symbol), window, sizing));
    } else {
        std::ranges::copy(rows_->also(), sizing.begin());
    }
    sizing_[symbol] = {.realized_vol = sizing[0],
                       .usual_vol = sizing[1],
                       .trend = sizing[2],
                       .regime_ok = sizing[3]};
}

void GroupRows::next(const MarketDataHandler& market, std::span<const std::uint8_t> present,
                     std::span<double> rows, std::span<std::uint8_t> defined) {
    CHECK(rows.size() >= groups_.size() * columns_ && defined.size() >= groups_.size(),
          "a row and a flag for each group");
    for (std::size_t i = 0; i < present.size(); ++i) {
        if (present[i] != 0) {
            next_symbol(i, market.window(symbol_id(i)));
        }
    }
    for (std::size_t g = 0; g < groups_.size(); ++g) {
        const auto row = rows.subspan(g * columns_, columns_);
        const auto has_bar = [&](std::size_t symbol) { return present[symbol] != 0; };
        const bool all = std::ranges::all_of(groups_.members[g], has_bar);
        defined[g] = all && (rows_ ? join(g, row) : next_pair(g, market, row)) ? 1 : 0;
    }
}

// The members' rows, one after the other.
bool GroupRows::join(std::size_t group, std::span<double> row) const {
    bool defined = true;
    auto place = row.begin();
    for (const std::size_t i : groups_.members[group]) {
        place = std::ranges::copy(std::span(symbol_rows_).subspan(i * each_, each_), place).out;
        defined = defined && symbol_defined_[i] != 0;
    }
    return defined;
}

bool GroupRows::next_pair(std::size_t group, const MarketDataHandler& market,
                          std::span<double> row) {
    const auto close = [&](std::size_t leg) {
        const std::size_t symbol = groups_.members[group][leg];
        return market.window(symbol_id(symbol)).close.back() * leg_scales_[symbol];
    };
    pairs_[group].next(close(0), close(1), pair_values_);
    z_scores_[group] = pair_values_[kZScorePlace];
    bool defined = true;
    for (std::size_t c = 0; c < columns_; ++c) {
        row[c] = pair_values_[pair_places_[c]];
        defined = defined && std::isfinite(row[c]);
    }
    return defined;
}

double GroupRows::z_score(std::size_t group) const {
    return pairs_.empty() ? kUndefined : z_scores_[group];
}

void GroupRows::reset(std::size_t symbol) {
    if (rows_) {
        rows_->reset(symbol_id(symbol));
    }
    if (sizing_rows_) {
        sizing_rows_->reset(symbol_id(symbol));
    }
    sizing_[symbol] = {};
    if (const auto group = groups_.of_symbol[symbol]; group && !pairs_.empty()) {
        pairs_[*group].reset();
        z_scores_[*group] = kUndefined;
    }
}

void GroupRows::split(const Split& split) {
    if (!pairs_.empty()) {
        leg_scales_[index(split.symbol)] /= split.price_factor();
    }
}

void GroupRows::save(BlobWriter& out) const {
    out.put(kTag);
    for (std::size_t i = 0; i < sizing_.size(); ++i) {
        for (const auto* rows : {&rows_, &sizing_rows_}) {
            if (*rows) {
                (*rows)->save(symbol_id(i), out);
            }
        }
    }
    for (const PairStream& pair : pairs_) {
        pair.save(out);
    }
    out.put_vector(leg_scales_);
}

void GroupRows::load(BlobReader& in) {
    in.expect(kTag);
    for (std::size_t i = 0; i < sizing_.size() && !in.failed(); ++i) {
        for (auto* rows : {&rows_, &sizing_rows_}) {
            if (*rows) {
                (*rows)->load(symbol_id(i), in);
            }
        }
    }
    for (PairStream& pair : pairs_) {
        pair.load(in);
    }
    auto scales = in.get_vector<double>();
    if (scales.size() != leg_scales_.size()) {
        in.fail();
        return;
    }
    leg_scales_ = std::move(scales);
}

}  // namespace paperd::strategy
