// `paperd ctl`: asks the daemon on this machine for its status, or hands it a command.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "execution/types/result.h"

namespace paperd::daemon {

// Where the daemon is: the socket, else the port, else the database's socket, else the only socket
// of the current folder.
struct CtlOptions {
    std::string verb;  // "status", or a command's name
    std::string db = {};
    std::string socket = {};
    std::optional<int> port = {};
    std::string token_file = {};  // for commands to a port; empty: beside the database
    std::string note = {};        // for commands; stored with them
    bool json = false;            // the daemon's own words instead of a table
};

// What to print. Patient with a daemon that is busy (daemon/api/ask.h). Error: no daemon there, the
// token does not fit, the command was refused; each with its remedy.
Result<std::string> ctl(const CtlOptions& options);

// The status page's JSON as lines for people. Members that are absent or null show as '-'.
Result<std::string> status_table(std::string_view json);

}  // namespace paperd::daemon
