// The secret that lets a program on this machine command the daemon: 64 hex digits in a file only
// its owner can read. Never logged, never printed.
#pragma once

#include <string>
#include <string_view>

#include "execution/types/result.h"

namespace paperd::daemon {

// The token in the file. Error: missing, or (usage) not a regular file, readable by group or
// others, or not a token; each with its remedy.
Result<std::string> read_token(const std::string& path);

struct DaemonToken {
    std::string text;
    bool created = false;  // by this call: nobody else has it yet
};

// The daemon's side: as read_token(), but a missing file is created first, 0600, with 32 random
// bytes from the kernel. Two daemons that start at once end up with the same token.
Result<DaemonToken> load_or_create_token(const std::string& path);

// Whether the two are equal, in a time that depends on their lengths only.
bool token_equal(std::string_view given, std::string_view token);

}  // namespace paperd::daemon
