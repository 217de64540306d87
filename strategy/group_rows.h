// The rows that a model of any group is given, bar by bar: a symbol's columns, a pair's, or one
// after the other those of the universe's members. Beside them, for each symbol, what sizes
// positions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "execution/types/blob.h"
#include "execution/types/result.h"
#include "strategy/features/pair_stream.h"
#include "strategy/groups.h"
#include "strategy/market_data_handler.h"
#include "strategy/models/facts.h"
#include "strategy/models/feature_rows.h"
#include "strategy/positions/positions.h"

namespace paperd::strategy {

class GroupRows {
public:
    // settings: of the sets, their wanted columns excepted. with_sizing: false where no position
    // is sized by them. Errors: a set or column that is unknown, or not for a model.
    static Result<GroupRows> make(const ModelFacts& facts, const Groups& groups,
                                  const FeatureSettings& settings, bool with_sizing);

    // After the market took a slice: `present` says which symbols have a bar in it. rows: groups x
    // columns; defined: 1 where each member has a bar and each column a value.
    void next(const MarketDataHandler& market, std::span<const std::uint8_t> present,
              std::span<double> rows, std::span<std::uint8_t> defined);

    // The symbol's newest; without sizing, unknown.
    [[nodiscard]] const Sizing& sizing(std::size_t symbol) const { return sizing_[symbol]; }

    // The pair's spread as a z-score, of its newest common bar; NaN for other groups.
    [[nodiscard]] double z_score(std::size_t group) const;

    // The symbol's series was cut.
    void reset(std::size_t symbol);

    // A pair's scalers are of the shares it was fitted on: its legs stay in those of the run's
    // beginning. Other columns follow the window.
    void split(const Split& split);

    void save(BlobWriter& out) const;
    void load(BlobReader& in);

private:
    GroupRows() = default;

    void next_symbol(std::size_t symbol, const BarWindow& window);
    // The group's row; false where a column is undefined.
    bool join(std::size_t group, std::span<double> row) const;
    bool next_pair(std::size_t group, const MarketDataHandler& market, std::span<double> row);

    Groups groups_;
    std::size_t columns_ = 0;  // of one group
    // Symbols and universes: one row a symbol, `each_` columns wide.
    std::size_t each_ = 0;
    std::optional<FeatureRows> rows_;
    std::optional<FeatureRows> sizing_rows_;  // none where rows_ gives the sizing beside
    std::vector<double> symbol_rows_;         // symbols x each_, of this slice
    std::vector<std::uint8_t> symbol_defined_;
    // Pairs, by group.
    std::vector<PairStream> pairs_;
    std::vector<std::size_t> pair_places_;  // of the model's columns
    std::vector<double> pair_values_;       // the set's columns, of the pair at work
    std::vector<double> z_scores_;          // by group

    bool with_sizing_ = false;
    std::vector<double> leg_scales_;  // by symbol, of pairs; new shares for one old so far
    std::vector<Sizing> sizing_;      // by symbol
};

}  // namespace paperd::strategy
