// Every row that a slice leaves in the database: one list a table, one line a column. Writing,
// reading, hashing, comparing, the table's definition, the checks of numbers that stand for nothing
// and the tests of spoilt columns are all driven by these lists; a new column is one line here.
#pragma once

#include <cstdint>
#include <tuple>

#include "execution/types/step.h"
#include "storage/key_fields.h"
#include "storage/table.h"

namespace paperd::storage {

// What the table slices holds of a slice and of its step.
struct SliceRow {
    std::int64_t id = 0;
    Timestamp closed_at;
    Timestamp open_fills_at;
    Timestamp known_at;
    Day day{};
    bool warmup = false;
    bool last_of_session = false;
    TradingState trading_state = TradingState::active;
    Reason trading_reason = Reason::none;
    std::uint64_t model_digest = 0;
    std::uint64_t state_hash = 0;
};

SliceRow slice_row(const Slice& slice, const Step& step, Timestamp known_at);
void take_slice_row(const SliceRow& row, Slice& slice, Step& step);

inline constexpr auto kSlices = table<SliceRow>(
    {.name = "slices", .meaning = "", .key = "slice_id", .by = "slice_id"},
    field<&SliceRow::id>("slice_id", "1, 2, ..."), field<&SliceRow::closed_at>("closed_at_ns", ""),
    field<&SliceRow::open_fills_at>("opened_at_ns",
                                    "of daily bars the session's open, else closed_at_ns"),
    field<&SliceRow::known_at>("known_at_ns", "when it was known here"),
    field<&SliceRow::day>("day", "venue's, days since 1970-01-01"),
    field<&SliceRow::warmup>("warmup", ""),
    field<&SliceRow::last_of_session>("last_of_session", ""),
    field<&SliceRow::trading_state>("trading_state", ""),
    field<&SliceRow::trading_reason>("trading_reason", ""),
    field<&SliceRow::model_digest>("model_digest", "of the models' carried state"),
    field<&SliceRow::state_hash>("state_hash", "chained"));

inline constexpr auto kCommands = table<Command>(
    {.name = "commands",
     .meaning = "",
     .key = "command_id",
     .by = "slice_id",
     .indices = "CREATE INDEX commands_by_slice ON commands (slice_id);\n"},
    field<&Command::id>("command_id", ""),
    SliceId({.name = "slice_id",
             .meaning = "at whose start it took effect; NULL: it waits for one",
             .nullable = true,
             .references = "slices"}),
    field<&Command::kind>("kind", ""), field<&Command::received_at>("received_at_ns", ""),
    field<&Command::note>("note", ""));

inline constexpr auto kBars = table<Bar>(
    {.name = "bars",
     .meaning = "",
     .key = "bar_id",
     .by = "bar_id",
     .shift = kBarSliceShift,
     .rest = "    known_at_ns INTEGER,  -- NULL: with its slice\n"
             "    slice_id INTEGER AS (bar_id >> 24) VIRTUAL REFERENCES slices,\n"
             "    symbol_id INTEGER AS ((bar_id >> 8) & 65535) VIRTUAL REFERENCES instruments,\n"
             "    revision INTEGER AS (bar_id & 255) VIRTUAL\n",
     .symbol_of_key = true},
    BarKey(key_column("bar_id", "slice << 24 | symbol << 8 | revision")),
    field<&Bar::open>("open_e8", ""), field<&Bar::high>("high_e8", ""),
    field<&Bar::low>("low_e8", ""), field<&Bar::close>("close_e8", ""),
    field<&Bar::adj_close>("adj_close_e8", ""), field<&Bar::volume>("volume", ""),
    BarFlags(
        {.name = "flags", .meaning = "1 synthetic, 2 warm-up", .kind = Kind::flag, .greatest = 3}));

inline constexpr auto kSplits = table<Split>(
    {.name = "splits",
     .meaning = "each takes effect before everything else that its slice does to the account",
     .key = "split_id",
     .by = "split_id",
     .shift = kPlaceShift,
     .rest = "    slice_id INTEGER AS (split_id >> 24) VIRTUAL REFERENCES slices\n"},
    PlaceKey(key_column("split_id", "slice << 24 | place in the slice")),
    field<&Split::symbol>("symbol_id", ""), field<&Split::ex_date>("ex_date", ""),
    field<&Split::new_shares>("new_shares", "for old_shares, in lowest terms"),
    field<&Split::old_shares>("old_shares", ""));

inline constexpr auto kDecisions = table<Decision>(
    {.name = "decisions",
     .meaning = "one a symbol and slice, traded or not",
     .key = "decision_id",
     .by = "decision_id",
     .shift = kSymbolShift,
     .rest = "    slice_id INTEGER AS (decision_id >> 16) VIRTUAL REFERENCES slices,\n"
             "    symbol_id INTEGER AS (decision_id & 65535) VIRTUAL REFERENCES instruments,\n"
             "    bar_id INTEGER AS (((decision_id >> 16) << 24) | ((decision_id & 65535) << 8) "
             "| bar_revision)\n        VIRTUAL REFERENCES bars\n",
     .symbol_of_key = true},
    SymbolKey<&Decision::symbol>(key_column("decision_id", "slice << 16 | symbol")),
    field<&Decision::signal, &Signal::prediction>("prediction", "", {.nullable = true}),
    field<&Decision::signal, &Signal::uncertainty>("uncertainty", "", {.nullable = true}),
    field<&Decision::signal, &Signal::weight>("signal_weight", "", {.nullable = true}),
    field<&Decision::approved_weight>("approved_weight", "after risk", {.nullable = true}),
    field<&Decision::target_quantity>("target_quantity_e8", ""),
    field<&Decision::signal, &Signal::reason>("signal_reason", ""),
    field<&Decision::reason>("reason", "the binding one"),
    field<&Decision::in_sample>("in_sample", ""),
    field<&Decision::numbers>("numbers", "packed (execution/types/decision_numbers.h)"),
    SeenRevision<&Decision::symbol>({.name = "bar_revision",
                                     .meaning = "of the bar it saw; NULL: there was none",
                                     .nullable = true}));

inline constexpr auto kWarmupPredictions = table<WarmupPrediction>(
    {.name = "warmup_predictions",
     .meaning = "what the model said before trading began",
     .key = "prediction_id",
     .by = "prediction_id",
     .shift = kSymbolShift,
     .rest = "    slice_id INTEGER AS (prediction_id >> 16) VIRTUAL REFERENCES slices,\n"
             "    symbol_id INTEGER AS (prediction_id & 65535) VIRTUAL REFERENCES instruments\n",
     .symbol_of_key = true},
    SymbolKey<&WarmupPrediction::symbol>(key_column("prediction_id", "slice << 16 | symbol")),
    field<&WarmupPrediction::prediction>("prediction", "", {.nullable = true}),
    field<&WarmupPrediction::uncertainty>("uncertainty", "", {.nullable = true}),
    field<&WarmupPrediction::weight>("signal_weight", "whose signs are wishes",
                                     {.nullable = true}));

inline constexpr auto kModelOutputs = table<ModelOutputRow>(
    {.name = "model_outputs",
     .meaning = "what positions depend on beyond a decision's columns, warm-up included",
     .key = "output_id",
     .by = "output_id",
     .shift = kPlaceShift,
     .rest = "    slice_id INTEGER AS (output_id >> 24) VIRTUAL REFERENCES slices\n"},
    PlaceKey(key_column("output_id", "slice << 24 | place in the slice")),
    field<&ModelOutputRow::model>("model_id", "", {.references = "models"}),
    field<&ModelOutputRow::group>("group_id", "place among the groups the model speaks of"),
    field<&ModelOutputRow::values>("outputs", "64-bit floats, little-endian; NaN: undefined"));

inline constexpr auto kRiskAdjustments = table<RiskAdjustment>(
    {.name = "risk_adjustments",
     .meaning = "",
     .key = "adjustment_id",
     .by = "adjustment_id",
     .shift = kPlaceShift,
     .rest = "    slice_id INTEGER AS (adjustment_id >> 24) VIRTUAL REFERENCES slices,\n"
             "    symbol_id INTEGER AS (decision_id & 65535) VIRTUAL REFERENCES instruments\n",
     .symbol_of_key = true},
    PlaceKey(key_column("adjustment_id", "slice << 24 | place in the slice")),
    SymbolKey<&RiskAdjustment::symbol>({.name = "decision_id",
                                        .meaning = "",
                                        .kind = Kind::key,
                                        .nullable = true,
                                        .references = "decisions"}),
    field<&RiskAdjustment::rule>("rule", ""),
    field<&RiskAdjustment::limit>("limit_value", "in the rule's unit, as the next two",
                                  {.nullable = true}),
    field<&RiskAdjustment::before>("value_before", "", {.nullable = true}),
    field<&RiskAdjustment::after>("value_after", "", {.nullable = true}));

inline constexpr auto kOrders = table<Order>(
    {.name = "orders",
     .meaning = "as they now stand",
     .key = "order_id",
     .by = "order_id",
     .rest = "    decision_slice_id INTEGER AS (decision_id >> 16) VIRTUAL,\n"
             "    symbol_id INTEGER AS (decision_id & 65535) VIRTUAL\n",
     .symbol_of_key = true,
     .indices = "CREATE INDEX orders_by_decision ON orders (decision_id);\n"},
    field<&Order::id>("order_id", ""),
    DecisionKey<&Order::decision_slice, &Order::symbol>(
        {.name = "decision_id", .meaning = "", .kind = Kind::key, .references = "decisions"}),
    field<&Order::decided_at>("decided_at_ns", ""), field<&Order::decided_day>("decided_day", ""),
    field<&Order::decision_price>("decision_price_e8", ""), field<&Order::type>("type", ""),
    field<&Order::time_in_force>("time_in_force", ""),
    field<&Order::quantity>("quantity_e8", "signed"),
    field<&Order::filled>("filled_e8", "", {.changes = true}),
    field<&Order::limit_price>("limit_price_e8", ""),
    field<&Order::stop_price>("stop_price_e8", ""),
    field<&Order::stop_triggered>("stop_triggered", "", {.changes = true}),
    field<&Order::state>("state", "", {.changes = true}),
    field<&Order::reason>("reason", "", {.changes = true}),
    field<&Order::since>("since_ns", "", {.changes = true}));

inline constexpr auto kFills = table<Fill>(
    {.name = "fills",
     .meaning = "",
     .key = "fill_id",
     .by = "slice_id",
     .rest = "    decision_slice_id INTEGER AS (decision_id >> 16) VIRTUAL,\n"
             "    symbol_id INTEGER AS (decision_id & 65535) VIRTUAL,\n"
             "    bar_id INTEGER AS ((slice_id << 24) | ((decision_id & 65535) << 8)) VIRTUAL "
             "REFERENCES bars\n",
     .symbol_of_key = true,
     .indices = "CREATE INDEX fills_by_slice ON fills (slice_id);\n"
                "CREATE INDEX fills_by_order ON fills (order_id);\n"},
    field<&Fill::id>("fill_id", ""),
    SliceId({.name = "slice_id", .meaning = "", .references = "slices"}),
    field<&Fill::order>("order_id", "", {.references = "orders"}),
    DecisionKey<&Fill::decision_slice, &Fill::symbol>(
        {.name = "decision_id", .meaning = "", .kind = Kind::key, .references = "decisions"}),
    field<&Fill::at>("at_ns", "the slice's opened_at_ns where it filled at the open"),
    field<&Fill::quantity>("quantity_e8", "signed"),
    field<&Fill::reference_price>("reference_price_e8", ""),
    field<&Fill::price>("price_e8", "all in, without commission"),
    field<&Fill::delay_cost>("delay_cost_e8", ""), field<&Fill::spread_cost>("spread_cost_e8", ""),
    field<&Fill::slippage_cost>("slippage_cost_e8", ""),
    field<&Fill::impact_cost>("impact_cost_e8", ""), field<&Fill::commission>("commission_e8", ""),
    field<&Fill::participation>("participation", "of the bar's volume"),
    field<&Fill::spread_corwin_schultz>("spread_corwin_schultz",
                                        "estimates of the full spread, fractions of the price:"),
    field<&Fill::spread_abdi_ranaldo>("spread_abdi_ranaldo",
                                      "shown beside the charged one, never charged"));

inline constexpr auto kLedger = table<LedgerEntry>(
    {.name = "ledger",
     .meaning = "cash is the sum of all entries",
     .key = "entry_id",
     .by = "entry_id",
     .shift = kPlaceShift,
     .rest = "    slice_id INTEGER AS (entry_id >> 24) VIRTUAL REFERENCES slices\n",
     .indices = "CREATE INDEX ledger_deposits ON ledger (kind) WHERE kind = 0;\n"
                // What is booked of holdings, as the view round_trips asks for it.
                "CREATE INDEX ledger_carry ON ledger (kind, symbol_id, entry_id) "
                "WHERE kind IN (3, 4, 5, 6, 8, 9);\n"},
    PlaceKey(key_column("entry_id", "slice << 24 | place in the slice")),
    field<&LedgerEntry::kind>("kind", ""), field<&LedgerEntry::symbol>("symbol_id", ""),
    field<&LedgerEntry::fill>("fill_id", "", {.nullable = true, .references = "fills"}),
    field<&LedgerEntry::amount>("amount_e8", "into the account > 0"));

inline constexpr auto kPositions = table<PositionChange>(
    {.name = "positions",
     .meaning = "one row a change",
     .key = "position_id",
     .by = "position_id",
     .shift = kSymbolShift,
     .rest = "    slice_id INTEGER AS (position_id >> 16) VIRTUAL REFERENCES slices,\n"
             "    symbol_id INTEGER AS (position_id & 65535) VIRTUAL REFERENCES instruments\n",
     .symbol_of_key = true,
     .indices = "CREATE INDEX positions_by_symbol ON positions (symbol_id);\n"},
    SymbolKey<&PositionChange::symbol>(key_column("position_id", "slice << 16 | symbol")),
    field<&PositionChange::position, &Position::quantity>("quantity_e8", "signed"),
    field<&PositionChange::position, &Position::cost>("cost_e8", ""),
    field<&PositionChange::position, &Position::realized>("realized_e8", ""),
    field<&PositionChange::position, &Position::since>("since_ns", ""));

inline constexpr auto kCorporateActions = table<CorporateAction>(
    {.name = "corporate_actions",
     .meaning = "",
     .key = "action_id",
     .by = "action_id",
     .shift = kPlaceShift,
     .rest = "    slice_id INTEGER AS (action_id >> 24) VIRTUAL REFERENCES slices\n"},
    PlaceKey(key_column("action_id", "slice << 24 | place in the slice")),
    field<&CorporateAction::symbol>("symbol_id", ""), field<&CorporateAction::kind>("kind", ""),
    field<&CorporateAction::per_share>(
        "per_share_e8", "what a position ended at; of a split: close before / ratio"),
    field<&CorporateAction::held>("held_e8", "at the close before"),
    field<&CorporateAction::held_after>("held_after_e8", ""),
    field<&CorporateAction::amount>("amount_e8", ""));

inline constexpr auto kEquity =
    table<Equity>({.name = "equity",
                   .meaning = "one row a slice, warm-up excepted",
                   .key = "slice_id",
                   .by = "slice_id"},
                  SliceId({.name = "slice_id", .meaning = "", .references = "slices"}),
                  field<&Equity::cash>("cash_e8", ""), field<&Equity::value>("value_e8", ""),
                  field<&Equity::equity>("equity_e8", ""), field<&Equity::gross>("gross_e8", ""),
                  field<&Equity::net>("net_e8", ""), field<&Equity::peak>("peak_e8", ""));

inline constexpr auto kIncidents =
    table<Incident>({.name = "incidents",
                     .meaning = "",
                     .key = "incident_id",
                     .by = "slice_id",
                     .indices = "CREATE INDEX incidents_by_slice ON incidents (slice_id);\n"},
                    SliceId({.name = "slice_id",
                             .meaning = "NULL: outside a slice",
                             .nullable = true,
                             .references = "slices"}),
                    SliceTime({.name = "at_ns", .meaning = ""}),
                    field<&Incident::severity>("severity", ""), field<&Incident::kind>("kind", ""),
                    field<&Incident::symbol>("symbol_id", ""), field<&Incident::text>("text", ""));

// A table and where its rows stand in a Slice or a Step.
template <class T, auto Rows>
struct RowsOf {
    const T& table;

