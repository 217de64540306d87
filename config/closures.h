// The key market.closures: days that the compiled calendar did not foresee, as
// [2025-01-09, "2025-07-02 13:00"]: closed, or closing early at that time of the venue.
#pragma once

#include <string>

#include "config/key.h"

namespace paperd::config {

// The setting of Config::closures.
Key closures_key(const std::string& path, const std::string& about);

}  // namespace paperd::config
