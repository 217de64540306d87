// The running daemon, the machine and the build.
#pragma once

#include <optional>
#include <string>

#include "daemon/cli.h"
#include "daemon/options.h"
#include "execution/types/command.h"

namespace paperd::daemon {

struct CtlCommand {
    static constexpr CommandWords kWords{"ctl", "talks to the running daemon",
                                         "paperd ctl halt --db demo.db --note 'a drill'"};

    std::optional<CommandKind> kind;  // empty: status
    std::string db;
    std::string socket;
    int port = 0;  // 0: not given
    std::string token_file;
    std::string note;
    bool json = false;
};

void declare(CtlCommand& command, Options& options);
Result<int> execute(const CtlCommand& command);

struct DoctorCommand {
    static constexpr CommandWords kWords{
        "doctor", "the machine and libraries in use, and what is slow", "paperd doctor"};
};

void declare(DoctorCommand& command, Options& options);
Result<int> execute(const DoctorCommand& command);

struct VersionCommand {
    static constexpr CommandWords kWords{"version", "the build", "paperd version"};
};

void declare(VersionCommand& command, Options& options);
Result<int> execute(const VersionCommand& command);

}  // namespace paperd::daemon