    static auto& of(auto& owner) { return owner.*Rows; }
};

template <auto Rows, class T>
constexpr RowsOf<T, Rows> rows_of(const T& table) {
    return {table};
}

// Bars are stored and hashed before everything that refers to them.
inline constexpr auto kSliceTables =
    std::tuple{rows_of<&Slice::bars>(kBars), rows_of<&Slice::splits>(kSplits),
               rows_of<&Slice::commands>(kCommands)};

// In the order in which they are written: parents before children.
inline constexpr auto kStepTables = std::tuple{
    rows_of<&Step::decisions>(kDecisions),
    rows_of<&Step::warmup_predictions>(kWarmupPredictions),
    rows_of<&Step::model_outputs>(kModelOutputs),
    rows_of<&Step::adjustments>(kRiskAdjustments),
    rows_of<&Step::orders>(kOrders),
    rows_of<&Step::fills>(kFills),
    rows_of<&Step::ledger>(kLedger),
    rows_of<&Step::positions>(kPositions),
    rows_of<&Step::corporate_actions>(kCorporateActions),
    rows_of<&Step::incidents>(kIncidents),
};

// f(rows of a table) for each of them.
template <class Tables, class F>
constexpr void each_table(const Tables& tables, const F& f) {
    std::apply([&](const auto&... table) { (f(table), ...); }, tables);
}

// A table of these lists without its row's type.
struct TableShape {
    TableFacts facts;
    std::vector<Column> columns;
};

// All of the lists.
const std::vector<TableShape>& table_shapes();

}  // namespace paperd::storage
