// `paperd report`.
#pragma once

#include <string>

#include "daemon/cli.h"
#include "daemon/options.h"

namespace paperd::daemon {

struct ReportCommand {
    static constexpr CommandWords kWords{"report", "what a run comes to, and how sure that is",
                                         "paperd report --db a.db"};

    std::string db;
};

void declare(ReportCommand& command, Options& options);
Result<int> execute(const ReportCommand& command);

}  // namespace paperd::daemon
