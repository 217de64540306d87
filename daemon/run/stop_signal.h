// SIGINT and SIGTERM as a wish to stop, from before recovery until the process ends: what is in
// hand is finished and stored, then the run ends. However often they come, they do not cut that
// short.
#pragma once

#include <functional>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace paperd::daemon {

// What a lost terminal, or `systemctl reload`, does.
enum class HangUp { ends, ignored };

class StopSignal {
public:
    // From here on the signals no longer end the process. The context outlives this.
    StopSignal(boost::asio::io_context& context, HangUp hang_up);

    // Once a stop was asked for, the signals stay without effect.
    ~StopSignal();

    StopSignal(const StopSignal&) = delete;
    StopSignal& operator=(const StopSignal&) = delete;

    // Whether one has come. Lets the context's handlers run.
    bool asked();

    // Called once, when one comes while the context runs.
    std::function<void()> on_stop;

    // Waits no longer, so that the context can run out of work; the signals stay harmless.
    void stop_waiting();

private:
    void wait();

    boost::asio::io_context& context_;
    std::optional<boost::asio::signal_set> signals_;
    bool asked_ = false;
    bool waiting_ = true;
};

}  // namespace paperd::daemon
