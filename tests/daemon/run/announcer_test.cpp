// What is said of a pause: at once, then every few seconds, and anew of the next one.
#include "daemon/run/announcer.h"

#include <cstddef>
#include <string>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "tests/support/jobs.h"
#include "tests/support/runs.h"

namespace paperd::daemon {
namespace {

class AnnouncerTest : public testing::Test {
protected:
    // How many lines of the log say `event` while `happens` goes on.
    template <class Happens>
    static std::ptrdiff_t lines(const std::string& event, Happens happens) {
        testing::internal::CaptureStderr();
        happens();
        const std::string said = testing::internal::GetCapturedStderr();
        std::ptrdiff_t count = 0;
        for (auto at = said.find(event); at != std::string::npos; at = said.find(event, at + 1)) {
            ++count;
        }
        return count;
    }

    boost::asio::io_context context_{1};
    SteadyTimers timers_{context_.get_executor()};
    RunPlan plan_ = support::plan_for(support::synthetic_job(1), {"ALFA", "BRVO", "CHRL"});
    LoopOptions options_{.db_path = "a.db", .progress_label = ""};
    Announcer announcer_{timers_, plan_, options_};
    Error why_ = fail("the disk is full", ErrorKind::transient);
};

// The retry's clock starts when something could not be stored, so the first pause is 0 s long, or
// a few microseconds.
TEST_F(AnnouncerTest, SaysAPauseAtOnceAndThenNotEveryTime) {
    for (const double first_s : {0.0, 0.000'004}) {
        EXPECT_EQ(lines(" paused ", [&] { announcer_.paused(why_, first_s); }), 1) << first_s;
        EXPECT_EQ(lines(" paused ", [&] { announcer_.paused(why_, 4.9); }), 0);
        EXPECT_EQ(lines(" paused ", [&] { announcer_.paused(why_, 5.1); }), 1);
        EXPECT_EQ(lines(" paused ", [&] { announcer_.paused(why_, 9.9); }), 0);
        EXPECT_EQ(lines(" resumed ", [&] { (void)announcer_.resumed(why_, 11); }), 1);
    }
}

}  // namespace
}  // namespace paperd::daemon
