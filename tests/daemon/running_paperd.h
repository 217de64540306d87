// A daemon that goes on while the test talks to it.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace paperd::support {

// A TCP port on loopback that nobody listens on at the moment.
int free_port();

class RunningPaperd {
public:
    // Its output goes to `log_path`.
    RunningPaperd(const std::vector<std::string>& arguments, const std::string& log_path);
    ~RunningPaperd();
    RunningPaperd(const RunningPaperd&) = delete;
    RunningPaperd& operator=(const RunningPaperd&) = delete;

    // SIGTERM, then its exit code (128 + signal where one ended it; 137: it had to be killed).
    int stop();

private:
    pid_t child_ = -1;
};

}  // namespace paperd::support
