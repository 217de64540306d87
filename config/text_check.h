// Is it text at all? YAML parsers read bytes that are none as something.
#pragma once

#include <string_view>

#include "config/problems.h"

namespace paperd::config {

// Complains, once, of the first control character or broken UTF-8 sequence.
void check_text(std::string_view text, Problems& problems);

}  // namespace paperd::config
