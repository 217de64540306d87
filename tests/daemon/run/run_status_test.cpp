#include "daemon/run/run_status.h"

#include <thread>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "tests/support/jobs.h"
#include "tests/support/process.h"
#include "tests/support/runs.h"

namespace paperd::daemon {
namespace {

class RunStatusTest : public testing::Test {
protected:
    void SetUp() override {
        plan_ = support::plan_for(support::synthetic_job(1), {"ALFA", "BRVO", "CHRL"});
        auto engine = make_engine(plan_);
        ASSERT_FALSE(engine.has_error());
        engine_ = std::move(*engine);
        auto journal = storage::Journal::open(dir_.path("a.db"), plan_.header, {});
        ASSERT_FALSE(journal.has_error());
        journal_ = std::move(*journal);
        feed_ = make_history_feed({});
        session_ = std::make_unique<TradingSession>(*engine_, *journal_, *feed_, 50, retry_);
        status_ = std::make_unique<RunStatus>(plan_, RunFacts{.db_path = dir_.path("a.db")});
        status_->attach(*engine_, *session_);
    }

    boost::asio::io_context context_{1};
    SteadyTimers timers_{context_.get_executor()};
    CommitRetry retry_{timers_, [] { return false; }, 1};
    support::TempDir dir_;
    RunPlan plan_;
    std::unique_ptr<Engine> engine_;
    std::unique_ptr<storage::Journal> journal_;
    std::unique_ptr<Feed> feed_;
    std::unique_ptr<TradingSession> session_;
    std::unique_ptr<RunStatus> status_;
};

TEST_F(RunStatusTest, DataAgeGrowsFromTheStartAndBeginsAnewWithEverySlice) {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    const double before = status_->gather().data_age_s;
    EXPECT_GE(before, 0.03);
    // Simulated time: however long ago the slice closed, it came now.
    Slice slice;
    slice.closed_at = *parse_timestamp("1999-12-31T21:00:00Z");
    status_->on_committed(slice, {});
    const double fresh = status_->gather().data_age_s;
    EXPECT_LT(fresh, before);
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    EXPECT_GE(status_->gather().data_age_s, fresh + 0.03);
    // The world's time: it came so late.
    slice.late = std::chrono::seconds{90};
    status_->on_committed(slice, {});
    EXPECT_GE(status_->gather().data_age_s, 90);
    EXPECT_LT(status_->gather().data_age_s, 120);
}

TEST_F(RunStatusTest, IsHealthyWhileItRunsAndSaysWhyWhereItDoesNot) {
    std::string why;
    EXPECT_FALSE(status_->healthy(why));
    EXPECT_EQ(why, "the daemon is starting");
    status_->set_state(ProcessState::ready);
    EXPECT_TRUE(status_->healthy(why));
    status_->set_paused("the disk is full");
    EXPECT_FALSE(status_->healthy(why));
    EXPECT_EQ(why, "trading is paused: the disk is full");
    EXPECT_EQ(status_->line(), "paused: the disk is full");
    status_->set_paused("");
    EXPECT_TRUE(status_->healthy(why));
    EXPECT_EQ(status_->line(), "no slice yet, active");
}

TEST_F(RunStatusTest, IsNotHealthyWithAFeedOfTheWorldThatIsSilent) {
    RunStatus live(plan_, RunFacts{.db_path = dir_.path("a.db"), .slice_every_s = std::nullopt});
    live.attach(*engine_, *session_);
    live.set_state(ProcessState::ready);
    std::string why;
    EXPECT_TRUE(live.healthy(why)) << "no slice yet: " << why;
    Slice slice;
    slice.closed_at = *parse_timestamp("2024-07-01T14:00:00Z");
    live.on_committed(slice, {});
    EXPECT_FALSE(live.healthy(why));
    EXPECT_NE(why.find("closed at 2024-07-01T14:00:00Z"), std::string::npos) << why;
}

// The engine has taken a slice that the disk has no room for: it is not among those that are.
TEST_F(RunStatusTest, CountsTheSlicesThatAreStored) {
    Universe symbols;
    const auto slices = support::slices_of(support::synthetic_job(1), symbols);
    for (std::size_t i = 0; i < 2; ++i) {
        ASSERT_FALSE(engine_->on_slice(slices[i]).has_error());
    }
    status_->on_committed(slices[0], {});
    status_->set_paused("the disk is full");
    const Status status = status_->gather();
    EXPECT_EQ(status.slices, 1);
    EXPECT_EQ(status.last_slice_id, 1);
    EXPECT_EQ(status.last_slice_at, slices[0].closed_at);
}

TEST_F(RunStatusTest, LastErrorIsTheNewestIncidentOfThatSeverity) {
    EXPECT_EQ(status_->gather().last_error, "");
    Slice slice;
    slice.closed_at = *parse_timestamp("2024-07-01T14:00:00Z");
    Step step;
    step.incidents = {{Severity::error, "daily_loss", kNoSymbol, "the day's loss reached 10 %"},
                      {Severity::error, "drawdown", kNoSymbol, "the drawdown reached 35 %"},
                      {Severity::warning, "data_gap", kNoSymbol, "no bar"}};
    status_->on_committed(slice, step);
    EXPECT_EQ(status_->gather().last_error, "2024-07-01T14:00:00Z: the drawdown reached 35 %");
    EXPECT_EQ(status_->gather().errors, 2);
    status_->on_committed(slice, {});  // a quiet slice forgets nothing
    EXPECT_EQ(status_->gather().last_error, "2024-07-01T14:00:00Z: the drawdown reached 35 %");
    EXPECT_NE(status_->status_json().find("the drawdown reached 35 %"), std::string::npos);
    EXPECT_NE(status_->metrics_text().find("paperd_errors_total 2\n"), std::string::npos);
}

}  // namespace
}  // namespace paperd::daemon
