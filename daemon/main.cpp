// paperd: parses the command line and dispatches; the last catch. Exit codes: 0 done, 1 failed, 2
// wrong usage or bad config, 3 verification found a difference.
#include <cstdio>
#include <exception>
#include <variant>

#include "daemon/cli.h"
#include "daemon/commands/commands.h"

namespace {

int exit_code(paperd::ErrorKind kind) {
    switch (kind) {
        case paperd::ErrorKind::usage:
            return 2;
        case paperd::ErrorKind::difference:
            return 3;
        case paperd::ErrorKind::failed:
            break;
    }
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const auto command = paperd::daemon::parse_command_line(argc, argv);
        const auto code =
            command.has_error()
                ? paperd::Result<int>(command.error())
                : std::visit([](const auto& c) { return paperd::daemon::execute(c); }, *command);
        if (code.has_error()) {
            std::fprintf(stderr, "paperd: %s\n", code.error().text.c_str());
            return exit_code(code.error().kind);
        }
        return *code;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "paperd: unexpected: %s\n", error.what());
        return 1;
    }
}
