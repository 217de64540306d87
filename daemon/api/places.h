// Where a daemon is found: its files beside the database, FILE-socket and FILE-token, as FILE-lock
// is the writer's.
#pragma once

#include <string>

#include "execution/types/result.h"

namespace paperd::daemon {

// Symbolic links are resolved, so that every name of a database leads to the same files.
std::string socket_path_of(const std::string& db_path);
std::string token_path_of(const std::string& db_path);

// The one file of that folder whose name ends so ("-socket"). Error (usage): none, or several; with
// the remedy, which names the option `--db`.
Result<std::string> only_file_ending(const std::string& folder, const std::string& ending);

}  // namespace paperd::daemon
