// The files that a config names, looked for before anything is started.
#pragma once

#include "config/config.h"
#include "config/problems.h"
#include "config/reader.h"

namespace paperd::config {

// Complains of files that must be there to be read and are not: model, bars, token.
void check_files(const Config& config, const Reading& reading, Problems& problems);

}  // namespace paperd::config
