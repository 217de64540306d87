// A position held into a cut of its series: the move is the account's, over night and within a day,
// unless a split says that there was none, or no symbol had a bar for so long that a replay
// settles.
#include <sstream>

#include <gtest/gtest.h>

#include "daemon/engine/stepper.h"
#include "daemon/engine/verify.h"
#include "daemon/report/accounting.h"
#include "storage/database.h"
#include "storage/run_summary.h"
#include "tests/support/jobs.h"
#include "tests/support/process.h"
#include "tests/support/runs.h"
#include "tests/support/tables.h"

namespace paperd::daemon {
namespace {

const std::string kJob =
    "title: a split\n"
    "market: {symbols: [ALFA], interval: 1m, calendar: always_open, feed: synthetic, "
    "warmup_days: 0}\n"
    "strategy: {kind: buy_and_hold}\n"
    "risk: {position_fraction_max: 1}\n"
    "server: {enabled: false}\n";

const std::string kFree = "costs: {commission_bps: 0, slippage_bps: 0, impact_coefficient: 0}\n";

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

    explicit Ran(const std::vector<Slice>& slices, const std::string& more = "") {
        const RunPlan plan =
            support::plan_for(kJob + (more.starts_with("costs") ? "" : kFree) + more, {"ALFA"});
        EXPECT_TRUE(support::run_some(plan, db, slices, slices.size()));
        summary = *storage::summarise(db);
        auto run = storage::StoredRun::open(db);
        gap = *research_against_engine(**run, 0);
        std::ostringstream said;
        EXPECT_TRUE(*verify_database(db, {.replay = true, .progress = {}}, said)) << said.str();
    }

    // Shares, of the 11 slices before midnight.
    [[nodiscard]] double held_over_night() const {
        return static_cast<double>(
            count("SELECT sum(quantity_e8) / 100000000 FROM fills WHERE slice_id <= 11"));
    }

    [[nodiscard]] std::string texts(const std::string& kind) const {
        auto database = storage::Database::open(db, storage::OpenMode::read_only, 100);
        return *database->text("SELECT group_concat(text) FROM incidents WHERE kind = '" + kind +
                               "'");
    }

