#include "storage/schema.h"

#include <filesystem>
#include <vector>

#include <gtest/gtest.h>

#include "execution/types/reason.h"
#include "tests/storage/temporary_file.h"

namespace paperd::storage {
namespace {

Database create(const std::string& path) {
    auto database = Database::open(path, OpenMode::create, 100);
    EXPECT_FALSE(database.has_error()) << database.error().text;
    return std::move(*database);
}

std::vector<std::string> column_of_names(Database& database, const std::string& sql) {
    std::vector<std::string> names;
    auto rows = database.prepare(sql);
    EXPECT_FALSE(rows.has_error()) << rows.error().text;
    while (*rows->step()) {
        names.push_back(rows->column_text(0));
    }
    return names;
}

const std::vector<Migration>& artificial() {
    static const std::vector<Migration> kTwo = {
        {1, "CREATE TABLE a (x INTEGER) STRICT;"},
        {2, "ALTER TABLE a ADD COLUMN y INTEGER NOT NULL DEFAULT 7;"},
    };
    return kTwo;
}

std::span<const Migration> only_first() { return std::span(artificial()).first(1); }

TEST(Schema, HasTheTablesAndViewsThatAreItsPublicInterface) {
    const TemporaryDirectory directory;
    Database database = create(directory.file());
    ASSERT_FALSE(bring_schema_up_to_date(database, migrations()).has_error());
    EXPECT_EQ(column_of_names(database,
                              "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"),
              (std::vector<std::string>{"bars",
                                        "checkpoints",
                                        "commands",
                                        "corporate_actions",
                                        "decisions",
                                        "equity",
                                        "fills",
                                        "incidents",
                                        "instruments",
                                        "ledger",
                                        "model_outputs",
                                        "models",
                                        "orders",
                                        "positions",
                                        "process_starts",
                                        "reasons",
                                        "risk_adjustments",
                                        "runs",
                                        "slices",
                                        "splits",
                                        "warmup_predictions"}));
    EXPECT_EQ(column_of_names(database,
                              "SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name"),
              (std::vector<std::string>{"cost_breakdown", "daily_pnl", "equity_curve",
                                        "in_sample_slices", "incident_list", "open_positions",
                                        "round_trips", "slice_times", "trades", "why"}));
    // Each view can be read, also where nothing is stored.
    for (const char* view : {"cost_breakdown", "daily_pnl", "equity_curve", "incident_list",
                             "open_positions", "round_trips", "trades", "why"}) {
        EXPECT_EQ(*database.integer(std::string("SELECT count(*) FROM ") + view, -1), 0) << view;
    }
}

TEST(Schema, IsStrictInEveryTableAndScaledColumnsAreIntegers) {
    const TemporaryDirectory directory;
    Database database = create(directory.file());
    ASSERT_FALSE(bring_schema_up_to_date(database, migrations()).has_error());
    EXPECT_EQ(*database.integer("SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND "
                                "type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'"),
              0);
    EXPECT_EQ(*database.integer(
                  "SELECT count(*) FROM sqlite_schema s, pragma_table_xinfo(s.name) c WHERE "
                  "s.type = 'table' AND (c.name LIKE '%_e8' OR c.name LIKE '%_ns') AND "
                  "c.type <> 'INTEGER'"),
              0);
}

TEST(Schema, MigratesAnOlderFileAfterABackupBesideIt) {
    const TemporaryDirectory directory;
    {
        Database database = create(directory.file());
        ASSERT_FALSE(bring_schema_up_to_date(database, only_first()).has_error());
        ASSERT_FALSE(database.execute("INSERT INTO a VALUES (5)").has_error());
    }
    Database database = create(directory.file());
    ASSERT_FALSE(bring_schema_up_to_date(database, artificial()).has_error());
    EXPECT_EQ(*database.integer("SELECT x * 10 + y FROM a"), 57);
    EXPECT_EQ(*database.integer("PRAGMA user_version"), 2);

    Database backup = create(directory.file("run.db.v1.backup"));
    EXPECT_EQ(*backup.integer("PRAGMA user_version"), 1);
    EXPECT_EQ(*backup.integer("SELECT x FROM a"), 5);
    EXPECT_TRUE(backup.prepare("SELECT y FROM a").has_error());

    // Nothing to do the second time.
    std::filesystem::remove(directory.file("run.db.v1.backup"));
    ASSERT_FALSE(bring_schema_up_to_date(database, artificial()).has_error());
    EXPECT_FALSE(std::filesystem::exists(directory.file("run.db.v1.backup")));
}

TEST(Schema, UndoesAMigrationThatFails) {
    const TemporaryDirectory directory;
    Database database = create(directory.file());
    ASSERT_FALSE(bring_schema_up_to_date(database, only_first()).has_error());
    const std::vector<Migration> broken = {
        artificial()[0], {2, "CREATE TABLE b (x INTEGER); INSERT INTO nowhere VALUES (1);"}};
    const auto r = bring_schema_up_to_date(database, broken);
    ASSERT_TRUE(r.has_error());
    EXPECT_NE(r.error().text.find("migration to schema version 2 failed and is undone"),
              std::string::npos);
    EXPECT_EQ(*database.integer("PRAGMA user_version"), 1);
    EXPECT_EQ(*database.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'b'"), 0);
}

TEST(Schema, RefusesANewerFileWithASentence) {
    const TemporaryDirectory directory;
    Database database = create(directory.file());
    ASSERT_FALSE(bring_schema_up_to_date(database, artificial()).has_error());
    for (const auto& r : {bring_schema_up_to_date(database, only_first()),
                          check_schema_readable(database, only_first())}) {
        ASSERT_TRUE(r.has_error());
        EXPECT_EQ(r.error().kind, ErrorKind::usage);
        EXPECT_EQ(r.error().text,
                  directory.file() +
                      ": its schema is version 2, and this paperd knows versions up to 1; use the "
                      "paperd that wrote it or a newer one");
    }
}

TEST(Schema, RefusesToReadAnOlderOrAnEmptyFileAndSaysHowToMigrate) {
    const TemporaryDirectory directory;
    Database database = create(directory.file());
    const auto empty = check_schema_readable(database, artificial());
    ASSERT_TRUE(empty.has_error());
    EXPECT_NE(empty.error().text.find("the database is empty"), std::string::npos);
    ASSERT_FALSE(bring_schema_up_to_date(database, only_first()).has_error());
    const auto older = check_schema_readable(database, artificial());
    ASSERT_TRUE(older.has_error());
    EXPECT_NE(older.error().text.find("resume the run on it once with this paperd"),
              std::string::npos);
}

TEST(Schema, LeavesAnotherProgramsDatabaseAlone) {
    const TemporaryDirectory directory;
    Database database = create(directory.file());
    ASSERT_FALSE(database.execute("CREATE TABLE songs (title TEXT)").has_error());
    const auto r = bring_schema_up_to_date(database, migrations());
    ASSERT_TRUE(r.has_error());
    EXPECT_NE(r.error().text.find("another program"), std::string::npos);
    EXPECT_EQ(r.error().kind, ErrorKind::usage);
    EXPECT_EQ(*database.integer("SELECT count(*) FROM sqlite_schema"), 1);
}

TEST(Schema, LearnsReasonsThatAnOlderFileDoesNotHave) {
    const TemporaryDirectory directory;
    Database database = create(directory.file());
    ASSERT_FALSE(bring_schema_up_to_date(database, migrations()).has_error());
    ASSERT_FALSE(add_missing_reasons(database).has_error());
    ASSERT_FALSE(database.execute("DELETE FROM reasons WHERE name = 'drawdown'").has_error());
    ASSERT_FALSE(add_missing_reasons(database).has_error());
    EXPECT_EQ(*database.integer("SELECT count(*) FROM reasons"),
              static_cast<std::int64_t>(kReasons.size()));
    EXPECT_EQ(*database.integer("SELECT reason_id FROM reasons WHERE name = 'drawdown'"),
              static_cast<std::int64_t>(Reason::drawdown));
}

}  // namespace
}  // namespace paperd::storage
