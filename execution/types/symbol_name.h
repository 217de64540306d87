// What names may look like that come from outside (configs, command lines, folders, panels): they
// become paths, rows and people's sentences.
#pragma once

#include <cstddef>
#include <string_view>

namespace paperd {

inline constexpr std::size_t kNameMax = 32;                // bytes
inline constexpr std::string_view kSymbolMarks = "._^=-";  // besides letters and digits

// 1 to kNameMax ASCII letters, digits and `marks`, and neither "." nor "..".
bool is_name(std::string_view name, std::string_view marks);

// A symbol's: never a way out of a folder of bars.
inline bool is_symbol_name(std::string_view name) { return is_name(name, kSymbolMarks); }

}  // namespace paperd
