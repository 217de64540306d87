// The files that a config names, looked for before anything is started.
#pragma once

#include "config/config.h"
#include "config/loader.h"
#include "config/problems.h"
#include "config/reader.h"

namespace paperd::config {

// Complains of files that are not there, of those that options.use reads: the model by run and
// replay, the bars by replay and train, the token by a run that listens.
void check_files(const Config& config, const LoadOptions& options, const Reading& reading,
                 Problems& problems);

}  // namespace paperd::config
