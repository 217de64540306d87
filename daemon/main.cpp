// paperd: the command line, and the last catch. Exit codes: 0 done, 1 failed, 2 wrong usage or bad
// config, 3 verification found a difference.
#include <cstdio>
#include <exception>

#include "daemon/cli.h"

namespace {

int exit_code(paperd::ErrorKind kind) {
    switch (kind) {
        case paperd::ErrorKind::usage:
            return 2;
        case paperd::ErrorKind::difference:
            return 3;
        case paperd::ErrorKind::failed:
        case paperd::ErrorKind::transient:
        case paperd::ErrorKind::lost:
            break;
    }
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const auto code = paperd::daemon::run_command_line(argc, argv);
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
