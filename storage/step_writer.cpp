#include "storage/step_writer.h"

#include <array>
#include <utility>

#include "execution/types/check.h"
#include "storage/keys.h"

namespace paperd::storage {
namespace {

enum Table : std::size_t {
    kSlices,
    kCommands,
    kBars,
    kDecisions,
    kWarmupPredictions,
    kRiskAdjustments,
    kOrders,
    kFills,
    kLedger,
    kPositions,
    kEquity,
    kCorporateActions,
    kIncidents,
    kTableCount
};

struct TableColumns {
    const char* table;
    const char* columns;
    const char* ending = "";
};

// In the order of Table, and the columns in the order they are bound below.
constexpr std::array<TableColumns, kTableCount> kColumns = {{
    {"slices",
     "slice_id, closed_at_ns, known_at_ns, day, warmup, last_of_session, trading_state, "
     "trading_reason, model_digest, state_hash"},
    {"commands", "command_id, slice_id, kind, received_at_ns, note"},
    {"bars", "bar_id, open_e8, high_e8, low_e8, close_e8, adj_close_e8, volume, flags"},
    {"decisions",
     "decision_id, prediction, uncertainty, signal_weight, approved_weight, target_quantity_e8, "
     "signal_reason, reason, in_sample, bar_revision"},
    {"warmup_predictions", "prediction_id, prediction, uncertainty"},
    {"risk_adjustments",
     "adjustment_id, decision_id, rule, limit_value, value_before, value_after"},
    {"orders",
     "order_id, decision_id, decided_at_ns, decided_day, decision_price_e8, type, time_in_force, "
     "quantity_e8, filled_e8, limit_price_e8, stop_price_e8, stop_triggered, state, reason, "
     "since_ns",
     " ON CONFLICT (order_id) DO UPDATE SET filled_e8 = excluded.filled_e8, "
     "stop_triggered = excluded.stop_triggered, state = excluded.state, "
     "reason = excluded.reason, since_ns = excluded.since_ns"},
    {"fills",
     "fill_id, slice_id, order_id, decision_id, quantity_e8, reference_price_e8, price_e8, "
     "delay_cost_e8, spread_cost_e8, slippage_cost_e8, impact_cost_e8, commission_e8, "
     "participation, spread_corwin_schultz, spread_abdi_ranaldo"},
    {"ledger", "entry_id, kind, symbol_id, fill_id, amount_e8"},
    {"positions", "position_id, quantity_e8, cost_e8, realized_e8, since_ns"},
    {"equity", "slice_id, cash_e8, value_e8, equity_e8, gross_e8, net_e8, peak_e8"},
    {"corporate_actions", "action_id, symbol_id, kind, per_share_e8, held_e8, amount_e8"},
    {"incidents", "slice_id, at_ns, severity, kind, symbol_id, text"},
}};

// The row of a command that was stored when it was taken (storage/journal.h); the slice's replaces
// it.
constexpr const char* kDropWaiting =
    "DELETE FROM commands WHERE command_id = ? AND slice_id IS NULL";

template <class E>
std::int64_t number(E value) {
    return static_cast<std::int64_t>(value);
}

void put_symbol(RowBinder& row, SymbolId symbol) {
    if (symbol == kNoSymbol) {
        row.null();
    } else {
        row.integer(number(symbol));
    }
}

void put_price(RowBinder& row, const std::optional<Price>& price) {
    if (price) {
        row.integer(price->raw());
    } else {
        row.null();
    }
}

}  // namespace

Result<StepWriter> StepWriter::prepare(Database& database) {
    std::vector<BulkInsert> inserts;
    for (const TableColumns& table : kColumns) {
        TRY_LET(auto insert,
                BulkInsert::prepare(database, table.table, table.columns, table.ending));
        inserts.push_back(std::move(insert));
    }
    TRY_LET(auto drop, database.prepare(kDropWaiting));
    return StepWriter(std::move(inserts), std::move(drop));
}

Result<void> StepWriter::write(const Slice& slice, const Step& step, Timestamp known_at) {
    CHECK(slice.id > 0 && slice.id <= kSliceIdMax, "a slice id fits the packed keys");
    CHECK(step.slice_id == slice.id && step.warmup == slice.warmup, "the step is the slice's");
    CHECK(step.ledger.size() <= kPlaceMax && step.adjustments.size() <= kPlaceMax,
          "a slice's rows fit the packed keys");
    TRY(write_slice(slice, step, known_at));
    TRY(write_bars(slice));
    TRY(write_decisions(slice, step));
    TRY(write_orders(step.orders));
    TRY(write_fills(step));
    TRY(write_account(step));
    return inserts_[kIncidents].write(step.incidents,
                                      [&](RowBinder& row, const Incident& incident, std::size_t) {
                                          row.integer(slice.id);
                                          row.integer(to_ns(slice.closed_at));
                                          row.integer(number(incident.severity));
                                          row.text(incident.kind);
                                          put_symbol(row, incident.symbol);
                                          row.text(incident.text);
                                      });
}

Result<void> StepWriter::write_slice(const Slice& slice, const Step& step, Timestamp known_at) {
    const std::array<int, 1> once{};
    auto r = inserts_[kSlices].write(once, [&](RowBinder& row, int, std::size_t) {
        row.integer(slice.id);
        row.integer(to_ns(slice.closed_at));
        row.integer(to_ns(known_at));
        row.integer(day_number(slice.day));
        row.integer(slice.warmup ? 1 : 0);
        row.integer(slice.last_of_session ? 1 : 0);
        row.integer(number(step.trading_state));
        row.integer(number(step.trading_state_reason));
        row.integer(static_cast<std::int64_t>(step.model_digest));
        row.integer(static_cast<std::int64_t>(step.state_hash));
    });
    if (r.has_error()) {
        return r;
    }
    return write_commands(slice);
}

Result<void> StepWriter::write_commands(const Slice& slice) {
    for (const Command& command : slice.commands) {
        drop_waiting_.bind_int(1, command.id);
        TRY(drop_waiting_.run());
    }
    return inserts_[kCommands].write(slice.commands,
                                     [&](RowBinder& row, const Command& command, std::size_t) {
                                         row.integer(command.id);
                                         row.integer(slice.id);
                                         row.integer(number(command.kind));
                                         row.integer(to_ns(command.received_at));
                                         row.text(command.note);
                                     });
}

Result<void> StepWriter::write_bars(const Slice& slice) {
    const std::int64_t warmup_flag = slice.warmup ? 2 : 0;
    return inserts_[kBars].write(slice.bars, [&](RowBinder& row, const Bar& bar, std::size_t) {
        CHECK(bar.closed_at == slice.closed_at, "a slice's bars close with it");
        row.integer(bar_key(slice.id, bar.symbol));
        row.integer(bar.open.raw());
        row.integer(bar.high.raw());
        row.integer(bar.low.raw());
        row.integer(bar.close.raw());
        row.integer(bar.adj_close.raw());
        row.real(bar.volume);
        row.integer((bar.synthetic ? 1 : 0) | warmup_flag);
    });
}

Result<void> StepWriter::write_decisions(const Slice& slice, const Step& step) {
    // Bars and decisions both ascend by symbol: one walk finds which decision had a bar.
    auto bar = slice.bars.begin();
    auto r = inserts_[kDecisions].write(
        step.decisions, [&](RowBinder& row, const Decision& decision, std::size_t) {
            while (bar != slice.bars.end() && bar->symbol < decision.symbol) {
                ++bar;
            }
            const bool has_bar = bar != slice.bars.end() && bar->symbol == decision.symbol;
            row.integer(symbol_key(slice.id, decision.symbol));
            row.real(decision.signal.prediction);
            row.real(decision.signal.uncertainty);
            row.real(decision.signal.weight);
            row.real(decision.approved_weight);
            row.integer(decision.target_quantity.raw());
            row.integer(number(decision.signal.reason));
            row.integer(number(decision.reason));
            row.integer(decision.in_sample ? 1 : 0);
            if (has_bar) {
                row.integer(0);
            } else {
                row.null();
            }
        });
    if (r.has_error()) {
        return r;
    }
    r = inserts_[kWarmupPredictions].write(
        step.warmup_predictions,
        [&](RowBinder& row, const WarmupPrediction& prediction, std::size_t) {
            row.integer(symbol_key(slice.id, prediction.symbol));
            row.real(prediction.prediction);
            row.real(prediction.uncertainty);
        });
    if (r.has_error()) {
        return r;
    }
    return inserts_[kRiskAdjustments].write(
        step.adjustments, [&](RowBinder& row, const RiskAdjustment& adjustment, std::size_t place) {
            row.integer(place_key(slice.id, place));
            if (adjustment.symbol == kNoSymbol) {
                row.null();
            } else {
                row.integer(symbol_key(slice.id, adjustment.symbol));
            }
            row.integer(number(adjustment.rule));
            row.real(adjustment.limit);
            row.real(adjustment.before);
            row.real(adjustment.after);
        });
}

Result<void> StepWriter::write_orders(const std::vector<Order>& orders) {
    return inserts_[kOrders].write(orders, [&](RowBinder& row, const Order& order, std::size_t) {
        row.integer(order.id);
        row.integer(symbol_key(order.decision_slice, order.symbol));
        row.integer(to_ns(order.decided_at));
        row.integer(day_number(order.decided_day));
        row.integer(order.decision_price.raw());
        row.integer(number(order.type));
        row.integer(number(order.time_in_force));
        row.integer(order.quantity.raw());
        row.integer(order.filled.raw());
        put_price(row, order.limit_price);
        put_price(row, order.stop_price);
        row.integer(order.stop_triggered ? 1 : 0);
        row.integer(number(order.state));
        row.integer(number(order.reason));
        row.integer(to_ns(order.since));
    });
}

Result<void> StepWriter::write_fills(const Step& step) {
    return inserts_[kFills].write(step.fills, [&](RowBinder& row, const Fill& fill, std::size_t) {
        row.integer(fill.id);
        row.integer(step.slice_id);
        row.integer(fill.order);
        row.integer(symbol_key(fill.decision_slice, fill.symbol));
        row.integer(fill.quantity.raw());
        row.integer(fill.reference_price.raw());
        row.integer(fill.price.raw());
        row.integer(fill.delay_cost.raw());
        row.integer(fill.spread_cost.raw());
        row.integer(fill.slippage_cost.raw());
        row.integer(fill.impact_cost.raw());
        row.integer(fill.commission.raw());
        row.real(fill.participation);
        row.real(fill.spread_corwin_schultz);
        row.real(fill.spread_abdi_ranaldo);
    });
}

Result<void> StepWriter::write_account(const Step& step) {
    auto r = inserts_[kLedger].write(
        step.ledger, [&](RowBinder& row, const LedgerEntry& entry, std::size_t place) {
            row.integer(place_key(step.slice_id, place));
            row.integer(number(entry.kind));
            put_symbol(row, entry.symbol);
            if (entry.fill == 0) {
                row.null();
            } else {
                row.integer(entry.fill);
            }
            row.integer(entry.amount.raw());
        });
    if (r.has_error()) {
        return r;
    }
    r = inserts_[kPositions].write(step.positions,
                                   [&](RowBinder& row, const PositionChange& change, std::size_t) {
                                       row.integer(symbol_key(step.slice_id, change.symbol));
                                       row.integer(change.position.quantity.raw());
                                       row.integer(change.position.cost.raw());
                                       row.integer(change.position.realized.raw());
                                       row.integer(to_ns(change.position.since));
                                   });
    if (r.has_error()) {
        return r;
    }
    r = inserts_[kCorporateActions].write(
        step.corporate_actions,
        [&](RowBinder& row, const CorporateAction& action, std::size_t place) {
            row.integer(place_key(step.slice_id, place));
            row.integer(number(action.symbol));
            row.integer(number(action.kind));
            row.integer(action.per_share.raw());
            row.integer(action.held.raw());
            row.integer(action.amount.raw());
        });
    if (r.has_error() || (step.warmup && step.equity == Equity{})) {
        return r;
    }
    const std::array<Equity, 1> row_of_slice{step.equity};
    return inserts_[kEquity].write(row_of_slice,
                                   [&](RowBinder& row, const Equity& equity, std::size_t) {
                                       row.integer(step.slice_id);
                                       row.integer(equity.cash.raw());
                                       row.integer(equity.value.raw());
                                       row.integer(equity.equity.raw());
                                       row.integer(equity.gross.raw());
                                       row.integer(equity.net.raw());
                                       row.integer(equity.peak.raw());
                                   });
}

}  // namespace paperd::storage
