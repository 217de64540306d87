#include "daemon/run/stop_signal.h"

#include <csignal>

#include "daemon/process/logging.h"

namespace paperd::daemon {

StopSignal::StopSignal(boost::asio::io_context& context, HangUp hang_up) : context_(context) {
    signals_.emplace(context, SIGINT, SIGTERM);
    if (hang_up == HangUp::ignored) {
        signals_->add(SIGHUP);
    }
    wait();
}

StopSignal::~StopSignal() {
    // Asio gives the signals their old meaning back: none may come between that and the next line.
    sigset_t stops;
    sigset_t before;
    sigemptyset(&stops);
    sigaddset(&stops, SIGINT);
    sigaddset(&stops, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stops, &before);
    signals_.reset();
    if (asked_) {
        std::signal(SIGINT, SIG_IGN);
        std::signal(SIGTERM, SIG_IGN);
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void StopSignal::wait() {
    signals_->async_wait([this](const boost::system::error_code& error, int signal) {
        if (error || !waiting_) {
            return;
        }
        if (signal == SIGHUP) {
            log_warn("hang_up_ignored",
                     {{"text",
                       "a job's config is fixed for its run: stop the daemon and start it "
                       "with the new config and a new database"}});
        } else {
            log_info("stopping", {{"signal", static_cast<std::int64_t>(signal)}});
            if (!asked_) {
                asked_ = true;
                if (on_stop) {
                    on_stop();
                }
            }
        }
        if (waiting_) {
            wait();
        }
    });
}

bool StopSignal::asked() {
    if (context_.stopped()) {
        context_.restart();
    }
    context_.poll();
    return asked_;
}

void StopSignal::stop_waiting() {
    waiting_ = false;
    boost::system::error_code ignored;
    signals_->cancel(ignored);
}

}  // namespace paperd::daemon
