// JSON whose fractions are read to the nearest double. Boost.JSON's own parser is a unit in the
// last place off for about one number in eight, and a scaler must come back as it was written.
#pragma once

#include <string_view>

#include <boost/json/value.hpp>

#include "execution/types/result.h"

namespace paperd::strategy {

// One JSON value with nothing but white space around it. The error says what is wrong and at which
// character.
Result<boost::json::value> parse_exact_json(std::string_view text);

}  // namespace paperd::strategy
