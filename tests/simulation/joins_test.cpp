// A position held into a cut of its series: over night it ends at its last close and the move is
// nobody's, neither the account's, nor research's, nor that of buy-and-hold; within a day the move
// counts.
#include <sstream>

#include <gtest/gtest.h>

#include "daemon/engine/verify.h"
#include "daemon/report/accounting.h"
#include "storage/database.h"
#include "storage/run_summary.h"
#include "tests/support/jobs.h"
#include "tests/support/process.h"
#include "tests/support/runs.h"

namespace paperd::daemon {
namespace {

const std::string kJob =
    "title: a split\n"
    "market: {symbols: [ALFA], interval: 1m, calendar: always_open, feed: synthetic, "
    "warmup_days: 0}\n"
    "strategy: {kind: buy_and_hold, gross_budget: 0.5}\n"
    "costs: {commission_bps: 0, slippage_bps: 0, impact_coefficient: 0}\n"
    "server: {enabled: false}\n";

// Flat bars of one price a minute; the price is `after` from `join` on.
std::vector<Slice> minutes(Timestamp begin, int count, int join, int before, int after) {
    std::vector<Slice> slices;
    for (int i = 0; i < count; ++i) {
        Slice slice;
        slice.id = i + 1;
        slice.closed_at = begin + std::chrono::minutes{i};
        slice.day = day_from_number(static_cast<std::int32_t>(
            std::chrono::floor<std::chrono::days>(slice.closed_at - std::chrono::minutes{1})
                .time_since_epoch()
                .count()));
        Bar bar;
        bar.symbol = symbol_id(0);
        bar.closed_at = slice.closed_at;
        bar.open = bar.high = bar.low = bar.close = bar.adj_close =
            Price::whole(i < join ? before : after);
        bar.volume = 1e7;
        slice.bars.push_back(bar);
        slices.push_back(slice);
    }
    return slices;
}

struct Ran {
    support::TempDir dir;
    std::string db = dir.path("a.db");
    storage::RunSummary summary;
    AccountingGap gap;

    explicit Ran(const std::vector<Slice>& slices) {
        const RunPlan plan = support::plan_for(kJob, {"ALFA"});
        EXPECT_TRUE(support::run_some(plan, db, slices, slices.size()));
        summary = *storage::summarise(db);
        auto run = storage::StoredRun::open(db);
        gap = *research_against_engine(**run, 0);
        std::ostringstream said;
        EXPECT_TRUE(*verify_database(db, {.replay = true, .progress = {}}, said)) << said.str();
    }

    [[nodiscard]] std::int64_t count(const std::string& sql) const {
        auto database = storage::Database::open(db, storage::OpenMode::read_only, 100);
        return *database->integer(sql);
    }
};

constexpr Timestamp kBeforeMidnight = from_ns(1'719'878'400'000'000'000 - 600'000'000'000);

}  // namespace

TEST(Joins, APositionHeldOverNightIntoASplitIsSettledAtItsLastClose) {
    // 400 until midnight (the bar that closes at 24:00 is still of the day before), then 100.
    const Ran ran(minutes(kBeforeMidnight, 40, 11, 400, 100));
    EXPECT_EQ(ran.count("SELECT count(*) FROM corporate_actions WHERE kind = 2 AND held_e8 > 0 AND "
                        "per_share_e8 = 40000000000"),
              1);
    EXPECT_EQ(ran.count("SELECT count(*) FROM incidents WHERE kind = 'position_settled'"), 1);
    EXPECT_EQ(ran.count("SELECT count(*) FROM round_trips WHERE exit_price = 400"), 1);
    EXPECT_EQ(ran.count("SELECT count(*) FROM fills WHERE price_e8 < 20000000000"), 1)
        << "it buys anew after the split";
    // Only the charged spread of two purchases is lost: a basis point or two, never the split.
    EXPECT_NEAR(ran.summary.return_fraction, 0, 2e-3);
    EXPECT_NEAR(ran.summary.buy_and_hold_fraction, 0, 1e-12);
    EXPECT_NEAR(ran.gap.research_gross, 0, 1e-12);
    EXPECT_NEAR(ran.gap.rest, 0, 1e-12);
}

TEST(Joins, VerifyRefusesASettlementAtAnotherPriceThanTheLastClose) {
    const Ran ran(minutes(kBeforeMidnight, 20, 11, 400, 100));
    {
        auto database = storage::Database::open(ran.db, storage::OpenMode::read_write, 100);
        ASSERT_FALSE(database
                         ->execute("UPDATE corporate_actions SET per_share_e8 = 2 * per_share_e8, "
                                   "amount_e8 = 2 * amount_e8")
                         .has_error());
    }
    std::ostringstream said;
    EXPECT_FALSE(*verify_database(ran.db, {}, said));
    EXPECT_NE(said.str().find("the settlement of ALFA"), std::string::npos) << said.str();
    EXPECT_NE(said.str().find("settlements booked for ALFA differ"), std::string::npos)
        << said.str();
}

TEST(Joins, AMoveWithinADayIsTheMarketsAndCounts) {
    const Ran ran(minutes(kBeforeMidnight + std::chrono::hours{1}, 40, 20, 400, 300));
    EXPECT_EQ(ran.count("SELECT count(*) FROM corporate_actions"), 0);
    EXPECT_EQ(ran.count("SELECT count(*) FROM incidents WHERE kind = 'price_jump'"), 1);
    EXPECT_NEAR(ran.summary.return_fraction, 0.5 * -0.25, 5e-3);
    EXPECT_NEAR(ran.summary.buy_and_hold_fraction, -0.25, 1e-12);
    EXPECT_NEAR(ran.gap.research_gross, 0.5 * -0.25, 1e-6);
    EXPECT_NEAR(ran.gap.rest, 0, 1e-12);
}

}  // namespace paperd::daemon
