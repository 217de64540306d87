// SIGINT and SIGTERM as a wish to stop, from before recovery until the process ends: what is in
// hand is finished and stored, then the run ends.
#pragma once

#include <functional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace paperd::daemon {

class StopSignal {
public:
    // From here on the signals no longer end the process. The context outlives this.
    explicit StopSignal(boost::asio::io_context& context);

    // Whether one has come. Lets the context's handlers run, so not from within one.
    bool asked();

    // Called once, when one comes while the context runs.
    std::function<void()> on_stop;

    // Waits no longer, so that the context can run out of work; the signals stay harmless.
    void stop_waiting();

private:
    boost::asio::io_context& context_;
    boost::asio::signal_set signals_;
    bool asked_ = false;
};

}  // namespace paperd::daemon
