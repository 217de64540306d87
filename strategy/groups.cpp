#include "strategy/groups.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace paperd::strategy {

namespace {

std::optional<std::size_t> place_of(const Universe& symbols, std::string_view name) {
    const auto found = std::ranges::find(symbols, name);
    return found == symbols.end()
               ? std::nullopt
               : std::optional(static_cast<std::size_t>(found - symbols.begin()));
}

// The group of these symbols, which must stand in no other.
Result<void> add(Groups& groups, const Universe& symbols, std::string_view group,
                 const std::vector<std::string_view>& names) {
    std::vector<std::size_t> members;
    for (const std::string_view name : names) {
        const auto place = place_of(symbols, name);
        if (!place) {
            return fail(fmt::format("{} has the symbol '{}', which the job does not trade; add it "
                                    "to market.symbols",
                                    group, name),
                        ErrorKind::usage);
        }
        if (groups.of_symbol[*place]) {
            return fail(fmt::format("{} has the symbol '{}', which stands in a pair already; a "
                                    "symbol is a leg of one pair only",
                                    group, name),
                        ErrorKind::usage);
        }
        groups.of_symbol[*place] = groups.size();
        members.push_back(*place);
    }
    groups.members.push_back(std::move(members));
    return {};
}

Result<void> add_pairs(Groups& groups, const ModelFacts& facts, const Universe& symbols,
                       const std::vector<std::string>& pairs) {
    if (pairs.empty()) {
        return fail(
            "the model is of pairs, and strategy.pairs names none; list them, as "
            "[\"AAA/BBB\"]",
            ErrorKind::usage);
    }
    for (const std::string& pair : pairs) {
        TRY_LET(const auto legs, pair_legs(pair));
        const auto fit = std::ranges::find(facts.pairs, pair);
        if (fit == facts.pairs.end()) {
            return fail(fmt::format("the model was not fitted to the pair {}; it knows {}", pair,
                                    fmt::join(facts.pairs, ", ")),
                        ErrorKind::usage);
        }
        TRY(add(groups, symbols, "the pair " + pair, {legs.first, legs.second}));
        groups.fits.push_back(static_cast<std::size_t>(fit - facts.pairs.begin()));
    }
    return {};
}

}  // namespace

Result<std::pair<std::string_view, std::string_view>> pair_legs(std::string_view pair) {
    const auto slash = pair.find('/');
    if (slash == 0 || slash == std::string_view::npos || slash + 1 == pair.size() ||
        pair.find('/', slash + 1) != std::string_view::npos) {
        return fail(fmt::format("'{}' is no pair; write two symbols, as AAA/BBB", pair),
                    ErrorKind::usage);
    }
    return std::pair(pair.substr(0, slash), pair.substr(slash + 1));
}

Result<Groups> make_groups(const ModelFacts& facts, const Universe& symbols,
                           const std::vector<std::string>& pairs) {
    Groups groups{.kind = facts.group, .members = {}, .of_symbol = {}, .fits = {}};
    groups.of_symbol.resize(symbols.size());
    if (facts.group == GroupKind::pair) {
        TRY(add_pairs(groups, facts, symbols, pairs));
        return groups;
    }
    if (facts.group == GroupKind::symbol) {
        for (std::size_t i = 0; i < symbols.size(); ++i) {
            groups.members.push_back({i});
            groups.of_symbol[i] = i;
        }
        return groups;
    }
    const std::vector<std::string> members = facts.members();
    TRY(add(groups, symbols, "the model's universe", {members.begin(), members.end()}));
    if (members.size() != symbols.size()) {
        return fail(fmt::format("the model's universe has {} symbols and the job {}: trade {}",
                                members.size(), symbols.size(), fmt::join(members, ", ")),
                    ErrorKind::usage);
    }
    return groups;
}

}  // namespace paperd::strategy
