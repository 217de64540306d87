// `paperd check`: what `run`, `replay` and `train` would refuse of a config, and `check` refuses
// the same, because it begins as they do.
#pragma once

#include <optional>
#include <string>

#include "config/loader.h"
#include "daemon/cli.h"
#include "daemon/options.h"

namespace paperd::daemon {

struct CheckCommand {
    static constexpr CommandWords kWords{"check", "says everything that is wrong with a config",
                                         "paperd check -c config/attention-daily.yaml"};

    std::string config;
    // Empty: the one that the config's feed is for; what the others would say is a note.
    std::optional<config::Use> use;
    bool reference = false;
};

void declare(CheckCommand& command, Options& options);
Result<int> execute(const CheckCommand& command);

}  // namespace paperd::daemon
