// `paperd init`: a job of one's own to begin with.
#pragma once

#include <string>

#include "daemon/cli.h"
#include "daemon/options.h"

namespace paperd::daemon {

struct InitCommand {
    static constexpr CommandWords kWords{"init", "writes a job with every key, to be changed",
                                         "paperd init attention-daily --out mine.yaml"};

    std::string job;  // a ready-made one's name or a path; empty: list the ready-made ones
    std::string out;  // empty: the job's own name, in the current folder
};

void declare(InitCommand& command, Options& options);

// Writes a file that loads to the same config, files to read included, or nothing: a file that is
// there is never written over.
Result<int> execute(const InitCommand& command);

}  // namespace paperd::daemon
