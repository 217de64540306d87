#include "storage/database.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/storage/temporary_file.h"
#include "tests/storage/without_privileges.h"

namespace paperd::storage {
namespace {

Database create(const std::string& path) {
    auto database = Database::open(path, OpenMode::create, 100);
    EXPECT_FALSE(database.has_error()) << database.error().text;
    return std::move(*database);
}

std::int64_t count(Database& database, const std::string& table) {
    const auto rows = database.integer("SELECT count(*) FROM " + table);
    EXPECT_FALSE(rows.has_error());
    return *rows;
}

// Whatever the library was built for.
TEST(Database, TakesAPathForAPathAndNotForAUri) {
    const TemporaryDirectory directory;
    const std::string path = directory.file("file:a.db?mode=memory");
    const std::filesystem::path before = std::filesystem::current_path();
    std::filesystem::current_path(std::filesystem::path(path).parent_path());
    {
        Database database = create("file:a.db?mode=memory");
        ASSERT_FALSE(database.execute("CREATE TABLE t (x REAL) STRICT").has_error());
    }
    std::filesystem::current_path(before);
    EXPECT_TRUE(std::filesystem::exists(path));
}

TEST(Database, KeepsDoublesToTheLastDigitAndNaNAsNull) {
    const TemporaryDirectory directory;
    Database database = create(directory.file());
    ASSERT_FALSE(database.execute("CREATE TABLE t (x REAL) STRICT").has_error());
    const double values[] = {0.0,
                             -0.0,
                             0.1,
                             -123456.0,
                             140737488355327.0,
                             140737488355328.0,
                             9007199254740993.0,
                             1e300,
                             std::numeric_limits<double>::infinity(),
                             std::numeric_limits<double>::denorm_min(),
                             std::nan("")};
    auto insert = database.prepare("INSERT INTO t VALUES (?)");
    for (const double value : values) {
        insert->bind_real(1, value);
        ASSERT_FALSE(insert->run().has_error());
    }
    auto select = database.prepare("SELECT x FROM t ORDER BY rowid");
    for (const double value : values) {
        ASSERT_TRUE(*select->step());
        const double read = select->column_real(0);
        EXPECT_EQ(select->is_null(0), std::isnan(value));
        if (!std::isnan(value)) {
            EXPECT_EQ(read, value);
        }
    }
}

TEST(Database, StoresTextsAndBlobsWholeAlsoEmptyOnes) {
    const TemporaryDirectory directory;
    Database database = create(directory.file());
    ASSERT_FALSE(
        database.execute("CREATE TABLE t (a TEXT NOT NULL, b BLOB NOT NULL) STRICT").has_error());
    auto insert = database.prepare("INSERT INTO t VALUES (?, ?)");
    const std::vector<std::byte> bytes = {std::byte{0}, std::byte{255}, std::byte{7}};
    insert->bind_text(1, "it's \"text\"\n");
    insert->bind_blob(2, bytes);
    ASSERT_FALSE(insert->run().has_error());
    insert->bind_text(1, std::string_view());
    insert->bind_blob(2, {});
    ASSERT_FALSE(insert->run().has_error());
    auto select = database.prepare("SELECT a, b FROM t ORDER BY rowid");
    ASSERT_TRUE(*select->step());
    EXPECT_EQ(select->column_text(0), "it's \"text\"\n");
    EXPECT_EQ(select->column_blob(1), bytes);
    ASSERT_TRUE(*select->step());
    EXPECT_EQ(select->column_text(0), "");
    EXPECT_TRUE(select->column_blob(1).empty());
    EXPECT_FALSE(*select->step());
}

TEST(Transaction, RollsBackWhenItGoesOutOfScopeAndKeepsWhatWasCommitted) {
    const TemporaryDirectory directory;
    Database database = create(directory.file());
    ASSERT_FALSE(database.execute("CREATE TABLE t (x INTEGER)").has_error());
    {
        auto transaction = Transaction::begin(database, Transaction::Kind::write);
        ASSERT_FALSE(transaction.has_error());
        ASSERT_FALSE(database.execute("INSERT INTO t VALUES (1)").has_error());
        EXPECT_TRUE(database.in_transaction());
    }
    EXPECT_FALSE(database.in_transaction());
    EXPECT_EQ(count(database, "t"), 0);
    auto transaction = Transaction::begin(database, Transaction::Kind::write);
    ASSERT_FALSE(database.execute("INSERT INTO t VALUES (1)").has_error());
    ASSERT_FALSE(transaction->commit().has_error());
    EXPECT_EQ(count(database, "t"), 1);
}

TEST(Database, EnforcesForeignKeys) {
    const TemporaryDirectory directory;
    Database database = create(directory.file());
    ASSERT_FALSE(database
                     .execute("CREATE TABLE a (id INTEGER PRIMARY KEY);"
                              "CREATE TABLE b (a_id INTEGER REFERENCES a)")
                     .has_error());
    const auto r = database.execute("INSERT INTO b VALUES (1)");
    ASSERT_TRUE(r.has_error());
    EXPECT_NE(r.error().text.find("FOREIGN KEY constraint failed"), std::string::npos);
}

TEST(Database, SaysWhatIsWrongWithTheFileAndWhatToDo) {
    const TemporaryDirectory directory;
    const auto error_of = [](const std::string& path, OpenMode mode) {
        const auto database = Database::open(path, mode, 100);
        EXPECT_TRUE(database.has_error()) << path;
        return database.has_error() ? database.error().text : std::string();
    };
    const std::string missing = directory.file("missing.db");
    EXPECT_EQ(error_of(missing, OpenMode::read_only),
              missing + ": there is no such file; name a trade database with --db");
    const std::string folder = directory.path().string();
    EXPECT_EQ(error_of(folder, OpenMode::create),
              folder + ": this is a directory; name a database file in it");
    const std::string text = directory.file("text.db");
    std::ofstream(text) << std::string(2000, 'x');
    EXPECT_EQ(error_of(text, OpenMode::read_write),
              text +
                  ": file is not a database; this is not a trade database: name the right file "
                  "with --db");
    const std::string nowhere = directory.file("no/such/folder.db");
    EXPECT_NE(error_of(nowhere, OpenMode::create).find("check that the file and its directory"),
              std::string::npos);
}

TEST(Database, SaysThatAnotherProcessIsWriting) {
    const TemporaryDirectory directory;
    Database first = create(directory.file());
    ASSERT_FALSE(first.execute("PRAGMA journal_mode=WAL; CREATE TABLE t (x)").has_error());
    auto held = Transaction::begin(first, Transaction::Kind::write);
    ASSERT_FALSE(held.has_error());
    Database second = create(directory.file());
    const auto refused = Transaction::begin(second, Transaction::Kind::write);
    ASSERT_TRUE(refused.has_error());
    EXPECT_EQ(refused.error().text,
              directory.file() +
                  ": database is locked; another process is writing to it: only one may; stop it, "
                  "or name another file");
}

TEST(Database, RefusesToWriteWhatIsReadOnlyAndReadsItWhereNobodyWrites) {
    const TemporaryDirectory directory;
    {
        Database database = create(directory.file());
        ASSERT_FALSE(database.execute("PRAGMA journal_mode=WAL; CREATE TABLE t (x)").has_error());
    }
    std::filesystem::permissions(directory.file(), std::filesystem::perms(0444));
    std::filesystem::permissions(directory.path(), std::filesystem::perms(0555));
    const WithoutPrivileges here;
    const auto writer = Database::open(directory.file(), OpenMode::read_write, 100);
    ASSERT_TRUE(writer.has_error());
    EXPECT_NE(writer.error().text.find("read-only"), std::string::npos) << writer.error().text;
    auto reader = Database::open(directory.file(), OpenMode::read_only, 100);
    ASSERT_FALSE(reader.has_error()) << reader.error().text;
    EXPECT_EQ(count(*reader, "t"), 0);
}

TEST(Database, CopiesItselfWhileItIsInUse) {
    const TemporaryDirectory directory;
    Database database = create(directory.file());
    ASSERT_FALSE(
        database.execute("PRAGMA journal_mode=WAL; CREATE TABLE t (x); INSERT INTO t VALUES (5)")
            .has_error());
    const std::string copy = directory.file("copy.db");
    ASSERT_FALSE(database.backup(copy).has_error());
    Database copied = create(copy);
    EXPECT_EQ(*copied.integer("SELECT x FROM t"), 5);
}

}  // namespace
}  // namespace paperd::storage
