// The command line: the table of commands, and argv to the one that is meant.
#pragma once

#include <string_view>

#include "execution/types/result.h"

namespace paperd::daemon {

// How a command is called and shown. Beside these words (`static constexpr CommandWords kWords`) a
// command is a struct of its options and two functions, in a header of its own in commands/:
//     void declare(XCommand& command, Options& options);   which options fill it
//     Result<int> execute(const XCommand& command);        the process's exit code
struct CommandWords {
    std::string_view name;
    std::string_view about;    // a few words
    std::string_view example;  // a whole command line
};

// Parses, and executes what was asked for. Returns the exit code; an Error's text is for stderr,
// its kind the exit code. Nothing is opened before the whole line is known to be right.
Result<int> run_command_line(int argc, const char* const* argv);

}  // namespace paperd::daemon
