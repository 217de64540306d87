// The statements that follow from a table's list of columns.
#pragma once

#include <string>
#include <vector>

#include "storage/field.h"
#include "storage/table.h"

namespace paperd::storage {

// "bar_id, open_e8, ..."
std::string column_names(const std::vector<Column>& columns);

// Inserts into it, 16 rows at a time (storage/bulk_insert.h). Where some columns change, a row that
// is there already takes their new values.
Result<BulkInsert> prepare_insert(Database& database, const TableFacts& facts,
                                  const std::vector<Column>& columns);

// "SELECT its slice, the columns FROM the table"; the columns begin at kFirstColumn.
std::string select_rows(const TableFacts& facts, const std::vector<Column>& columns);

inline constexpr int kFirstColumn = 1;

// "SELECT the columns FROM the table", for tables whose rows belong to no slice.
std::string select_all(const TableFacts& facts, const std::vector<Column>& columns);

// CREATE TABLE with a comment for each column that has a meaning, and its indices.
std::string create_table(const TableFacts& facts, const std::vector<Column>& columns);

}  // namespace paperd::storage
