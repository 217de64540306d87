// Puts what one slice did into its tables (storage/rows.h); the caller holds the transaction.
#pragma once

#include <utility>
#include <vector>

#include "execution/types/step.h"
#include "storage/bulk_insert.h"
#include "storage/database.h"

namespace paperd::storage {

class StepWriter {
public:
    // The statements of `database`, which outlives the writer.
    static Result<StepWriter> prepare(Database& database);

    // Every row of the slice, parents before children. Errors leave the transaction to be rolled
    // back. CHECKs what no input can cause: bars that close elsewhere, ids beyond the packed keys.
    Result<void> write(const Slice& slice, const Step& step, Timestamp known_at);

    // Rows outside any slice: a command that waits for its slice, and an incident.
    Result<void> write_waiting(const Command& command);
    Result<void> write_incident(Timestamp at, const Incident& incident);

private:
    StepWriter(std::vector<BulkInsert> inserts, Statement drop_waiting)
        : inserts_(std::move(inserts)), drop_waiting_(std::move(drop_waiting)) {}

    Result<void> drop_waiting(const std::vector<Command>& commands);

    std::vector<BulkInsert> inserts_;  // in the order of table_shapes()
    Statement drop_waiting_;
};

}  // namespace paperd::storage
