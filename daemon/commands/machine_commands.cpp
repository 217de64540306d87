#include <iostream>

#include <fmt/format.h>

#include "config/loader.h"
#include "daemon/api/ctl.h"
#include "daemon/commands/commands.h"
#include "daemon/process/doctor.h"
#include "daemon/process/machine.h"
#include "storage/database.h"
#include "strategy/models/model.h"

namespace paperd::daemon {

Result<int> execute(const CtlCommand& command) {
    const std::string token_file =
        command.token_file.empty() ? std::string("paperd.token") : command.token_file;
    TRY_LET(auto answer, ctl({.verb = command.kind ? command_name(*command.kind) : "status",
                              .port = command.port,
                              .token_file = token_file,
                              .note = command.note,
                              .json = command.json}));
    std::cout << answer;
    return 0;
}

Result<int> execute(const CheckCommand& command) {
    if (command.reference) {
        std::cout << config::reference_yaml();
        return 0;
    }
    TRY(config::load_config(command.config));
    fmt::print("{}: good\n", command.config);
    return 0;
}

Result<int> execute(const DoctorCommand&) {
    const DoctorReport report = examine(
        this_machine(),
        {.sqlite = storage::sqlite_version(), .inference = strategy::inference_fingerprint()});
    std::cout << report.text;
    return report.healthy() ? 0 : 1;
}

Result<int> execute(const VersionCommand&) {
    fmt::print("paperd {} (calendar {}, SQLite {}, {})\n", PAPERD_VERSION, Calendar::version(),
               storage::sqlite_version(), strategy::inference_fingerprint());
    return 0;
}

Result<int> execute(const NoCommand&) { return 0; }

}  // namespace paperd::daemon
