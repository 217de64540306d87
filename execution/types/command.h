// What an operator asks of the running daemon. Commands are inputs like bars: stored with the slice
// at whose start they took effect, and replayed.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "execution/types/timestamp.h"

namespace paperd {

enum class CommandKind : std::uint8_t { halt, reduce, resume, flatten, reload };

struct Command {
    std::int64_t id = 0;  // 1, 2, ... in the order they were taken
    CommandKind kind = CommandKind::halt;
    Timestamp received_at;
    std::string note;  // free text of the operator; stored, never interpreted
};

// By CommandKind.
inline constexpr std::array<std::string_view, 5> kCommandNames = {"halt", "reduce", "resume",
                                                                  "flatten", "reload"};

constexpr const char* command_name(CommandKind kind) {
    const auto at = static_cast<std::size_t>(kind);
    return at < kCommandNames.size() ? kCommandNames[at].data() : "unknown";
}

constexpr std::optional<CommandKind> command_named(std::string_view name) {
    const auto* const found = std::ranges::find(kCommandNames, name);
    return found == kCommandNames.end()
               ? std::nullopt
               : std::optional(static_cast<CommandKind>(found - kCommandNames.begin()));
}

}  // namespace paperd
