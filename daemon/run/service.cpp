#include "daemon/run/service.h"

#include <utility>

namespace paperd::daemon {

Service::Service(Timers& timers, SystemdNotifier notifier,
                 std::optional<std::chrono::microseconds> watchdog)
    : timers_(timers), notifier_(std::move(notifier)), watchdog_(watchdog) {
    feed_watchdog();
}

Result<void> Service::ready() {
    if (std::exchange(ready_, true)) {
        return {};
    }
    return notifier_.ready();
}

void Service::status(const std::string& text) {
    if (text != status_) {
        status_ = text;
        (void)notifier_.status(text);
    }
}

void Service::stopping() {
    alarm_.reset();
    (void)notifier_.stopping();
}

void Service::feed_watchdog() {
    if (watchdog_) {
        alarm_ = timers_.call_after(*watchdog_ / 2, [this] {
            (void)notifier_.watchdog();
            feed_watchdog();
        });
    }
}

}  // namespace paperd::daemon
