// What an operator asks of the running daemon. Commands are inputs like bars: stored with the slice
// at whose start they took effect, and replayed.
#pragma once

#include <cstdint>
#include <iterator>
#include <string>

#include "execution/types/timestamp.h"

namespace paperd {

enum class CommandKind : std::uint8_t { halt, reduce, resume, flatten, reload };

struct Command {
    std::int64_t id = 0;  // 1, 2, ... in the order they were taken
    CommandKind kind = CommandKind::halt;
    Timestamp received_at;
    std::string note;  // free text of the operator; stored, never interpreted
};

constexpr const char* command_name(CommandKind kind) {
    constexpr const char* kNames[] = {"halt", "reduce", "resume", "flatten", "reload"};
    const auto at = static_cast<std::size_t>(kind);
    return at < std::size(kNames) ? kNames[at] : "unknown";
}

}  // namespace paperd
