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

// Whole sentences, or words of another program, as they leave the process for a terminal: UTF-8 and
// backslashes stay as they are (the parts that printable() made are not escaped again), and so do
// line breaks and tabs. Other control characters (C1's too), and bytes that are no UTF-8, become
// \x1b.
std::string for_terminal(std::string_view text);

// The same of what has to stay in one line: a line break or tab becomes a space.
std::string for_terminal_line(std::string_view text);

}  // namespace paperd
