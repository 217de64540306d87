// What is a character of UTF-8 and what is not (Unicode, table 3-7).
#pragma once

#include <cstddef>
#include <string_view>

namespace paperd {

// Length of the well-formed sequence at the start of `text`, which is not empty; 0 where there is
// none.
std::size_t utf8_length(std::string_view text);

}  // namespace paperd
