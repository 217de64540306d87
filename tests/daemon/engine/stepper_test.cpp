// The one way of a slice: what a commit that fails leaves behind, and that nothing passes it.
#include "daemon/engine/stepper.h"

#include <type_traits>
#include <utility>

#include <gtest/gtest.h>

#include "daemon/engine/run_plan.h"
#include "storage/database.h"
#include "tests/support/jobs.h"
#include "tests/support/process.h"
#include "tests/support/runs.h"
#include "tests/support/tables.h"

namespace paperd::daemon {
namespace {

static_assert(!std::is_move_constructible_v<Engine> && !std::is_move_assignable_v<Engine>,
              "its parts point at each other");

constexpr std::size_t kLength = 60;

class StepperTest : public testing::Test {
protected:
    StepperTest() : slices_(support::slices_of(support::synthetic_job(1), symbols_)) {
        slices_.resize(kLength);
        plan_.emplace(support::plan_for(support::synthetic_job(1), symbols_));
    }

    // The database as somebody's shell holds it: locked.
    [[nodiscard]] storage::Database shell() const {
        auto opened = storage::Database::open(db(), storage::OpenMode::read_write, 0);
        EXPECT_FALSE(opened.has_error());
        return std::move(*opened);
    }

    [[nodiscard]] std::string db() const { return dir_.path("a.db"); }

    [[nodiscard]] std::unique_ptr<storage::Journal> journal() const {
        auto opened = storage::Journal::open(db(), plan_->header, {.busy_timeout_ms = 1});
        EXPECT_FALSE(opened.has_error()) << opened.error().text;
        return std::move(*opened);
    }

