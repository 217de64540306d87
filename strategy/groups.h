// The groups of symbols that a model speaks of, in the order of its slots: each symbol by itself,
// pairs, or the universe.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "execution/types/result.h"
#include "execution/types/symbol.h"
#include "strategy/models/facts.h"

namespace paperd::strategy {

struct Groups {
    GroupKind kind = GroupKind::symbol;
    std::vector<std::vector<std::size_t>> members;      // symbols, by group, in the model's order
    std::vector<std::optional<std::size_t>> of_symbol;  // the group that a symbol is in
    std::vector<std::size_t> fits;  // of each pair, its place among the facts' pairs

    [[nodiscard]] std::size_t size() const { return members.size(); }
};

// "AAA/BBB" -> the names of both legs. Error: another text.
Result<std::pair<std::string_view, std::string_view>> pair_legs(std::string_view pair);

// The groups of a model with these facts in this universe. pairs: those that are traded, "AAA/BBB".
// Errors: a pair that names an unknown symbol, or one twice; a model of pairs without any, or that
// was not trained on one of them; a model of a universe that is not this one.
Result<Groups> make_groups(const ModelFacts& facts, const Universe& symbols,
                           const std::vector<std::string>& pairs);

}  // namespace paperd::strategy
