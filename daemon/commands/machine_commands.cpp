#include "daemon/commands/machine_commands.h"

#include <iostream>
#include <vector>

#include <fmt/format.h>

#include "daemon/api/ctl.h"
#include "daemon/process/doctor.h"
#include "daemon/process/machine.h"
#include "execution/types/calendar.h"
#include "storage/database.h"
#include "strategy/models/model.h"

namespace paperd::daemon {
void declare(CtlCommand& command, Options& options) {
    std::vector<std::string> verbs = {"status"};
    verbs.insert(verbs.end(), kCommandNames.begin(), kCommandNames.end());
    options.choice(
        "verb", verbs, "what is asked of it",
        [&](std::size_t chosen) {
            if (chosen > 0) {
                command.kind = static_cast<CommandKind>(chosen - 1);
            }
        },
        true);
    options.text("--db", command.db, "its database (default: the only daemon's of this folder)");
    options.text("--socket", command.socket, "its Unix socket, where that is not DATABASE-socket");
    options.integer("--port", command.port, 1, 65'535, "its port on loopback, not the socket");
    options.text("--token-file", command.token_file,
                 "for commands to the port (default: DATABASE-token)");
    options.text("--note", command.note, "why; stored with the command");
    options.flag("--json", command.json, "status as JSON");
}

Result<int> execute(const CtlCommand& command) {
    TRY_LET(auto answer, ctl({.verb = command.kind ? command_name(*command.kind) : "status",
                              .db = command.db,
                              .socket = command.socket,
                              .port = command.port > 0 ? std::optional(command.port) : std::nullopt,
                              .token_file = command.token_file,
                              .note = command.note,
                              .json = command.json}));
    std::cout << answer;
    return 0;
}

void declare(DoctorCommand&, Options&) {}

Result<int> execute(const DoctorCommand&) {
    const DoctorReport report = examine(
        this_machine(),
        {.sqlite = storage::sqlite_version(), .inference = strategy::inference_fingerprint()});
    std::cout << report.text;
    return report.healthy() ? 0 : 1;
}

void declare(VersionCommand&, Options&) {}

Result<int> execute(const VersionCommand&) {
    fmt::print("paperd {} (calendar {}, SQLite {}, {})\n", PAPERD_VERSION, Calendar::version(),
               storage::sqlite_version(), strategy::inference_fingerprint());
    return 0;
}

}  // namespace paperd::daemon
