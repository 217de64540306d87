#include "daemon/run/stop_signal.h"

#include <csignal>

#include "daemon/process/logging.h"

namespace paperd::daemon {

StopSignal::StopSignal(boost::asio::io_context& context)
    : context_(context), signals_(context, SIGINT, SIGTERM) {
    signals_.async_wait([this](const boost::system::error_code& error, int signal) {
        if (error) {
            return;
        }
        log_info("stopping", {{"signal", static_cast<std::int64_t>(signal)}});
        asked_ = true;
        if (on_stop) {
            on_stop();
        }
    });
}

bool StopSignal::asked() {
    context_.restart();
    context_.poll();
    return asked_;
}

void StopSignal::stop_waiting() {
    boost::system::error_code ignored;
    signals_.cancel(ignored);
}

}  // namespace paperd::daemon
