// The database that `run` and `replay` write.
#pragma once

#include <optional>
#include <string>

#include "config/config.h"
#include "execution/types/result.h"

namespace paperd::daemon {

// --db before the config's. Error, of the kind usage: neither names one. path: the config's file.
inline Result<std::string> database_to_write(const std::optional<std::string>& option,
                                             const config::Config& config,
                                             const std::string& path) {
    std::string name = option.value_or(config.database);
    if (name.empty()) {
        return fail(
            "there is no database to write: name it with --db FILE or storage.database in " + path,
            ErrorKind::usage);
    }
    return name;
}

}  // namespace paperd::daemon
