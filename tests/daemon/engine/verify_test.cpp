// Every stored value that is not about who ran when is looked at by verify --replay: each column of
// each table is changed in one row, and verify must find it.
#include "daemon/engine/verify.h"

#include <filesystem>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "storage/database.h"
#include "tests/support/jobs.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"
#include "tests/support/runs.h"

namespace paperd::daemon {
namespace {

using storage::Database;
using storage::OpenMode;

bool verifies(const std::string& db, std::string* said = nullptr) {
    std::ostringstream out;
    const auto same = verify_database(db, {.replay = true, .progress = {}}, out);
    if (said != nullptr) {
        *said = same.has_error() ? same.error().text : out.str();
    }
    return !same.has_error() && *same;
}

// Who ran when and how, and the words for people.
const std::set<std::string> kNotCompared = {"runs.config_path", "runs.version",
                                            "runs.fingerprint", "models.path",
                                            "reasons.text",     "incidents.incident_id"};

struct Column {
    std::string table;
    std::string name;
};

// The columns that are stored (no generated ones), but for those of process_starts.
std::vector<Column> columns_of(Database& database) {
    std::vector<Column> columns;
    auto rows = database.prepare(
        "SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_xinfo(m.name) c "
        "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name <> 'process_starts' "
        "AND c.hidden = 0 ORDER BY m.name, c.cid");
    EXPECT_FALSE(rows.has_error());
    while (*rows->step()) {
        columns.push_back({rows->column_text(0), rows->column_text(1)});
    }
    return columns;
}

// Changes that column in the newest row that has a value. False where there is none to change.
bool spoil(const std::string& db, const Column& column) {
    auto database = Database::open(db, OpenMode::read_write, 1000);
    EXPECT_FALSE(database.has_error());
    const std::string& name = column.name;
    const std::string other = "CASE typeof(" + name + ") WHEN 'integer' THEN iif(" + name +
                              " IN (0, 1), 1 - " + name + ", " + name + " + 1) WHEN 'real' THEN " +
                              name + " * 1.5 + 0.001 WHEN 'blob' THEN " + "CAST(substr(" + name +
                              ", 1, length(" + name + ") - 1) || x'77' AS BLOB) ELSE " + name +
                              " || 'x' END";
    const auto changed = database->execute(
        "PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; UPDATE OR IGNORE " + column.table +
        " SET " + name + " = " + other + " WHERE rowid = (SELECT max(rowid) FROM " + column.table +
        " WHERE " + name + " IS NOT NULL AND " + name + " <> x'')");
    if (changed.has_error()) {
        return false;
    }
    return *database->integer("SELECT changes()") == 1;
}

// Stores the slices as a complete run and spoils one column after the other. Returns the columns
// that hold no value in this run.
std::set<std::string> expect_everything_compared(const std::string& job, const Universe& symbols,
                                                 const std::vector<Slice>& slices) {
    const support::TempDir dir;
    const std::string db = dir.path("a.db");
    const RunPlan plan = support::plan_for(job, symbols);
    std::set<std::string> empty;
    EXPECT_TRUE(support::run_some(plan, db, slices, slices.size()));
    {
        auto journal = storage::Journal::open(db, plan.header, {});
        EXPECT_FALSE((*journal)->finish().has_error());
    }
    std::string said;
    EXPECT_TRUE(verifies(db, &said)) << said;
    std::vector<Column> columns;
    {
        auto database = Database::open(db, OpenMode::read_write, 1000);
        EXPECT_FALSE(database->text("PRAGMA wal_checkpoint(TRUNCATE)").has_error());
        columns = columns_of(*database);
    }
    EXPECT_GT(columns.size(), 100U);
    const std::string copy = dir.path("spoilt.db");
    for (const Column& column : columns) {
        std::filesystem::copy_file(db, copy, std::filesystem::copy_options::overwrite_existing);
        std::filesystem::remove(copy + "-wal");
        std::filesystem::remove(copy + "-shm");
        const std::string name = column.table + "." + column.name;
        if (spoil(copy, column)) {
            EXPECT_EQ(verifies(copy), kNotCompared.contains(name)) << name;
        } else {
            empty.insert(name);
        }
    }
    return empty;
}

// Of these, and of no others.
void expect_of_tables(const std::set<std::string>& columns, const std::set<std::string>& tables,
                      const std::set<std::string>& single) {
    for (const std::string& column : columns) {
        EXPECT_TRUE(tables.contains(column.substr(0, column.find('.'))) || single.contains(column))
            << column;
    }
}

// Nobody corrects bars; there is one run, and its id cannot be another.
const std::set<std::string> kAlwaysEmpty = {"bars.known_at_ns", "runs.run_id"};

std::set<std::string> and_these(std::set<std::string> more) {
    more.insert(kAlwaysEmpty.begin(), kAlwaysEmpty.end());
    return more;
}

TEST(Verify, FindsAChangeInAnyColumnOfAModelFreeRun) {
    Universe symbols;
    const std::string job = support::synthetic_job(1, "execution:\n  order_type: limit\n");
    std::vector<Slice> slices = support::slices_of(job, symbols);
    slices.resize(64);
    slices[0].notes = {{Severity::warning, "bad_row", kNoSymbol, "BRVO.csv:3: set aside"}};
    for (std::size_t i = 20; i < 38; ++i) {  // a hole in one symbol's data
        std::erase_if(slices[i].bars, [](const Bar& bar) { return bar.symbol == symbol_id(1); });
    }
    slices[9].late = std::chrono::seconds{5};
    slices[30].splits = {
        {.symbol = symbol_id(0), .ex_date = slices[30].day, .new_shares = 21, .old_shares = 20}};
    slices[40].commands = {{1, CommandKind::reduce, slices[40].closed_at, "a drill"}};
    slices[41].commands = {{2, CommandKind::resume, slices[41].closed_at, ""}};
    const auto empty = expect_everything_compared(job, symbols, slices);
    expect_of_tables(
        empty, {"models", "model_outputs", "warmup_predictions"},
        and_these({"decisions.prediction", "decisions.uncertainty", "orders.stop_price_e8"}));
}

TEST(Verify, FindsAChangeInAnyColumnOfARunWithDividends) {
    const std::string job =
        "market:\n  symbols: [AAA, BBB]\n  interval: 1d\n  warmup_bars: 0\n"
        "strategy:\n  kind: buy_and_hold\n"
        "execution:\n  order_type: stop\n"
        "server:\n  enabled: false\n";
    std::vector<Slice> slices;
    for (int i = 0; i < 12; ++i) {
        Slice& slice = slices.emplace_back();
        slice.id = i + 1;
        slice.day = Day{std::chrono::year{2024} / 7 / 1} + std::chrono::days{i};
        slice.closed_at = Timestamp{std::chrono::sys_days{std::chrono::year{2024} / 7 / 1}} +
                          std::chrono::days{i} + std::chrono::hours{20};
        slice.last_of_session = true;
        for (std::size_t symbol = 0; symbol < 2; ++symbol) {
            const Price close = Price::whole(100 + i);
            // A dividend of half a percent before the seventh day.
            const Price adjusted = i < 6 ? Price::nearest(close.to_double() * 0.995) : close;
            slice.bars.push_back({.symbol = symbol_id(symbol),
                                  .closed_at = slice.closed_at,
                                  .open = Price::whole(99 + i),
                                  .high = Price::whole(102 + i),
                                  .low = Price::whole(98 + i),
                                  .close = close,
                                  .adj_close = adjusted,
                                  .volume = 1e6});
        }
    }
    const auto empty = expect_everything_compared(job, {"AAA", "BBB"}, slices);
    EXPECT_FALSE(empty.contains("corporate_actions.amount_e8"));
    EXPECT_FALSE(empty.contains("orders.stop_price_e8"));
}

#ifdef PAPERD_WITH_TORCH
TEST(Verify, FindsAChangeInAnyColumnOfAModelsRun) {
    Universe symbols;
    const std::string job = support::hybrid_job();
    std::vector<Slice> slices = support::slices_of(job, symbols);
    slices.resize(160);
    const auto empty = expect_everything_compared(job, symbols, slices);
    expect_of_tables(
        empty,
        {"commands", "corporate_actions", "incidents", "model_outputs", "risk_adjustments",
         "splits"},
        and_these({"orders.limit_price_e8", "orders.stop_price_e8", "instruments.symbol_id"}));
}

TEST(Verify, ComparesTheModelsWithTheirSha256AlsoWithoutAReplay) {
    Universe symbols;
    const std::string job = support::hybrid_job();
    std::vector<Slice> slices = support::slices_of(job, symbols);
    slices.resize(5);
    const support::TempDir dir;
    const std::string db = dir.path("a.db");
    ASSERT_TRUE(support::run_some(support::plan_for(job, symbols), db, slices, slices.size()));
    std::ostringstream before;
    EXPECT_TRUE(*verify_database(db, {}, before)) << before.str();
    EXPECT_NE(before.str().find("the config and its models: as stored"), std::string::npos);
    {
        auto database = Database::open(db, OpenMode::read_write, 1000);
        ASSERT_FALSE(database
                         ->execute("UPDATE models SET bundle = CAST(substr(bundle, 1, "
                                   "length(bundle) - 1) || x'77' AS BLOB)")
                         .has_error());
    }
    std::ostringstream after;
    EXPECT_FALSE(*verify_database(db, {}, after));
    EXPECT_NE(after.str().find("model 0 (forecaster) has the SHA-256 "), std::string::npos)
        << after.str();
}

// And a replay is not tried with what is broken: that would be a failure, and not a difference.
TEST(Verify, FindsAMissingModelOrItsFactsAlsoWithoutAReplay) {
    Universe symbols;
    const std::string job = support::hybrid_job();
    std::vector<Slice> slices = support::slices_of(job, symbols);
    slices.resize(5);
    const support::TempDir dir;
    ASSERT_TRUE(support::run_some(support::plan_for(job, symbols), dir.path("a.db"), slices,
                                  slices.size()));

    struct Spoilt {
        const char* sql;
        const char* says;
    };

    for (const Spoilt& spoilt :
         {Spoilt{"DELETE FROM models", "the config has 1 models (forecaster), and 0 are stored"},
          {"UPDATE models SET facts = '{'", "model 0 (forecaster) says other facts of itself"},
          {"UPDATE models SET bundle = zeroblob(10)", "model 0 (forecaster) has the SHA-256 "}}) {
        SCOPED_TRACE(spoilt.sql);
        const std::string db = dir.path("spoilt.db");
        std::filesystem::copy_file(dir.path("a.db"), db,
                                   std::filesystem::copy_options::overwrite_existing);
        {
            auto database = Database::open(db, OpenMode::read_write, 1000);
            ASSERT_FALSE(database->execute(spoilt.sql).has_error());
        }
        for (const bool replay : {false, true}) {
            std::ostringstream out;
            const auto good = verify_database(db, {.replay = replay, .progress = {}}, out);
            ASSERT_FALSE(good.has_error()) << good.error().text;
            EXPECT_FALSE(*good);
            EXPECT_NE(out.str().find("the config and its models: BROKEN"), std::string::npos)
                << out.str();
            EXPECT_NE(out.str().find(spoilt.says), std::string::npos) << out.str();
        }
    }
}

// A model without an uncertainty.
TEST(Verify, FindsTheSameAgainForAnAttentionModel) {
    std::string job = support::read_file(support::source_path("config/demo.yaml"));
    const std::string models = support::source_path("config/models/");
    job.replace(job.find("path: models/"), 13, "path: " + models);
    Universe symbols;
    std::vector<Slice> slices = support::slices_of(job, symbols);
    slices.resize(120);
    const support::TempDir dir;
    const std::string db = dir.path("a.db");
    ASSERT_TRUE(support::run_some(support::plan_for(job, symbols), db, slices, slices.size()));
    std::string said;
    EXPECT_TRUE(verifies(db, &said)) << said;
}
#endif

}  // namespace
}  // namespace paperd::daemon
