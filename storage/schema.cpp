#include "storage/schema.h"

#include <vector>

#include "execution/types/check.h"
#include "execution/types/reason.h"

namespace paperd::storage {
namespace {

// Errors that hold for readers and writers alike; the file's version otherwise, 0 for an empty one.
Result<int> version_of(Database& database, int newest) {
    TRY_LET(const auto version, database.integer("PRAGMA user_version"));
    TRY_LET(const auto application, database.integer("PRAGMA application_id"));
    TRY_LET(const auto objects, database.integer("SELECT count(*) FROM sqlite_schema"));
    if (application != kApplicationId && (objects != 0 || version != 0)) {
        return fail(database.path() +
                        ": this is an SQLite database of another program, not a trade database; "
                        "name another file with --db",
                    ErrorKind::usage);
    }
    if (version > newest) {
        return fail(database.path() + ": its schema is version " + std::to_string(version) +
                        ", and this paperd knows versions up to " + std::to_string(newest) +
                        "; use the paperd that wrote it or a newer one",
                    ErrorKind::usage);
    }
    return static_cast<int>(version);
}

int newest_of(std::span<const Migration> known) {
    CHECK(!known.empty(), "there is at least version 1");
    for (std::size_t i = 0; i < known.size(); ++i) {
        CHECK(known[i].version == static_cast<int>(i) + 1, "versions have no gaps");
    }
    return known.back().version;
}

}  // namespace

std::span<const Migration> migrations() {
    static const std::vector<Migration> kAll = {
        {.version = 1, .sql = tables_v1() + views_v1()},
    };
    return kAll;
}

Result<void> check_schema_readable(Database& database, std::span<const Migration> known) {
    const int newest = newest_of(known);
    TRY_LET(const auto version, version_of(database, newest));
    if (version == 0) {
        return fail(database.path() + ": the database is empty; name one that a run has written");
    }
    if (version < newest) {
        return fail(database.path() + ": its schema is version " + std::to_string(version) +
                    ", older than this paperd's " + std::to_string(newest) +
                    "; resume the run on it once with this paperd, which backs it up and migrates "
                    "it");
    }
    return {};
}

Result<void> bring_schema_up_to_date(Database& database, std::span<const Migration> known) {
    const int newest = newest_of(known);
    TRY_LET(const auto version, version_of(database, newest));
    if (version == newest) {
        return {};
    }
    if (version > 0) {
        const std::string copy = database.path() + ".v" + std::to_string(version) + ".backup";
        if (const auto r = database.backup(copy); r.has_error()) {
            return fail("no backup, so no migration: " + r.error().text);
        }
    }
    TRY_LET(auto transaction, Transaction::begin(database, Transaction::Kind::write));
    for (const Migration& migration : known.subspan(static_cast<std::size_t>(version))) {
        if (const auto r = database.execute(migration.sql); r.has_error()) {
            return fail("migration to schema version " + std::to_string(migration.version) +
                        " failed and is undone: " + r.error().text);
        }
    }
    TRY(database.execute("PRAGMA application_id=" + std::to_string(kApplicationId) +
                         "; PRAGMA user_version=" + std::to_string(newest)));
    return transaction.commit();
}

Result<void> add_missing_reasons(Database& database) {
    TRY_LET(const auto stored, database.integer("SELECT count(*) FROM reasons"));
    if (stored >= static_cast<std::int64_t>(kReasons.size())) {
        return {};
    }
    TRY_LET(auto insert, database.prepare("INSERT OR IGNORE INTO reasons VALUES (?, ?, ?)"));
    for (const ReasonText& reason : kReasons) {
        insert.bind_int(1, static_cast<std::int64_t>(reason.reason));
        insert.bind_text(2, reason.name);
        insert.bind_text(3, reason.text);
        TRY(insert.run());
    }
    return {};
}

}  // namespace paperd::storage
