#include "storage/rows.h"
#include "storage/run_rows.h"
#include "storage/schema.h"
#include "storage/table_sql.h"

namespace paperd::storage {
namespace {

// What no list of storage/rows.h and storage/run_rows.h describes: rows of the process, and names.
constexpr const char* kOtherTables = R"sql(
CREATE TABLE instruments (
    symbol_id INTEGER PRIMARY KEY,  -- place in the universe, from 0
    symbol TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE reasons (
    reason_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL
) STRICT;

CREATE TABLE process_starts (
    start_id INTEGER PRIMARY KEY,
    at_ns INTEGER NOT NULL,
    version TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    resumed_after_slice INTEGER NOT NULL
) STRICT;

CREATE TABLE checkpoints (          -- of the engine; the last two
    slice_id INTEGER PRIMARY KEY REFERENCES slices,
    state BLOB NOT NULL
) STRICT;
)sql";

}  // namespace

// Names ending in _e8 are integers at scale 1e-8, in _ns UTC nanoseconds. 64-bit hashes, digests
// and the seed are stored as signed integers (two's complement). NULL is "unknown".
//
// Foreign keys on the two big tables, measured with one bar and one decision row a symbol, 505
// symbols a transaction, FULL: without any a slice takes 0.86 ms of CPU, with all of them 1.33 ms
// (slice and symbol about 0.07 ms a table, the decision's bar 0.06, each reason 0.04). They stay:
// every row's way back is worth more than speed that no feed asks for.
std::string tables_v1() {
    std::string sql = kOtherTables;
    sql += create_table(kModels.facts, kModels.columns());
    sql += create_table(kRuns.facts, kRuns.columns());
    for (const TableShape& shape : table_shapes()) {
        sql += create_table(shape.facts, shape.columns);
    }
    return sql;
}

}  // namespace paperd::storage
