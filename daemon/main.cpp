// paperd: the command line, and the last catch. Exit codes: 0 done, 1 failed, 2 wrong usage or bad
// config, 3 verification found a difference, or the database is no longer the one that was written.
// Output that could not be written is a failure too, but for a reader who has had enough (| head).
#include <cerrno>
#include <cstdio>
#include <exception>
#include <iostream>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "daemon/cli.h"
#include "daemon/process/logging.h"
#include "execution/types/printable.h"

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
    std::fprintf(stderr, "paperd: %s\n", paperd::for_terminal(text).c_str());
}

// A descriptor that was closed before the program began would be given to the next file that is
// opened, and what is printed would be written into it. In its place one that refuses.
void occupy_standard_descriptors() {
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(descriptor, F_GETFD) < 0) {
            // The lowest number that is free: this one.
            [[maybe_unused]] const int taken =
                ::open("/dev/null", descriptor == STDOUT_FILENO ? O_RDONLY : O_RDWR);
        }
    }
}

bool reader_is_gone() {
    pollfd output{.fd = STDOUT_FILENO, .events = POLLOUT, .revents = 0};
    return ::poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

// Whether all that was printed is written, or nobody wants it.
bool finish_output() {
    errno = 0;
    std::cout.flush();
    const bool flushed = std::fflush(stdout) == 0;
    const int why = errno;
    if ((flushed && std::ferror(stdout) == 0 && std::cout.good()) || reader_is_gone()) {
        return true;
    }
    say("the output could not be written" +
        (why != 0 ? " (" + std::generic_category().message(why) + ")" : "") +
        ", so what was printed is cut short; free space or print it elsewhere, and ask again");
    return false;
}

int run(int argc, char** argv) {
    try {
        const auto code = paperd::daemon::run_command_line(argc, argv);
        if (code.has_error()) {
            say(code.error().text);
            return exit_code(code.error().kind);
        }
        return *code;
    } catch (const std::exception& error) {
        // {fmt} throws where a write fails, which finish_output() has words for.
        if (std::ferror(stdout) == 0) {
            say(std::string("unexpected: ") + error.what());
        } else if (reader_is_gone()) {
            return 0;
        }
        return 1;
    }
}

}  // namespace

int main(int argc, char** argv) {
    occupy_standard_descriptors();
    const int code = run(argc, argv);
    return finish_output() || code != 0 ? code : 1;
}
