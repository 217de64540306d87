#include "storage/queries.h"

#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "execution/types/order.h"
#include "execution/types/position.h"
#include "storage/cursor.h"
#include "storage/number_text.h"
#include "storage/reading.h"
#include "storage/row_printer.h"
#include "storage/slice_range.h"
#include "storage/wide.h"

namespace paperd::storage {
namespace {

enum class Kind : std::uint8_t { text, integer, scaled, real, time };

constexpr int kShortest = -1;

// A column of the output, read from the column of the same place in the query.
struct QueryColumn {
    const char* name;
    Kind kind;
    int decimals = kShortest;                       // in tables; CSV and JSON have them all
    const char* (*word)(std::int64_t) = nullptr;    // integer -> name
    Wide (*computed)(const Cursor& row) = nullptr;  // scaled, from several columns
};

// sql has the parameters ?1 and ?2 (first and last slice) and ?3 (symbol id, -1: all).
struct Query {
    std::string_view name;
    const char* sql;
    std::span<const QueryColumn> columns;
};

constexpr int kMoneyDecimals = 2;
constexpr int kPriceDecimals = 4;
constexpr int kRatioDecimals = 6;

const char* side(std::int64_t quantity) { return quantity > 0 ? "buy" : "sell"; }

const char* type_word(std::int64_t n) { return order_type_name(static_cast<OrderType>(n)); }

const char* tif_word(std::int64_t n) { return time_in_force_name(static_cast<TimeInForce>(n)); }

const char* state_word(std::int64_t n) { return order_state_name(static_cast<OrderState>(n)); }

constexpr std::array kTrades = {
    QueryColumn{"fill_id", Kind::integer},
    QueryColumn{"time", Kind::time},
    QueryColumn{"symbol", Kind::text},
    QueryColumn{"side", Kind::text, kShortest, side},
    QueryColumn{"quantity", Kind::scaled},
    QueryColumn{"price", Kind::scaled, kPriceDecimals},
    QueryColumn{"reference_price", Kind::scaled, kPriceDecimals},
    QueryColumn{"delay_cost", Kind::scaled, kMoneyDecimals},
    QueryColumn{"spread_cost", Kind::scaled, kMoneyDecimals},
    QueryColumn{"slippage_cost", Kind::scaled, kMoneyDecimals},
    QueryColumn{"impact_cost", Kind::scaled, kMoneyDecimals},
    QueryColumn{"commission", Kind::scaled, kMoneyDecimals},
    QueryColumn{"currency", Kind::text},
    QueryColumn{"order_id", Kind::integer},
    QueryColumn{"decision_id", Kind::integer},
};

constexpr const char* kTradesSql =
    "SELECT f.fill_id, f.at_ns, i.symbol, f.quantity_e8, abs(f.quantity_e8), f.price_e8, "
    "f.reference_price_e8, f.delay_cost_e8, f.spread_cost_e8, f.slippage_cost_e8, "
    "f.impact_cost_e8, f.commission_e8, (SELECT currency FROM runs), f.order_id, f.decision_id "
    "FROM fills f JOIN instruments i ON i.symbol_id = f.symbol_id "
    "WHERE f.slice_id BETWEEN ?1 AND ?2 AND (?3 < 0 OR f.symbol_id = ?3) "
    "ORDER BY f.slice_id, f.fill_id";

constexpr std::array kOrders = {
    QueryColumn{"order_id", Kind::integer},
    QueryColumn{"time", Kind::time},
    QueryColumn{"symbol", Kind::text},
    QueryColumn{"side", Kind::text, kShortest, side},
    QueryColumn{"type", Kind::text, kShortest, type_word},
    QueryColumn{"time_in_force", Kind::text, kShortest, tif_word},
    QueryColumn{"quantity", Kind::scaled},
    QueryColumn{"filled", Kind::scaled},
    QueryColumn{"limit_price", Kind::scaled, kPriceDecimals},
    QueryColumn{"stop_price", Kind::scaled, kPriceDecimals},
    QueryColumn{"state", Kind::text, kShortest, state_word},
    QueryColumn{"reason", Kind::text},
    QueryColumn{"since", Kind::time},
    QueryColumn{"decision_id", Kind::integer},
};

constexpr const char* kOrdersSql =
    "SELECT o.order_id, o.decided_at_ns, i.symbol, o.quantity_e8, o.type, o.time_in_force, "
    "abs(o.quantity_e8), abs(o.filled_e8), o.limit_price_e8, o.stop_price_e8, o.state, r.name, "
    "o.since_ns, o.decision_id "
    "FROM orders o JOIN instruments i ON i.symbol_id = o.symbol_id "
    "JOIN reasons r ON r.reason_id = o.reason "
    "WHERE o.decision_id >= ?1 << 16 AND o.decision_id < (?2 + 1) << 16 "
    "AND (?3 < 0 OR o.symbol_id = ?3) ORDER BY o.order_id";

constexpr std::array kDecisions = {
    QueryColumn{"decision_id", Kind::integer},
    QueryColumn{"time", Kind::time},
    QueryColumn{"symbol", Kind::text},
    QueryColumn{"prediction", Kind::real, kRatioDecimals},
    QueryColumn{"uncertainty", Kind::real, kRatioDecimals},
    QueryColumn{"signal_weight", Kind::real, kRatioDecimals},
    QueryColumn{"approved_weight", Kind::real, kRatioDecimals},
    QueryColumn{"target_quantity", Kind::scaled},
    QueryColumn{"reason", Kind::text},
    QueryColumn{"in_sample", Kind::integer},
};

constexpr const char* kDecisionsSql =
    "SELECT d.decision_id, s.closed_at_ns, i.symbol, d.prediction, d.uncertainty, "
    "d.signal_weight, d.approved_weight, d.target_quantity_e8, r.name, d.in_sample "
    "FROM decisions d JOIN slices s ON s.slice_id = d.decision_id >> 16 "
    "JOIN instruments i ON i.symbol_id = d.symbol_id JOIN reasons r ON r.reason_id = d.reason "
    "WHERE d.decision_id >= ?1 << 16 AND d.decision_id < (?2 + 1) << 16 "
    "AND (?3 < 0 OR d.symbol_id = ?3) ORDER BY d.decision_id";

Wide value(const Cursor& row) { return wide_product(row.integer(3), row.integer(1)); }

Wide unrealized(const Cursor& row) { return value(row) - row.integer(2); }

constexpr std::array kPositions = {
    QueryColumn{"symbol", Kind::text},
    QueryColumn{"quantity", Kind::scaled},
    QueryColumn{"cost", Kind::scaled, kMoneyDecimals},
    QueryColumn{"price", Kind::scaled, kPriceDecimals},
    QueryColumn{"value", Kind::scaled, kMoneyDecimals, nullptr, value},
    QueryColumn{"unrealized", Kind::scaled, kMoneyDecimals, nullptr, unrealized},
    QueryColumn{"realized", Kind::scaled, kMoneyDecimals},
    QueryColumn{"currency", Kind::text},
    QueryColumn{"since", Kind::time},
    QueryColumn{"priced_at", Kind::time},
    QueryColumn{"stale", Kind::integer},
};

// As they stand after the last slice of the range, at the last closes known then; `from` leaves out
// what was opened before it. priced_at: when that close was; stale: its symbol had no bar on the
// venue's day of the range's last slice.
constexpr const char* kPositionsSql =
    "SELECT i.symbol, p.quantity_e8, p.cost_e8, "
    "b.close_e8, NULL, NULL, p.realized_e8, (SELECT currency FROM runs), p.since_ns, "
    "s.closed_at_ns, s.day < (SELECT day FROM slices WHERE slice_id <= ?2 "
    "ORDER BY slice_id DESC LIMIT 1) "
    "FROM instruments i JOIN positions p ON p.position_id = (SELECT max(q.position_id) "
    "FROM positions q WHERE q.symbol_id = i.symbol_id AND q.position_id < (?2 + 1) << 16) "
    "JOIN bars b ON b.bar_id = (SELECT c.bar_id FROM bars c WHERE c.bar_id < (?2 + 1) << 24 "
    "AND c.symbol_id = i.symbol_id AND c.revision = 0 AND c.flags & 1 = 0 "
    "ORDER BY c.bar_id DESC LIMIT 1) JOIN slices s ON s.slice_id = b.slice_id "
    "WHERE p.quantity_e8 <> 0 AND (?3 < 0 OR i.symbol_id = ?3) "
    "AND p.since_ns >= (SELECT closed_at_ns FROM slices WHERE slice_id = ?1) "
    "ORDER BY i.symbol_id";

constexpr std::array kEquity = {
    QueryColumn{"time", Kind::time},
    QueryColumn{"cash", Kind::scaled, kMoneyDecimals},
    QueryColumn{"value", Kind::scaled, kMoneyDecimals},
    QueryColumn{"equity", Kind::scaled, kMoneyDecimals},
    QueryColumn{"gross", Kind::scaled, kMoneyDecimals},
    QueryColumn{"net", Kind::scaled, kMoneyDecimals},
    QueryColumn{"drawdown", Kind::real, kRatioDecimals},
    QueryColumn{"currency", Kind::text},
};

// The account has no symbols: ?3 is asked for only so that all queries bind alike.
constexpr const char* kEquitySql =
    "SELECT s.closed_at_ns, e.cash_e8, e.value_e8, e.equity_e8, e.gross_e8, e.net_e8, "
    "1.0 * e.equity_e8 / e.peak_e8 - 1, (SELECT currency FROM runs) "
    "FROM equity e JOIN slices s ON s.slice_id = e.slice_id "
    "WHERE e.slice_id BETWEEN ?1 AND ?2 AND s.warmup = 0 AND ?3 IS NOT NULL ORDER BY e.slice_id";

const char* severity_word(std::int64_t n) { return severity_name(static_cast<Severity>(n)); }

constexpr std::array kIncidents = {
    QueryColumn{"time", Kind::time},
    QueryColumn{"symbol", Kind::text},
    QueryColumn{"severity", Kind::text, kShortest, severity_word},
    QueryColumn{"kind", Kind::text},
    QueryColumn{"text", Kind::text},
};

// Those of a process and of no slice are left out: they tell when and how the run was made.
constexpr const char* kIncidentsSql =
    "SELECT n.at_ns, i.symbol, n.severity, n.kind, n.text "
    "FROM incidents n LEFT JOIN instruments i ON i.symbol_id = n.symbol_id "
    "WHERE (n.slice_id BETWEEN ?1 AND ?2 OR (n.slice_id IS NULL AND n.severity = 2)) "
    "AND (?3 < 0 OR n.symbol_id = ?3) ORDER BY n.incident_id";

constexpr std::array kQueries = {
    Query{"trades", kTradesSql, kTrades},          Query{"orders", kOrdersSql, kOrders},
    Query{"decisions", kDecisionsSql, kDecisions}, Query{"positions", kPositionsSql, kPositions},
    Query{"equity", kEquitySql, kEquity},          Query{"incidents", kIncidentsSql, kIncidents},
};

Cell cell(const Cursor& row, int place, const QueryColumn& column, bool for_people) {
    if (column.computed == nullptr && row.is_null(place)) {
        return std::nullopt;
    }
    const int decimals = for_people ? column.decimals : kShortest;
    switch (column.kind) {
        case Kind::text:
            return column.word != nullptr ? column.word(row.integer(place)) : row.text(place);
        case Kind::integer:
            return std::to_string(row.integer(place));
        case Kind::scaled: {
            const std::int64_t raw = column.computed != nullptr
                                         ? static_cast<std::int64_t>(column.computed(row))
                                         : row.integer(place);
            return decimals == kShortest ? paperd::scaled_text(raw) : scaled_text(raw, decimals);
        }
        case Kind::real: {
            const double real = row.real(place);
            if (!std::isfinite(real)) {
                return std::nullopt;  // JSON has no word for it
            }
            return decimals == kShortest ? real_text(real) : real_text(real, decimals);
        }
        case Kind::time:
            return timestamp_text(from_ns(row.integer(place)));
    }
    return std::nullopt;
}

// An account of this program never gets there; rows that somebody changed may.
Result<void> check_computed(const std::string& db_path, const Cursor& row, const Query& query) {
    constexpr Wide kMost = std::numeric_limits<std::int64_t>::max();
    for (const QueryColumn& column : query.columns) {
        if (column.computed == nullptr) {
            continue;
        }
        const Wide raw = column.computed(row);
        if (raw > kMost || raw < -kMost) {
            return fail(db_path + ": " + row.text(0) + ": its " + column.name +
                        " is beyond the range of money (9.2e10): no run stores such a quantity or "
                        "price; 'paperd verify --db " +
                        db_path + "' says which rows are wrong");
        }
    }
    return {};
}

// Hands every row to take(cells).
template <class Take>
Result<void> each_row(Database& database, const Query& query, const SliceRange& range,
                      std::int64_t symbol, bool for_people, const Take& take) {
    std::vector<Cell> cells(query.columns.size());
    Cursor rows(database, query.sql, {range.first, range.last, symbol});
    for (; rows.live(); rows.next()) {
        TRY(check_computed(database.path(), rows, query));
        for (std::size_t i = 0; i < cells.size(); ++i) {
            cells[i] = cell(rows, static_cast<int>(i), query.columns[i], for_people);
        }
        take(cells);
    }
    return rows.ended();
}

Result<void> print_rows(Database& database, const Query& query, const QueryFilter& filter,
                        OutputFormat format, std::ostream& out) {
    TRY_LET(const auto range, slice_range(database, filter.from, filter.to));
    TRY_LET(const auto symbol, symbol_id_of(database, filter.symbol));
    std::vector<OutputColumn> columns;
    for (const QueryColumn& column : query.columns) {
        const bool numeric = column.kind == Kind::integer || column.kind == Kind::scaled ||
                             column.kind == Kind::real;
        columns.push_back({column.name, numeric});
    }
    RowPrinter printer(std::move(columns), format, out);
    const bool for_people = format == OutputFormat::table;
    if (printer.wants_measuring()) {
        TRY(each_row(database, query, range, symbol, for_people,
                     [&](const std::vector<Cell>& cells) { printer.measure(cells); }));
    }
    TRY(each_row(database, query, range, symbol, for_people,
                 [&](const std::vector<Cell>& cells) { printer.print(cells); }));
    printer.finish();
    return {};
}

}  // namespace

Result<void> print_query(const std::string& db_path, std::string_view name,
                         const QueryFilter& filter, OutputFormat format, std::ostream& out) {
    for (const Query& query : kQueries) {
        if (query.name != name) {
            continue;
        }
        if (query.name == "equity" && !filter.symbol.empty()) {
            return fail("equity is the whole account's: leave --symbol out", ErrorKind::usage);
        }
        return read_in_one_view(db_path, [&](Database& database, const RunHeader&) {
            return print_rows(database, query, filter, format, out);
        });
    }
    return fail("there is no query '" + std::string(name) +
                    "'; ask for trades, orders, positions, equity, decisions or incidents",
                ErrorKind::usage);
}

}  // namespace paperd::storage
