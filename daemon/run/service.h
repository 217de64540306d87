// What systemd hears of the run: that it is ready, that it lives, what it is doing, that it ends.
// Nothing where it was not started by systemd.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "daemon/net/timers.h"
#include "daemon/process/systemd_notify.h"

namespace paperd::daemon {

class Service {
public:
    // `watchdog`: how often systemd wants to hear that it lives; nothing: it does not. The timers
    // outlive this.
    Service(Timers& timers, SystemdNotifier notifier,
            std::optional<std::chrono::microseconds> watchdog);

    // Once, however often it is called: a run that waits for its database is ready to be asked.
    Result<void> ready();

    // What `systemctl status` shows; told when it differs from the last one.
    void status(const std::string& text);

    // Nothing of it keeps the context busy any more.
    void stopping();

private:
    void feed_watchdog();

    Timers& timers_;
    SystemdNotifier notifier_;
    std::optional<std::chrono::microseconds> watchdog_;
    std::unique_ptr<Alarm> alarm_;
    std::string status_;
    bool ready_ = false;
};

}  // namespace paperd::daemon
