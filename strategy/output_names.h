// What a model's outputs are of, and what their names mean: the words that models, position rules
// and their checks share.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace paperd::strategy {

// What one row and one set of outputs are of.
enum class GroupKind : std::uint8_t { symbol, pair, universe };

// By GroupKind.
inline constexpr std::array<std::string_view, 3> kGroupKindNames = {"symbol", "pair", "universe"};

// An output named return_N foretells the log return of the N-th bar ahead, of that bar alone; 0 for
// any other name.
int bars_ahead(std::string_view name);

}  // namespace paperd::strategy
