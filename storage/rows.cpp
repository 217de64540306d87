#include "storage/rows.h"

namespace paperd::storage {

SliceRow slice_row(const Slice& slice, const Step& step, Timestamp known_at) {
    return {.id = slice.id,
            .closed_at = slice.closed_at,
            .open_fills_at = slice.open_fills_at(),
            .known_at = known_at,
            .day = slice.day,
            .warmup = slice.warmup,
            .last_of_session = slice.last_of_session,
            .trading_state = step.trading_state,
            .trading_reason = step.trading_state_reason,
            .model_digest = step.model_digest,
            .state_hash = step.state_hash};
}

void take_slice_row(const SliceRow& row, Slice& slice, Step& step) {
    slice.id = step.slice_id = row.id;
    slice.closed_at = row.closed_at;
    slice.open_for = row.closed_at - row.open_fills_at;
    slice.late = row.known_at - row.closed_at;
    slice.day = row.day;
    slice.warmup = step.warmup = row.warmup;
    slice.last_of_session = row.last_of_session;
    step.trading_state = row.trading_state;
    step.trading_state_reason = row.trading_reason;
    step.model_digest = row.model_digest;
    step.state_hash = row.state_hash;
}

const std::vector<TableShape>& table_shapes() {
    static const std::vector<TableShape> kAll = [] {
        std::vector<TableShape> shapes;
        const auto add = [&](const auto& table) {
            shapes.push_back({table.facts, table.columns()});
        };
        add(kSlices);
        add(kEquity);
        each_table(kSliceTables, [&](const auto& rows) { add(rows.table); });
        each_table(kStepTables, [&](const auto& rows) { add(rows.table); });
        return shapes;
    }();
    return kAll;
}

}  // namespace paperd::storage
