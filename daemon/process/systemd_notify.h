// Telling systemd how the service is, over the datagram socket it names in NOTIFY_SOCKET
// (sd_notify(3); the protocol is stable, so libsystemd is not needed). Without the variable every
// call succeeds and does nothing.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "execution/types/result.h"

namespace paperd::daemon {

class SystemdNotifier {
public:
    // `socket`: a path, "@name" for the abstract namespace, or empty for no systemd.
    explicit SystemdNotifier(std::string socket);

    static SystemdNotifier from_environment();

    Result<void> ready();
    Result<void> stopping();
    Result<void> watchdog();

    // One line that `systemctl status` shows; line breaks become spaces.
    Result<void> status(std::string_view text);

private:
    Result<void> send(std::string_view message);

    std::string socket_;
};

// How often systemd wants to hear watchdog() at the latest, or nothing when it does not watch this
// process: WATCHDOG_USEC, and WATCHDOG_PID where given, as text or null. Call at half of it.
std::optional<std::chrono::microseconds> watchdog_interval(const char* watchdog_usec,
                                                           const char* watchdog_pid, pid_t self);

std::optional<std::chrono::microseconds> watchdog_interval_from_environment();

}  // namespace paperd::daemon