    [[nodiscard]] std::int64_t count(const std::string& sql) const {
        auto database = storage::Database::open(db, storage::OpenMode::read_only, 100);
        return *database->integer(sql);
    }
};

const Split kFourForOne{.symbol = symbol_id(0),
                        .ex_date = day_from_number(19'906),  // 2024-07-02
                        .new_shares = 4,
                        .old_shares = 1};
constexpr Timestamp kBeforeMidnight = from_ns(1'719'878'400'000'000'000 - 600'000'000'000);

}  // namespace

// 400 until midnight (the bar that closes at 24:00 is still of the day before), then 300, which no
// split explains: each share that is held loses 100 of the million.
TEST(Joins, AJumpOverNightIsBookedAndTheIncidentNamesTheNearestSplit) {
    const Ran ran(minutes(kBeforeMidnight, 40, 11, 400, 300));
    EXPECT_EQ(ran.count("SELECT count(*) FROM corporate_actions"), 0);
    EXPECT_NEAR(ran.summary.return_fraction, ran.held_over_night() * -100.0 / 1e6, 2e-3);
    EXPECT_NEAR(ran.gap.rest, 0, 1e-12);
    EXPECT_EQ(ran.count("SELECT count(*) FROM incidents WHERE kind = 'series_cut' AND text LIKE "
                        "'%the nearest usual split is 4/3: if it was one, add "
                        "''ALFA,2024-07-02,4/3'' to market.splits%'"),
              1)
        << ran.texts("series_cut");
}

// The same bars with a split of 4 for 1 told: 400 to 100 is no move. What was bought, at about
// 500,000 / 400 = 1,250 shares, is four times as many, its cost as before, and nothing is paid:
// whole shares times four leave no rest. No warm-up anew, no order, no incident.
TEST(Joins, ASplitThatIsToldIsNoMove) {
    auto slices = minutes(kBeforeMidnight, 40, 11, 400, 100);
    slices[11].splits = {kFourForOne};
    const Ran ran(slices);
    EXPECT_EQ(ran.count("SELECT count(*) FROM splits WHERE slice_id = 12 AND new_shares = 4"), 1);
    EXPECT_EQ(ran.count("SELECT count(*) FROM corporate_actions WHERE kind = 3 AND held_e8 > 0 AND "
                        "held_after_e8 = 4 * held_e8 AND amount_e8 = 0 AND "
                        "per_share_e8 = 10000000000"),
              1);
    EXPECT_EQ(ran.count("SELECT count(*) FROM positions p JOIN positions q ON "
                        "q.slice_id < p.slice_id AND p.quantity_e8 = 4 * q.quantity_e8 AND "
                        "p.cost_e8 = q.cost_e8 WHERE p.slice_id = 12"),
              1);
    EXPECT_EQ(ran.count("SELECT count(*) FROM incidents WHERE kind = 'series_cut'"), 0);
    // Only the charged spread of the purchase is lost: a basis point or two, never the split.
    EXPECT_NEAR(ran.summary.return_fraction, 0, 2e-3);
    EXPECT_NEAR(ran.gap.research_gross, 0, 1e-12);
    EXPECT_NEAR(ran.gap.rest, 0, 1e-12);
}

// A limit order at 399 works over 4 for 1: a new order of the same decision buys four times as many
// at 99.75, and its fills, costs and laws hold.
TEST(Joins, AWorkingOrderGoesOverASplit) {
    auto slices = minutes(kBeforeMidnight, 40, 11, 400, 100);
    slices[11].splits = {kFourForOne};
    for (std::size_t i = 20; i < slices.size(); ++i) {
        slices[i].bars[0].low = Price::whole(99);
    }
    const Ran ran(slices,
                  "execution: {order_type: limit, time_in_force: gtc, limit_offset_bps: -25}\n");
    EXPECT_EQ(ran.count("SELECT count(*) FROM orders JOIN reasons ON reason_id = reason WHERE "
                        "name = 'cancelled_by_split' AND limit_price_e8 = 39900000000"),
              1);
    EXPECT_EQ(ran.count("SELECT count(*) FROM orders a JOIN orders b ON "
                        "b.decision_id = a.decision_id AND b.order_id > a.order_id WHERE "
                        "b.quantity_e8 = 4 * a.quantity_e8 AND b.limit_price_e8 = 9975000000 AND "
                        "b.decision_price_e8 = 10000000000"),
              1);
}

// Stopped after every slice, before, in and after the split's: the database alone tells of it.
TEST(Joins, RecoveryGoesOverASplit) {
    auto slices = minutes(kBeforeMidnight, 20, 11, 400, 100);
    slices[11].splits = {kFourForOne};
    const RunPlan plan = support::plan_for(kJob + "storage: {checkpoint_slices: 5}\n", {"ALFA"});
    const support::TempDir dir;
    ASSERT_TRUE(support::run_some(plan, dir.path("whole.db"), slices, slices.size()));
    for (std::size_t i = 0; i < slices.size(); ++i) {
        ASSERT_TRUE(support::run_some(plan, dir.path("parts.db"), slices, 1)) << i + 1;
    }
    EXPECT_EQ(support::differing_tables(dir.path("whole.db"), dir.path("parts.db")), "");
}

// Nine days without any bar: what is held is settled at 400, at no cost, before the interest of
// those days. Seven days are no such gap.
TEST(Joins, AReplaySettlesWhereNoSymbolHasABarForMoreThanAWeek) {
    const auto with_gap = [](int days) {
        auto slices = minutes(kBeforeMidnight, 40, 11, 400, 100);
        for (std::size_t i = 11; i < slices.size(); ++i) {
            slices[i].closed_at += std::chrono::days{days};
            slices[i].day += std::chrono::days{days};
            slices[i].bars[0].closed_at = slices[i].closed_at;
        }
        return slices;
    };
    const Ran ran(with_gap(8), "costs: {margin_rate: 1, borrow_rate_year: 1}\n");
    EXPECT_EQ(ran.count("SELECT count(*) FROM corporate_actions WHERE kind = 2 AND held_e8 > 0 AND "
                        "held_after_e8 = 0 AND per_share_e8 = 40000000000"),
              1);
    EXPECT_EQ(ran.count("SELECT count(*) FROM incidents WHERE kind = 'position_settled'"), 1);
    EXPECT_EQ(ran.count("SELECT count(*) FROM round_trips WHERE exit_price = 400"), 1);
    EXPECT_EQ(ran.count("SELECT count(*) FROM ledger WHERE kind IN (5, 8)"), 0);
    EXPECT_NEAR(ran.summary.return_fraction, 0, 2e-3);
    EXPECT_NEAR(ran.gap.research_gross, 0, 1e-12);
    EXPECT_NEAR(ran.gap.rest, 0, 1e-12);
    const Ran near(with_gap(6));  // the bars are 7 days apart
    EXPECT_EQ(near.count("SELECT count(*) FROM corporate_actions"), 0);
    EXPECT_NEAR(near.summary.return_fraction, near.held_over_night() * -300.0 / 1e6, 2e-3);
}

TEST(Joins, ALiveRunBooksTheMoveWhateverTheGap) {
    auto slices = minutes(kBeforeMidnight, 30, 11, 400, 100);
    for (std::size_t i = 11; i < slices.size(); ++i) {
        slices[i].closed_at += std::chrono::days{30};
        slices[i].day += std::chrono::days{30};
        slices[i].bars[0].closed_at = slices[i].closed_at;
    }
    RunPlan plan = support::plan_for(kJob, {"ALFA"});
    plan.header.mode = "run";
    const auto engine = make_engine(plan);
    Stepper stepper(**engine);
    for (const Slice& slice : slices) {
        const auto step = stepper.take(slice);
        ASSERT_FALSE(step.has_error()) << step.error().text;
        EXPECT_TRUE((*step)->corporate_actions.empty());
    }
    EXPECT_LT(stepper.last_step().equity.equity, Money::whole(700'000)) << "it fell by 3/4 of half";
}

TEST(Joins, VerifyRefusesASettlementAtAnotherPriceThanTheLastClose) {
    auto slices = minutes(kBeforeMidnight, 20, 11, 400, 100);
    for (std::size_t i = 11; i < slices.size(); ++i) {
        slices[i].closed_at += std::chrono::days{30};
        slices[i].day += std::chrono::days{30};
        slices[i].bars[0].closed_at = slices[i].closed_at;
    }
    const Ran ran(slices);
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
    EXPECT_NEAR(ran.summary.return_fraction, 0.99 * -0.25, 5e-3);
    EXPECT_NEAR(ran.gap.research_gross, 0.99 * -0.25, 1e-6);
    EXPECT_NEAR(ran.gap.rest, 0, 1e-12);
}

}  // namespace paperd::daemon
