// What no single key can say: settings that contradict each other.
#pragma once

#include "config/config.h"
#include "config/problems.h"
#include "config/reader.h"

namespace paperd::config {

// Every contradiction whose keys were read without complaint.
void check_relations(const Config& config, const Reading& reading, Problems& problems);

}  // namespace paperd::config
