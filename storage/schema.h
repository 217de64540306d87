// The database's shape and how it changes over versions. Each version is one migration; a file is
// brought up to date in one transaction, after an online backup beside it. A file of a newer paperd
// is refused, not guessed at.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "storage/database.h"

namespace paperd::storage {

// In the file's header, so that `file` and we can tell it from other SQLite databases ("ppdr").
inline constexpr std::int64_t kApplicationId = 0x70706472;

// Statements that bring a file from the version before to `version`.
struct Migration {
    int version = 0;  // 1, 2, ... without gaps; 1 starts from an empty file
    std::string sql;
};

// All versions so far, ascending.
std::span<const Migration> migrations();

// Errors: another program's database; a newer schema (usage). For readers also an older one, with
// the remedy; an empty file counts as version 0. Writes nothing.
Result<void> check_schema_readable(Database& database, std::span<const Migration> known);

// For the writer: creates or migrates. Before a migration the file is copied to
// PATH.v<version>.backup.
Result<void> bring_schema_up_to_date(Database& database, std::span<const Migration> known);

// The texts of execution/types/reason.h that the file does not have yet.
Result<void> add_missing_reasons(Database& database);

// The parts of version 1. The tables follow from the lists of columns (storage/rows.h): once a
// version is released, its text is kept here as it was, and a change of the lists is a migration.
std::string tables_v1();
std::string views_v1();

}  // namespace paperd::storage
