#include "daemon/commands/report_command.h"

#include <iostream>

#include "daemon/report/summary.h"

namespace paperd::daemon {

void declare(ReportCommand& command, Options& options) { options.database(command.db); }

Result<int> execute(const ReportCommand& command) {
    TRY(print_report(command.db, std::cout));
    return 0;
}

}  // namespace paperd::daemon
