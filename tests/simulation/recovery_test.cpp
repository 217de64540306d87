// Crash anywhere, in process: the engine is dropped after every slice of a short history and
// recovered from what the journal holds; the tables must be those of the uninterrupted run.
#include "daemon/engine/recovery.h"

#include <gtest/gtest.h>

#include "daemon/engine/run_plan.h"
#include "tests/support/jobs.h"
#include "tests/support/process.h"
#include "tests/support/runs.h"
#include "tests/support/tables.h"

namespace paperd::daemon {
namespace {

using support::plan_for;
using support::run_some;

void compare_interrupted(const std::string& yaml, std::size_t length) {
    Universe symbols;
    std::vector<Slice> slices = support::slices_of(yaml, symbols);
    slices.resize(std::min(slices.size(), length));
    const RunPlan plan = plan_for(yaml, symbols);
    const support::TempDir dir;
    ASSERT_TRUE(run_some(plan, dir.path("whole.db"), slices, slices.size()));
    for (std::size_t i = 0; i < slices.size(); ++i) {
        ASSERT_TRUE(run_some(plan, dir.path("parts.db"), slices, 1)) << "at slice " << i + 1;
    }
    const std::string whole = support::trading_tables(dir.path("whole.db"));
    EXPECT_GT(whole.size(), 10'000U);
    EXPECT_EQ(whole, support::trading_tables(dir.path("parts.db")));
    EXPECT_EQ(support::differing_tables(dir.path("whole.db"), dir.path("parts.db")), "");
}

}  // namespace

TEST(Recovery, StoppingAfterEverySliceChangesNothing) {
    compare_interrupted(support::synthetic_job(1), 180);
}

#ifdef PAPERD_WITH_TORCH
TEST(Recovery, RestoresTheHybridsStateAndHistoryExactly) {
    compare_interrupted(support::hybrid_job(), 170);
}
#endif

// How many slices a transaction holds decides nothing, checkpoints included.
TEST(Recovery, StoresTheSameInGroupsOfAnySize) {
    Universe symbols;
    const std::string yaml = support::synthetic_job(1);
    const std::vector<Slice> slices = support::slices_of(yaml, symbols);
    const RunPlan plan = plan_for(yaml, symbols);
    const support::TempDir dir;
    ASSERT_TRUE(run_some(plan, dir.path("1.db"), slices, slices.size()));
    const std::string whole = support::trading_tables(dir.path("1.db"));
    for (const std::size_t group : {std::size_t{2}, std::size_t{7}, std::size_t{1000}}) {
        SCOPED_TRACE(group);
        const std::string db = dir.path(std::to_string(group) + ".db");
        ASSERT_TRUE(run_some(plan, db, slices, slices.size(), group));
        EXPECT_GE(support::row_count(db, "slices"), 350) << "350 is the last checkpoint's";
        ASSERT_TRUE(run_some(plan, db, slices, slices.size())) << "what the last group lost";
        EXPECT_EQ(whole, support::trading_tables(db));
        EXPECT_EQ(support::differing_tables(dir.path("1.db"), db), "");
    }
}

TEST(Recovery, LosesOnlyTheGroupThatWasOpen) {
    Universe symbols;
    const std::string yaml = support::synthetic_job(1);
    std::vector<Slice> slices = support::slices_of(yaml, symbols);
    slices.resize(180);
    const RunPlan plan = plan_for(yaml, symbols);
    const support::TempDir dir;
    const std::string db = dir.path("parts.db");
    ASSERT_TRUE(run_some(plan, dir.path("whole.db"), slices, slices.size()));
    std::int64_t stored = 0;
    std::int64_t lost = 0;
    for (std::int64_t lived = 8; stored < 160; lived = lived == 13 ? 8 : lived + 1) {
        ASSERT_TRUE(run_some(plan, db, slices, static_cast<std::size_t>(lived), 7));
        const std::int64_t now = support::row_count(db, "slices");
        EXPECT_GT(now, stored);
        EXPECT_LE(stored + lived - now, 6) << "less than a group";
        lost += stored + lived - now;
        stored = now;
    }
    EXPECT_GT(lost, 20);
    ASSERT_TRUE(run_some(plan, db, slices, slices.size()));
    EXPECT_EQ(support::differing_tables(dir.path("whole.db"), db), "");
}

TEST(Recovery, StopsBetweenSlicesWhenAsked) {
    Universe symbols;
    const std::string yaml = support::synthetic_job(1);
    std::vector<Slice> slices = support::slices_of(yaml, symbols);
    slices.resize(49);
    const RunPlan plan = plan_for(yaml, symbols);
    const support::TempDir dir;
    const std::string db = dir.path("a.db");
    ASSERT_TRUE(run_some(plan, db, slices, 49));
    auto journal = storage::Journal::open(db, plan.header, {});
    ASSERT_FALSE(journal.has_error());
    auto engine = make_engine(plan);
    int asked = 0;
    auto recovered = recover(**engine, plan, db, (*journal)->state(), [&] { return ++asked == 8; });
    ASSERT_FALSE(recovered.has_error()) << recovered.error().text;
    EXPECT_TRUE(recovered->stopped);
    EXPECT_EQ(recovered->slices_replayed, 7);
}

TEST(Recovery, RefusesToGoOnFromRowsThatWereChanged) {
    Universe symbols;
    const std::string yaml = support::synthetic_job(1);
    std::vector<Slice> slices = support::slices_of(yaml, symbols);
    slices.resize(120);
    const RunPlan plan = plan_for(yaml, symbols);
    const support::TempDir dir;
    const std::string db = dir.path("a.db");
    ASSERT_TRUE(run_some(plan, db, slices, 110));
    ASSERT_EQ(std::system(("sqlite3 " + db +
                           " 'UPDATE bars SET close_e8 = high_e8, open_e8 = low_e8 "
                           "WHERE slice_id BETWEEN 101 AND 110'")
                              .c_str()),
              0);
    auto journal = storage::Journal::open(db, plan.header, {});
    ASSERT_FALSE(journal.has_error());
    auto engine = make_engine(plan);
    auto recovered = recover(**engine, plan, db, (*journal)->state());
    ASSERT_TRUE(recovered.has_error());
    EXPECT_EQ(recovered.error().kind, ErrorKind::difference);
    EXPECT_NE(recovered.error().text.find("slice 101"), std::string::npos)
        << recovered.error().text;
}

}  // namespace paperd::daemon
