// Puts what one slice did into its tables; the caller holds the transaction.
#pragma once

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

private:
    StepWriter(std::vector<BulkInsert> inserts, Statement drop_waiting)
        : inserts_(std::move(inserts)), drop_waiting_(std::move(drop_waiting)) {}

    Result<void> write_slice(const Slice& slice, const Step& step, Timestamp known_at);
    Result<void> write_commands(const Slice& slice);
    Result<void> write_bars(const Slice& slice);
    Result<void> write_decisions(const Slice& slice, const Step& step);
    Result<void> write_orders(const std::vector<Order>& orders);
    Result<void> write_fills(const Step& step);
    Result<void> write_account(const Step& step);

    std::vector<BulkInsert> inserts_;  // by Table
    Statement drop_waiting_;
};

}  // namespace paperd::storage
