#include "storage/step_reader.h"

#include <algorithm>

#include "storage/keys.h"
#include "storage/known_numbers.h"

namespace paperd::storage {
namespace {

Price price(const Statement& row, int column) { return Price::from_raw(row.column_int(column)); }

Quantity quantity(const Statement& row, int column) {
    return Quantity::from_raw(row.column_int(column));
}

Money money(const Statement& row, int column) { return Money::from_raw(row.column_int(column)); }

Reason reason(const Statement& row, int column) {
    return static_cast<Reason>(row.column_int(column));
}

SymbolId symbol(const Statement& row, int column) {
    return row.is_null(column) ? kNoSymbol
                               : symbol_id(static_cast<std::size_t>(row.column_int(column)));
}

std::optional<Price> optional_price(const Statement& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional<Price>(price(row, column));
}

using Steps = std::vector<StoredStep>;

// A table's rows of slices [first, last], in the order of its key, each handed to take(step, row).
// The first column selected is the slice's id; the statement's parameters 1 and 2 are the least and
// the greatest key.
template <class Take>
Result<void> each_row(Database& database, const char* sql, std::int64_t least,
                      std::int64_t greatest, Steps& steps, const Take& take) {
    TRY_LET(auto rows, database.prepare(sql));
    rows.bind_int(1, least);
    rows.bind_int(2, greatest);
    auto step = steps.begin();
    for (;;) {
        TRY_LET(const auto row, rows.step());
        if (!row) {
            return {};
        }
        const std::int64_t id = rows.column_int(0);
        while (step != steps.end() && step->step.slice_id < id) {
            ++step;
        }
        // Rows of a slice that is not there are what check_laws reports.
        if (step != steps.end() && step->step.slice_id == id) {
            take(*step, rows);
        }
    }
}

struct Range {
    std::int64_t first;
    std::int64_t last;

    // The least and the greatest key of the range, for keys packed with the slice above `shift`.
    [[nodiscard]] std::int64_t least(int shift) const { return first << shift; }

