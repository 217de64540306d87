#include "daemon/run/stop_signal.h"

#include <csignal>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace paperd::daemon {
namespace {

class StopSignalTest : public testing::Test {
protected:
    ~StopSignalTest() override {
        for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
            std::signal(signal, SIG_DFL);
        }
    }

    boost::asio::io_context context_{1};
};

TEST_F(StopSignalTest, IsAskedOnceHoweverManySignalsComeAndOutlivesThemAll) {
    std::optional<StopSignal> stop(std::in_place, context_, HangUp::ends);
    int asked = 0;
    stop->on_stop = [&] { ++asked; };
    EXPECT_FALSE(stop->asked());
    std::raise(SIGTERM);
    std::raise(SIGINT);
    std::raise(SIGTERM);
    EXPECT_TRUE(stop->asked());
    EXPECT_EQ(asked, 1);
    stop->stop_waiting();
    context_.restart();
    context_.run();  // nothing is left to wait for
    std::raise(SIGTERM);
    stop.reset();
    std::raise(SIGTERM);  // the process is ending already
    std::raise(SIGINT);
}

TEST_F(StopSignalTest, AHangUpIsNoStopWhereItIsIgnored) {
    StopSignal stop(context_, HangUp::ignored);
    std::raise(SIGHUP);
    EXPECT_FALSE(stop.asked());
    std::raise(SIGHUP);
    EXPECT_FALSE(stop.asked());
    std::raise(SIGTERM);
    EXPECT_TRUE(stop.asked());
    stop.stop_waiting();
}

TEST_F(StopSignalTest, WithoutAStopTheSignalsKeepTheirMeaning) {
    {
        const StopSignal stop(context_, HangUp::ends);
    }
    EXPECT_EQ(std::signal(SIGTERM, SIG_DFL), SIG_DFL);
}

}  // namespace
}  // namespace paperd::daemon