    support::TempDir dir_;
    Universe symbols_;
    std::vector<Slice> slices_;
    std::optional<RunPlan> plan_;
};

TEST_F(StepperTest, StoresTheSameStepOnceTheLockIsGoneAndTakesNothingBefore) {
    ASSERT_TRUE(support::run_some(*plan_, dir_.path("whole.db"), slices_, kLength));
    {
        const auto journal = this->journal();
        const auto engine = *make_engine(*plan_);
        Stepper stepper(*engine, *journal, plan_->config.checkpoint_slices);
        for (std::size_t i = 0; i < kLength; ++i) {
            SCOPED_TRACE("slice " + std::to_string(i + 1));
            // Also at the slice that carries a checkpoint.
            if (i % 7 != 3 && slices_[i].id % plan_->config.checkpoint_slices != 0) {
                ASSERT_FALSE(stepper.take(slices_[i]).has_error());
                continue;
            }
            auto shell = this->shell();
            ASSERT_FALSE(shell.execute("BEGIN IMMEDIATE").has_error());
            const auto refused = stepper.take(slices_[i]);
            ASSERT_TRUE(refused.has_error());
            EXPECT_EQ(refused.error().kind, ErrorKind::transient) << refused.error().text;
            EXPECT_TRUE(stepper.pending());
            const std::uint64_t hash = engine->state_hash();
            const auto next = stepper.take(slices_[std::min(i + 1, kLength - 1)]);
            ASSERT_TRUE(next.has_error());
            EXPECT_NE(next.error().text.find("is traded and not yet stored"), std::string::npos)
                << next.error().text;
            EXPECT_EQ(engine->state_hash(), hash) << "the engine has seen nothing of it";
            EXPECT_TRUE(stepper.commit().has_error());
            EXPECT_TRUE(stepper.pending());
            ASSERT_FALSE(shell.execute("ROLLBACK").has_error());
            const auto stored = stepper.commit();
            ASSERT_FALSE(stored.has_error()) << stored.error().text;
            EXPECT_EQ(stepper.last_step().slice_id, slices_[i].id);
            EXPECT_EQ(stepper.last_step().state_hash, hash);
            EXPECT_FALSE(stepper.pending());
        }
    }
    EXPECT_EQ(support::differing_tables(dir_.path("whole.db"), db()), "");
}

TEST_F(StepperTest, IsNotHeldUpByASliceThatTheEngineRefuses) {
    const auto journal = this->journal();
    const auto engine = *make_engine(*plan_);
    Stepper stepper(*engine, *journal, 50);
    Slice bad = slices_[0];
    bad.bars[0].volume = -1;
    EXPECT_TRUE(stepper.take(bad).has_error());
    EXPECT_FALSE(stepper.pending());
    EXPECT_EQ(journal->state().last_slice_id, 0);
    EXPECT_FALSE(stepper.take(slices_[0]).has_error());
    EXPECT_EQ(journal->state().last_slice_id, 1);
}

TEST_F(StepperTest, NumbersTheFeedsSlicesAndHandsThemTheCommandsThatWait) {
    const auto journal = this->journal();
    const auto engine = *make_engine(*plan_);
    Stepper stepper(*engine, *journal, 50);
    ASSERT_FALSE(journal->record_command({1, CommandKind::reduce, from_ns(5), ""}).has_error());
    bool traded = false;
    for (Slice slice : slices_) {
        slice.id = 0;
        ASSERT_FALSE(stepper.gather_next(slice).has_error());
        ASSERT_FALSE(stepper.commit().has_error());
        ASSERT_EQ(stepper.stored().size(), 1U);
        const Slice& taken = stepper.stored().front().slice;
        EXPECT_EQ(taken.id, engine->last_slice_id());
        EXPECT_EQ(taken.commands.size(), !slice.warmup && !traded ? 1U : 0U);
        traded = traded || !slice.warmup;
    }
    EXPECT_TRUE(traded);
    EXPECT_EQ(engine->risk().state(), TradingState::reducing);
}

// The command waits in the journal until the group is stored, and takes effect once.
TEST_F(StepperTest, HandsACommandToOneSliceOfAGroup) {
    const auto journal = this->journal();
    const auto engine = *make_engine(*plan_);
    Stepper stepper(*engine, *journal, 1000);
    ASSERT_FALSE(journal->record_command({1, CommandKind::reduce, from_ns(5), ""}).has_error());
    for (std::size_t i = 0; i < kLength; ++i) {
        if (i == 50) {
            EXPECT_EQ(journal->waiting_commands().size(), 1U);
            ASSERT_FALSE(
                journal->record_command({2, CommandKind::halt, from_ns(6), ""}).has_error());
        }
        ASSERT_FALSE(stepper.gather_next(slices_[i]).has_error());
    }
    ASSERT_FALSE(stepper.commit().has_error());
    EXPECT_TRUE(journal->waiting_commands().empty());
    std::vector<std::pair<std::int64_t, std::int64_t>> effects;  // command, slice
    for (const Made& made : stepper.stored()) {
        for (const Command& command : made.slice.commands) {
            effects.emplace_back(command.id, made.slice.id);
        }
    }
    ASSERT_EQ(effects.size(), 2U);
    EXPECT_EQ(effects[0].first, 1);
    EXPECT_LT(effects[0].second, 51);
    EXPECT_EQ(effects[1], (std::pair<std::int64_t, std::int64_t>(2, 51)));
}

TEST_F(StepperTest, ClosesAGroupAtACheckpointAndTakesNothingBeforeItIsStored) {
    const auto journal = this->journal();
    const auto engine = *make_engine(*plan_);
    Stepper stepper(*engine, *journal, 7);
    for (std::size_t i = 0; i < 7; ++i) {
        EXPECT_FALSE(stepper.pending());
        ASSERT_FALSE(stepper.gather(slices_[i]).has_error());
        EXPECT_EQ(stepper.gathered(), i + 1);
    }
    EXPECT_TRUE(stepper.pending());
    const auto next = stepper.gather(slices_[7]);
    ASSERT_TRUE(next.has_error());
    EXPECT_NE(next.error().text.find("slice 8 has to wait: slice 1 is traded and not yet stored"),
              std::string::npos)
        << next.error().text;
    EXPECT_EQ(engine->last_slice_id(), 7);
    EXPECT_EQ(journal->state().last_slice_id, 0);
    ASSERT_FALSE(stepper.commit().has_error());
    EXPECT_EQ(journal->state().last_slice_id, 7);
    EXPECT_EQ(stepper.gathered(), 0U);
    EXPECT_EQ(stepper.stored().size(), 7U);
    EXPECT_FALSE(stepper.gather(slices_[7]).has_error());
    EXPECT_TRUE(stepper.stored().empty());
}

TEST_F(StepperTest, StoresTheSameStepsOfAGroupOnceTheLockIsGone) {
    ASSERT_TRUE(support::run_some(*plan_, dir_.path("whole.db"), slices_, kLength));
    {
        const auto journal = this->journal();
        const auto engine = *make_engine(*plan_);
        Stepper stepper(*engine, *journal, plan_->config.checkpoint_slices);
        for (std::size_t i = 0; i < kLength; ++i) {
            ASSERT_FALSE(stepper.gather(slices_[i]).has_error());
            if (!stepper.pending() && stepper.gathered() < 9 && i + 1 < kLength) {
                continue;
            }
            auto shell = this->shell();
            ASSERT_FALSE(shell.execute("BEGIN IMMEDIATE").has_error());
            const std::size_t group = stepper.gathered();
            const auto refused = stepper.commit();
            ASSERT_TRUE(refused.has_error());
            EXPECT_EQ(refused.error().kind, ErrorKind::transient) << refused.error().text;
            EXPECT_TRUE(stepper.pending());
            EXPECT_TRUE(stepper.gather(slices_[std::min(i + 1, kLength - 1)]).has_error());
            EXPECT_EQ(stepper.gathered(), group);
            EXPECT_EQ(journal->state().last_slice_id, static_cast<std::int64_t>(i + 1 - group));
            ASSERT_FALSE(shell.execute("ROLLBACK").has_error());
            ASSERT_FALSE(stepper.commit().has_error());
            EXPECT_EQ(journal->state().last_slice_id, static_cast<std::int64_t>(i + 1));
        }
    }
    EXPECT_EQ(support::differing_tables(dir_.path("whole.db"), db()), "");
}

// A slice that the engine refuses leaves those before it to be stored.
TEST_F(StepperTest, KeepsTheGroupWhereTheEngineRefusesASlice) {
    const auto journal = this->journal();
    const auto engine = *make_engine(*plan_);
    Stepper stepper(*engine, *journal, 50);
    ASSERT_FALSE(stepper.gather(slices_[0]).has_error());
    ASSERT_FALSE(stepper.gather(slices_[1]).has_error());
    Slice bad = slices_[2];
    bad.bars[0].volume = -1;
    EXPECT_TRUE(stepper.gather(bad).has_error());
    EXPECT_EQ(stepper.gathered(), 2U);
    EXPECT_FALSE(stepper.commit().has_error());
    EXPECT_EQ(journal->state().last_slice_id, 2);
    EXPECT_FALSE(stepper.take(slices_[2]).has_error());
    EXPECT_EQ(journal->state().last_slice_id, 3);
}

}  // namespace
}  // namespace paperd::daemon