    [[nodiscard]] std::int64_t greatest(int shift) const { return ((last + 1) << shift) - 1; }
};

Result<void> read_slice_rows(Database& database, Range range, Steps& steps) {
    TRY(check_known_numbers(database, range.first, range.last));
    TRY_LET(
        auto select,
        database.prepare(
            "SELECT slice_id, closed_at_ns, day, warmup, last_of_session, state_hash, "
            "model_digest, "
            "trading_state, trading_reason, known_at_ns FROM slices WHERE slice_id BETWEEN ? AND ? "
            "ORDER BY slice_id"));
    select.bind_int(1, range.first);
    select.bind_int(2, range.last);
    for (;;) {
        TRY_LET(const auto more, select.step());
        if (!more) {
            return {};
        }
        StoredStep& stored = steps.emplace_back();
        Slice& slice = stored.slice.slice;
        slice.id = select.column_int(0);
        slice.closed_at = from_ns(select.column_int(1));
        slice.day = day_from_number(static_cast<std::int32_t>(select.column_int(2)));
        slice.warmup = select.column_int(3) != 0;
        slice.last_of_session = select.column_int(4) != 0;
        slice.late = from_ns(select.column_int(9)) - slice.closed_at;
        stored.slice.state_hash = static_cast<std::uint64_t>(select.column_int(5));
        stored.slice.model_digest = static_cast<std::uint64_t>(select.column_int(6));
        Step& step = stored.step;
        step.slice_id = slice.id;
        step.warmup = slice.warmup;
        step.trading_state = static_cast<TradingState>(select.column_int(7));
        step.trading_state_reason = reason(select, 8);
        step.model_digest = stored.slice.model_digest;
        step.state_hash = stored.slice.state_hash;
    }
}

Result<void> read_inputs(Database& database, Range range, Steps& steps) {
    TRY(each_row(
        database,
        "SELECT slice_id, symbol_id, open_e8, high_e8, low_e8, close_e8, adj_close_e8, volume, "
        "flags FROM bars WHERE bar_id BETWEEN ? AND ? AND revision = 0 ORDER BY bar_id",
        range.least(kBarSliceShift), range.greatest(kBarSliceShift), steps,
        [](StoredStep& stored, const Statement& row) {
            stored.slice.slice.bars.push_back({.symbol = symbol(row, 1),
                                               .closed_at = stored.slice.slice.closed_at,
                                               .open = price(row, 2),
                                               .high = price(row, 3),
                                               .low = price(row, 4),
                                               .close = price(row, 5),
                                               .adj_close = price(row, 6),
                                               .volume = row.column_real(7),
                                               .synthetic = (row.column_int(8) & 1) != 0});
        }));
    return each_row(database,
                    "SELECT slice_id, command_id, kind, received_at_ns, note FROM commands "
                    "WHERE slice_id BETWEEN ? AND ? ORDER BY slice_id, command_id",
                    range.first, range.last, steps, [](StoredStep& stored, const Statement& row) {
                        stored.slice.slice.commands.push_back(
                            {.id = row.column_int(1),
                             .kind = static_cast<CommandKind>(row.column_int(2)),
                             .received_at = from_ns(row.column_int(3)),
                             .note = row.column_text(4)});
                    });
}

Result<void> read_opinions(Database& database, Range range, Steps& steps) {
    auto r = each_row(
        database,
        "SELECT slice_id, symbol_id, prediction, uncertainty, signal_weight, signal_reason, "
        "approved_weight, target_quantity_e8, reason, in_sample FROM decisions "
        "WHERE decision_id BETWEEN ? AND ? ORDER BY decision_id",
        range.least(kSymbolShift), range.greatest(kSymbolShift), steps,
        [](StoredStep& stored, const Statement& row) {
            stored.step.decisions.push_back({.symbol = symbol(row, 1),
                                             .signal = {.prediction = row.column_real(2),
                                                        .uncertainty = row.column_real(3),
                                                        .weight = row.column_real(4),
                                                        .reason = reason(row, 5)},
                                             .approved_weight = row.column_real(6),
                                             .target_quantity = quantity(row, 7),
                                             .reason = reason(row, 8),
                                             .in_sample = row.column_int(9) != 0});
        });
    if (r.has_error()) {
        return r;
    }
    r = each_row(database,
                 "SELECT slice_id, symbol_id, prediction, uncertainty FROM warmup_predictions "
                 "WHERE prediction_id BETWEEN ? AND ? ORDER BY prediction_id",
                 range.least(kSymbolShift), range.greatest(kSymbolShift), steps,
                 [](StoredStep& stored, const Statement& row) {
                     stored.step.warmup_predictions.push_back({.symbol = symbol(row, 1),
                                                               .prediction = row.column_real(2),
                                                               .uncertainty = row.column_real(3)});
                 });
    if (r.has_error()) {
        return r;
    }
    return each_row(
        database,
        "SELECT slice_id, symbol_id, rule, limit_value, value_before, value_after "
        "FROM risk_adjustments WHERE adjustment_id BETWEEN ? AND ? ORDER BY adjustment_id",
        range.least(kPlaceShift), range.greatest(kPlaceShift), steps,
        [](StoredStep& stored, const Statement& row) {
            stored.step.adjustments.push_back({.symbol = symbol(row, 1),
                                               .rule = reason(row, 2),
                                               .limit = row.column_real(3),
                                               .before = row.column_real(4),
                                               .after = row.column_real(5)});
        });
}

Result<void> read_fills(Database& database, Range range, Steps& steps) {
    return each_row(
        database,
        "SELECT slice_id, fill_id, order_id, symbol_id, decision_slice_id, quantity_e8, "
        "reference_price_e8, price_e8, delay_cost_e8, spread_cost_e8, slippage_cost_e8, "
        "impact_cost_e8, commission_e8, participation, spread_corwin_schultz, "
        "spread_abdi_ranaldo FROM fills "
        "WHERE slice_id BETWEEN ? AND ? ORDER BY slice_id, fill_id",
        range.first, range.last, steps, [](StoredStep& stored, const Statement& row) {
            stored.step.fills.push_back({.id = row.column_int(1),
                                         .order = row.column_int(2),
                                         .symbol = symbol(row, 3),
                                         .decision_slice = row.column_int(4),
                                         .quantity = quantity(row, 5),
                                         .reference_price = price(row, 6),
                                         .price = price(row, 7),
                                         .delay_cost = money(row, 8),
                                         .spread_cost = money(row, 9),
                                         .slippage_cost = money(row, 10),
                                         .impact_cost = money(row, 11),
                                         .commission = money(row, 12),
                                         .participation = row.column_real(13),
                                         .spread_corwin_schultz = row.column_real(14),
                                         .spread_abdi_ranaldo = row.column_real(15)});
        });
}

Result<void> read_account(Database& database, Range range, Steps& steps) {
    auto r = each_row(
        database,
        "SELECT slice_id, kind, symbol_id, coalesce(fill_id, 0), amount_e8 "
        "FROM ledger WHERE entry_id BETWEEN ? AND ? ORDER BY entry_id",
        range.least(kPlaceShift), range.greatest(kPlaceShift), steps,
        [](StoredStep& stored, const Statement& row) {
            stored.step.ledger.push_back({.kind = static_cast<LedgerKind>(row.column_int(1)),
                                          .symbol = symbol(row, 2),
                                          .fill = row.column_int(3),
                                          .amount = money(row, 4)});
        });
    if (r.has_error()) {
        return r;
    }
    r = each_row(
        database,
        "SELECT slice_id, symbol_id, quantity_e8, cost_e8, realized_e8, since_ns "
        "FROM positions WHERE position_id BETWEEN ? AND ? ORDER BY position_id",
        range.least(kSymbolShift), range.greatest(kSymbolShift), steps,
        [](StoredStep& stored, const Statement& row) {
            stored.step.positions.push_back({.symbol = symbol(row, 1),
                                             .position = {.quantity = quantity(row, 2),
                                                          .cost = money(row, 3),
                                                          .realized = money(row, 4),
                                                          .since = from_ns(row.column_int(5))}});
        });
    if (r.has_error()) {
        return r;
    }
    r = each_row(database,
                 "SELECT slice_id, symbol_id, kind, per_share_e8, held_e8, amount_e8 "
                 "FROM corporate_actions WHERE action_id BETWEEN ? AND ? ORDER BY action_id",
                 range.least(kPlaceShift), range.greatest(kPlaceShift), steps,
                 [](StoredStep& stored, const Statement& row) {
                     stored.step.corporate_actions.push_back(
                         {.symbol = symbol(row, 1),
                          .kind = static_cast<CorporateActionKind>(row.column_int(2)),
                          .per_share = price(row, 3),
                          .held = quantity(row, 4),
                          .amount = money(row, 5)});
                 });
    if (r.has_error()) {
        return r;
    }
    return each_row(database,
                    "SELECT slice_id, cash_e8, value_e8, equity_e8, gross_e8, net_e8, peak_e8 "
                    "FROM equity WHERE slice_id BETWEEN ? AND ? ORDER BY slice_id",
                    range.first, range.last, steps, [](StoredStep& stored, const Statement& row) {
                        stored.step.equity = {.cash = money(row, 1),
                                              .value = money(row, 2),
                                              .equity = money(row, 3),
                                              .gross = money(row, 4),
                                              .net = money(row, 5),
                                              .peak = money(row, 6)};
                    });
}

Result<void> read_incidents(Database& database, Range range, Steps& steps) {
    return each_row(database,
                    "SELECT slice_id, severity, kind, symbol_id, text FROM incidents "
                    "WHERE slice_id BETWEEN ? AND ? ORDER BY slice_id, incident_id",
                    range.first, range.last, steps, [](StoredStep& stored, const Statement& row) {
                        const Incident& incident = stored.step.incidents.emplace_back(
                            Incident{.severity = static_cast<Severity>(row.column_int(1)),
                                     .kind = row.column_text(2),
                                     .symbol = symbol(row, 3),
                                     .text = row.column_text(4)});
                        if (is_feed_note(incident.kind)) {
                            stored.slice.slice.notes.push_back(incident);
                        }
                    });
}

// Beyond this the packed keys' bounds would overflow.
Range bounded(std::int64_t first, std::int64_t last) {
    return {std::max<std::int64_t>(first, 1), std::min(last, kSliceIdMax - 1)};
}

}  // namespace

Result<std::vector<StoredSlice>> read_slices(Database& database, std::int64_t first,
                                             std::int64_t last) {
    const Range range = bounded(first, last);
    Steps steps;
    for (const auto read : {read_slice_rows, read_inputs}) {
        TRY(read(database, range, steps));
    }
    std::vector<StoredSlice> slices;
    slices.reserve(steps.size());
    for (StoredStep& step : steps) {
        slices.push_back(std::move(step.slice));
    }
    return slices;
}

Result<std::vector<StoredStep>> read_steps(Database& database, std::int64_t first,
                                           std::int64_t last) {
    const Range range = bounded(first, last);
    Steps steps;
    for (const auto read :
         {read_slice_rows, read_inputs, read_opinions, read_fills, read_account, read_incidents}) {
        TRY(read(database, range, steps));
    }
    return steps;
}

Result<std::vector<Order>> read_orders(Database& database) {
    TRY(check_known_order_numbers(database));
    TRY_LET(auto select,
            database.prepare(
                "SELECT order_id, symbol_id, decision_slice_id, decided_at_ns, decided_day, "
                "decision_price_e8, type, time_in_force, quantity_e8, filled_e8, limit_price_e8, "
                "stop_price_e8, stop_triggered, state, reason, since_ns FROM orders ORDER BY "
                "order_id"));
    std::vector<Order> orders;
    for (;;) {
        TRY_LET(const auto more, select.step());
        if (!more) {
            return orders;
        }
        const Statement& row = select;
        orders.push_back(
            {.id = row.column_int(0),
             .symbol = symbol(row, 1),
             .decision_slice = row.column_int(2),
             .decided_at = from_ns(row.column_int(3)),
             .decided_day = day_from_number(static_cast<std::int32_t>(row.column_int(4))),
             .decision_price = price(row, 5),
             .type = static_cast<OrderType>(row.column_int(6)),
             .time_in_force = static_cast<TimeInForce>(row.column_int(7)),
             .quantity = quantity(row, 8),
             .filled = quantity(row, 9),
             .limit_price = optional_price(row, 10),
             .stop_price = optional_price(row, 11),
             .stop_triggered = row.column_int(12) != 0,
             .state = static_cast<OrderState>(row.column_int(13)),
             .reason = reason(row, 14),
             .since = from_ns(row.column_int(15))});
    }
}

}  // namespace paperd::storage
