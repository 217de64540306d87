// `paperd run`.
#pragma once

#include <optional>
#include <string>

#include "daemon/cli.h"
#include "daemon/options.h"

namespace paperd::daemon {

struct RunCommand {
    static constexpr CommandWords kWords{"run", "the daemon: trades its feed until SIGTERM",
                                         "paperd run -c config/demo.yaml --db demo.db"};

    std::string config;
    std::optional<std::string> db;
    std::optional<double> speed;
};

void declare(RunCommand& command, Options& options);
Result<int> execute(const RunCommand& command);

}  // namespace paperd::daemon
