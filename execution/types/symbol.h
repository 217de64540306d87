// A symbol is an index into the run's universe (the order of the config's list); its name is text
// for people.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace paperd {

enum class SymbolId : std::uint32_t {};

constexpr std::size_t index(SymbolId symbol) { return static_cast<std::size_t>(symbol); }

constexpr SymbolId symbol_id(std::size_t index) {
    return static_cast<SymbolId>(static_cast<std::uint32_t>(index));
}

inline constexpr std::size_t kMaxSymbols =
    65'535;  // what the packed keys of the trade database have room for

// Names by SymbolId; fixed for a run.
using Universe = std::vector<std::string>;

}  // namespace paperd
