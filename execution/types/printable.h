// Text from outside, as a message may show it: a terminal that is sent a file's control characters
// obeys them.
#pragma once

#include <string>
#include <string_view>

namespace paperd {

// Printable ASCII as it is; a tab, line break or backslash as \t, \n, \r, \\; every other byte as
// \x1b. What was shown tells which bytes there were.
std::string printable(std::string_view text);

// printable(), in single quotes.
std::string in_quotes(std::string_view text);

}  // namespace paperd
