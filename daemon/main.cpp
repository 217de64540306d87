// paperd: the command line, and the last catch. Exit codes: 0 done, 1 failed, 2 wrong usage or bad
// config, 3 verification found a difference, or the database is no longer the one that was written.
#include <cstdio>
#include <exception>
#include <string>

#include <unistd.h>

#include "daemon/cli.h"
#include "daemon/process/logging.h"

namespace {

int exit_code(paperd::ErrorKind kind) {
    switch (kind) {
        case paperd::ErrorKind::usage:
            return 2;
        case paperd::ErrorKind::difference:
        case paperd::ErrorKind::lost:  // as 1 it would be started again, beside what was traded
            return 3;
        case paperd::ErrorKind::failed:
        case paperd::ErrorKind::transient:
            break;
    }
    return 1;
}

// What ends the process: for people, and for whoever reads the log only.
void say(const std::string& text) {
    if (paperd::daemon::logging_started() &&
        !(paperd::daemon::log_is_on_stderr() && ::isatty(STDERR_FILENO) == 1)) {
        paperd::daemon::log_error("failed", {{"text", text}});
    }
    std::fprintf(stderr, "paperd: %s\n", text.c_str());
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const auto code = paperd::daemon::run_command_line(argc, argv);
        if (code.has_error()) {
            say(code.error().text);
            return exit_code(code.error().kind);
        }
        return *code;
    } catch (const std::exception& error) {
        say(std::string("unexpected: ") + error.what());
        return 1;
    }
}
