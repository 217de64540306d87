#include "storage/step_writer.h"

#include <span>
#include <string_view>
#include <utility>

#include "execution/types/check.h"
#include "storage/keys.h"
#include "storage/rows.h"
#include "storage/table_sql.h"

namespace paperd::storage {
namespace {

// The row of a command that was stored when it was taken (storage/journal.h); the slice's replaces
// it.
constexpr const char* kDropWaiting =
    "DELETE FROM commands WHERE command_id = ? AND slice_id IS NULL";

// The insert of a table: inserts are made in the order of table_shapes().
BulkInsert& insert_of(std::vector<BulkInsert>& inserts, const TableFacts& facts) {
    const std::vector<TableShape>& shapes = table_shapes();
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        if (std::string_view(shapes[i].facts.name) == facts.name) {
            return inserts[i];
        }
    }
    CHECK(false, "every table is among the shapes");
}

template <class Table, class Row>
Result<void> put_rows(std::vector<BulkInsert>& inserts, const Table& table,
                      std::span<const Row> rows, const Slice& slice) {
    if (rows.empty()) {
        return {};
    }
    Place place(slice);
    return insert_of(inserts, table.facts)
        .write(rows, [&](RowBinder& binder, const Row& row, std::size_t at) {
            place.at = at;
            table.put(binder, row, place);
        });
}

// Each table of the list in its order, until one fails.
template <class Tables, class Owner>
Result<void> put_tables(std::vector<BulkInsert>& inserts, const Tables& tables, const Owner& owner,
                        const Slice& slice) {
    Result<void> result;
    each_table(tables, [&](const auto& rows) {
        if (!result.has_error()) {
            result = put_rows(inserts, rows.table, std::span(rows.of(owner)), slice);
        }
    });
    return result;
}

template <class Row>
std::span<const Row> just(const Row& row) {
    return std::span(&row, 1);
}

}  // namespace

Result<StepWriter> StepWriter::prepare(Database& database) {
    std::vector<BulkInsert> inserts;
    for (const TableShape& shape : table_shapes()) {
        TRY_LET(auto insert, prepare_insert(database, shape.facts, shape.columns));
        inserts.push_back(std::move(insert));
    }
    TRY_LET(auto drop, database.prepare(kDropWaiting));
    return StepWriter(std::move(inserts), std::move(drop));
}

Result<void> StepWriter::write(const Slice& slice, const Step& step, Timestamp known_at) {
    CHECK(slice.id > 0 && slice.id <= kSliceIdMax, "a slice id fits the packed keys");
    CHECK(step.slice_id == slice.id && step.warmup == slice.warmup, "the step is the slice's");
    CHECK(step.ledger.size() <= kPlaceMax && step.adjustments.size() <= kPlaceMax &&
              step.model_outputs.size() <= kPlaceMax,
          "a slice's rows fit the packed keys");
    TRY(drop_waiting(slice.commands));
    TRY(put_rows(inserts_, kSlices, just(slice_row(slice, step, known_at)), slice));
    TRY(put_tables(inserts_, kSliceTables, slice, slice));
    TRY(put_tables(inserts_, kStepTables, step, slice));
    if (step.warmup && step.equity == Equity{}) {
        return {};
    }
    return put_rows(inserts_, kEquity, just(step.equity), slice);
}

Result<void> StepWriter::drop_waiting(const std::vector<Command>& commands) {
    for (const Command& command : commands) {
        drop_waiting_.bind_int(1, command.id);
        TRY(drop_waiting_.run());
    }
    return {};
}

Result<void> StepWriter::write_waiting(const Command& command) {
    return put_rows(inserts_, kCommands, just(command), Slice{});
}

Result<void> StepWriter::write_incident(Timestamp at, const Incident& incident) {
    Slice outside;
    outside.closed_at = at;
    return put_rows(inserts_, kIncidents, just(incident), outside);
}

}  // namespace paperd::storage
