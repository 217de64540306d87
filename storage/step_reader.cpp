#include "storage/step_reader.h"

#include <algorithm>
#include <string>
#include <type_traits>

#include "storage/cursor.h"
#include "storage/keys.h"
#include "storage/known_numbers.h"
#include "storage/rows.h"
#include "storage/table_sql.h"

namespace paperd::storage {
namespace {

using Steps = std::vector<StoredStep>;

struct Range {
    std::int64_t first;
    std::int64_t last;
};

// The rows of slices [first, last] in the order of their key, which is that of their slices.
Cursor rows_in(Database& database, const TableFacts& facts, const std::vector<Column>& columns,
               Range range) {
    const std::string by = facts.by;
    // Bars are those the decisions saw.
    const bool revised = by == "bar_id";
    return {database,
            select_rows(facts, columns) + " WHERE " + by + " BETWEEN ? AND ?" +
                (revised ? " AND revision = 0" : "") + " ORDER BY " + by +
                (by == facts.key ? std::string() : std::string(", ") + facts.key),
            {range.first << facts.shift, ((range.last + 1) << facts.shift) - 1}};
}

// Each row of the table, handed to take(step of its slice, row).
template <class Table, class Take>
Result<void> each_row(Database& database, const Table& table, Range range, Steps& steps,
                      const Take& take) {
    Cursor rows = rows_in(database, table.facts, table.columns(), range);
    auto step = steps.begin();
    for (; rows.live(); rows.next()) {
        const std::int64_t slice = rows.integer(0);
        while (step != steps.end() && step->slice.id < slice) {
            ++step;
        }
        // Rows of a slice that is not there are what check_laws reports.
        if (step != steps.end() && step->slice.id == slice) {
            take(*step, table.get(rows.row(), kFirstColumn, step->slice));
        }
    }
    return rows.ended();
}

Result<Steps> read_slice_rows(Database& database, Range range) {
    TRY(check_known_numbers(database, range.first, range.last));
    Steps steps;
    Cursor rows = rows_in(database, kSlices.facts, kSlices.columns(), range);
    for (; rows.live(); rows.next()) {
        StoredStep& stored = steps.emplace_back();
        take_slice_row(kSlices.get(rows.row(), kFirstColumn, stored.slice), stored.slice,
                       stored.step);
    }
    TRY(rows.ended());
    return steps;
}

// Each table of the list, its rows put where they stand in owner(step).
template <class Tables, class Owner>
Result<void> read_tables(Database& database, const Tables& tables, Range range, Steps& steps,
                         const Owner& owner) {
    Result<void> result;
    each_table(tables, [&](const auto& rows) {
        // Orders are stored as they ended, not as each slice left them.
        if (result.has_error() || std::string_view(rows.table.facts.name) == "orders") {
            return;
        }
        result = each_row(database, rows.table, range, steps, [&](StoredStep& step, auto row) {
            rows.of(owner(step)).push_back(std::move(row));
        });
    });
    return result;
}

Result<void> read_inputs(Database& database, Range range, Steps& steps) {
    return read_tables(database, kSliceTables, range, steps,
                       [](StoredStep& stored) -> Slice& { return stored.slice; });
}

Result<void> read_outcomes(Database& database, Range range, Steps& steps) {
    TRY(read_tables(database, kStepTables, range, steps,
                    [](StoredStep& stored) -> Step& { return stored.step; }));
    for (StoredStep& stored : steps) {
        for (const Incident& incident : stored.step.incidents) {
            if (is_feed_note(incident.kind)) {
                stored.slice.notes.push_back(incident);
            }
        }
    }
    return each_row(database, kEquity, range, steps,
                    [](StoredStep& stored, const Equity& equity) { stored.step.equity = equity; });
}

// Beyond this the packed keys' bounds would overflow.
Range bounded(std::int64_t first, std::int64_t last) {
    return {std::max<std::int64_t>(first, 1), std::min(last, kSliceIdMax - 1)};
}

}  // namespace

Result<std::vector<Slice>> read_slices(Database& database, std::int64_t first, std::int64_t last) {
    const Range range = bounded(first, last);
    TRY_LET(auto steps, read_slice_rows(database, range));
    TRY(read_inputs(database, range, steps));
    std::vector<Slice> slices;
    slices.reserve(steps.size());
    for (StoredStep& step : steps) {
        slices.push_back(std::move(step.slice));
    }
    return slices;
}

Result<std::vector<StoredStep>> read_steps(Database& database, std::int64_t first,
                                           std::int64_t last) {
    const Range range = bounded(first, last);
    TRY_LET(auto steps, read_slice_rows(database, range));
    TRY(read_inputs(database, range, steps));
    TRY(read_outcomes(database, range, steps));
    return steps;
}

Result<std::vector<Order>> read_orders(Database& database) {
    TRY(check_known_numbers_of(database, kOrders.facts.name, "1"));
    Cursor rows(database, select_rows(kOrders.facts, kOrders.columns()) + " ORDER BY order_id");
    std::vector<Order> orders;
    for (; rows.live(); rows.next()) {
        orders.push_back(kOrders.get(rows.row(), kFirstColumn, Slice{}));
    }
    TRY(rows.ended());
    return orders;
}

Result<std::vector<Command>> read_waiting_commands(Database& database) {
    TRY(check_known_numbers_of(database, kCommands.facts.name, "slice_id IS NULL"));
    Cursor rows(database, select_rows(kCommands.facts, kCommands.columns()) +
                              " WHERE slice_id IS NULL ORDER BY command_id");
    std::vector<Command> waiting;
    for (; rows.live(); rows.next()) {
        waiting.push_back(kCommands.get(rows.row(), kFirstColumn, Slice{}));
    }
    TRY(rows.ended());
    return waiting;
}

}  // namespace paperd::storage
