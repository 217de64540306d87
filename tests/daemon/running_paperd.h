// A daemon that goes on while the test talks to it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>
#include <sys/types.h>

namespace paperd::support {

// A TCP port on loopback that nobody listens on at the moment.
int free_port();

// `true` before a patient while is over; asked every few milliseconds.
bool becomes_true(const std::function<bool()>& condition);

// The status of the daemon that runs this database once it is as wanted; nothing after a patient
// while.
std::optional<boost::json::object> status_when(
    const std::string& db, const std::function<bool(const boost::json::object&)>& wanted);

class RunningPaperd {
public:
    // Its output goes to `log_path`; "NAME=value" changes its environment.
    RunningPaperd(const std::vector<std::string>& arguments, const std::string& log_path,
                  const std::vector<std::string>& environment = {});
    ~RunningPaperd();
    RunningPaperd(const RunningPaperd&) = delete;
    RunningPaperd& operator=(const RunningPaperd&) = delete;

    // SIGTERM, then its exit code (128 + signal where one ended it; 137: it had to be killed).
    int stop();

    // Its exit code once it has ended by itself; as stop() without the signal.
    int wait();

    // SIGKILL, and wait until it is gone.
    void kill();

    [[nodiscard]] pid_t pid() const { return child_; }

private:
    pid_t child_ = -1;
};

}  // namespace paperd::support
