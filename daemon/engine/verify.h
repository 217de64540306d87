// `paperd verify`: the laws that the stored rows alone can show, and with replay, that running what
// is stored through the engine gives the same again. Reads the database alone.
#pragma once

#include <cstdint>
#include <functional>
#include <ostream>
#include <string>

#include "execution/types/result.h"

namespace paperd::daemon {

struct VerifyOptions {
    bool replay = false;
    std::function<void(std::int64_t done, std::int64_t total)> progress;
};

// Prints what was checked and every difference (the first few of each kind). True: nothing differs.
Result<bool> verify_database(const std::string& db_path, const VerifyOptions& options,
                             std::ostream& out);

}  // namespace paperd::daemon
