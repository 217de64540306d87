#include "storage/known_numbers.h"

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "execution/types/step.h"
#include "storage/cursor.h"
#include "storage/keys.h"

namespace paperd::storage {
namespace {

enum class Meaning : std::uint8_t {
    flag,           // 0 or 1
    bar_flags,      // 0 to 3
    trading_state,  // enums from here on
    order_type,
    time_in_force,
    order_state,
    ledger_kind,
    action_kind,
    command_kind,
    severity,
    reason,
    symbol,  // NULL where there is none
};

struct NumberColumn {
    const char* name;
    Meaning meaning;
};

// by: the column that says which slices a row belongs to, shifted by `shift`.
struct NumberTable {
    const char* name;
    const char* key;
    const char* by;
    int shift;
    std::array<NumberColumn, 5> columns;

    [[nodiscard]] std::span<const NumberColumn> used() const {
        std::size_t count = 0;
        while (count < columns.size() && columns[count].name != nullptr) {
            ++count;
        }
        return std::span(columns).first(count);
    }
};

constexpr NumberTable kOrders = {"orders",
                                 "order_id",
                                 "order_id",
                                 0,
                                 {{{"type", Meaning::order_type},
                                   {"time_in_force", Meaning::time_in_force},
                                   {"state", Meaning::order_state},
                                   {"reason", Meaning::reason},
                                   {"symbol_id", Meaning::symbol}}}};

constexpr std::array kTables = {
    NumberTable{"slices",
                "slice_id",
                "slice_id",
                0,
                {{{"warmup", Meaning::flag},
                  {"last_of_session", Meaning::flag},
                  {"trading_state", Meaning::trading_state},
                  {"trading_reason", Meaning::reason}}}},
    NumberTable{"bars",
                "bar_id",
                "bar_id",
                kBarSliceShift,
                {{{"flags", Meaning::bar_flags}, {"symbol_id", Meaning::symbol}}}},
    NumberTable{"commands", "command_id", "slice_id", 0, {{{"kind", Meaning::command_kind}}}},
    NumberTable{"decisions",
                "decision_id",
                "decision_id",
                kSymbolShift,
                {{{"signal_reason", Meaning::reason},
                  {"reason", Meaning::reason},
                  {"in_sample", Meaning::flag},
                  {"symbol_id", Meaning::symbol}}}},
    NumberTable{"warmup_predictions",
                "prediction_id",
                "prediction_id",
                kSymbolShift,
                {{{"symbol_id", Meaning::symbol}}}},
    NumberTable{"risk_adjustments",
                "adjustment_id",
                "adjustment_id",
                kPlaceShift,
                {{{"rule", Meaning::reason}, {"symbol_id", Meaning::symbol}}}},
    NumberTable{"fills", "fill_id", "slice_id", 0, {{{"symbol_id", Meaning::symbol}}}},
    NumberTable{"ledger",
                "entry_id",
                "entry_id",
                kPlaceShift,
                {{{"kind", Meaning::ledger_kind}, {"symbol_id", Meaning::symbol}}}},
    NumberTable{"positions",
                "position_id",
                "position_id",
                kSymbolShift,
                {{{"symbol_id", Meaning::symbol}}}},
    NumberTable{"corporate_actions",
                "action_id",
                "action_id",
                kPlaceShift,
                {{{"kind", Meaning::action_kind}, {"symbol_id", Meaning::symbol}}}},
    NumberTable{"incidents",
                "incident_id",
                "slice_id",
                0,
                {{{"severity", Meaning::severity}, {"symbol_id", Meaning::symbol}}}},
};

// The number of the last enumerator; their names end with it.
template <class E>
constexpr int last_named(const char* (*name)(E)) {
    int last = 0;
    while (std::string_view(name(static_cast<E>(last + 1))) != "unknown") {
        ++last;
    }
    return last;
}

// Greatest value of those that count from 0 without gaps.
int greatest(Meaning meaning) {
    switch (meaning) {
        case Meaning::flag:
            return 1;
        case Meaning::bar_flags:
            return 3;
        case Meaning::trading_state:
            return last_named(trading_state_name);
        case Meaning::order_type:
            return last_named(order_type_name);
        case Meaning::time_in_force:
            return last_named(time_in_force_name);
        case Meaning::order_state:
            return last_named(order_state_name);
        case Meaning::ledger_kind:
            return last_named(ledger_kind_name);
        case Meaning::action_kind:
            return last_named(corporate_action_name);
        case Meaning::command_kind:
            return last_named(command_name);
        case Meaning::severity:
            return static_cast<int>(Severity::error);
        case Meaning::reason:
        case Meaning::symbol:
            break;
    }
    return 0;
}

std::string reason_numbers() {
    std::string list;
    for (const ReasonText& reason : kReasons) {
        list += (list.empty() ? "" : ",") + std::to_string(static_cast<int>(reason.reason));
    }
    return list;
}

// A condition that holds for the values that stand for something.
std::string known(const NumberColumn& column, std::int64_t symbols) {
    const std::string name = column.name;
    switch (column.meaning) {
        case Meaning::reason:
            return name + " IN (" + reason_numbers() + ")";
        case Meaning::symbol:
            return "coalesce(" + name + ",0) BETWEEN 0 AND " + std::to_string(symbols - 1);
        default:
            return name + " BETWEEN 0 AND " + std::to_string(greatest(column.meaning));
    }
}

// Selects the key, and for each column its value and whether that is known, of the rows with an
// unknown one.
std::string select_unknown(const NumberTable& table, std::int64_t symbols) {
    std::string columns;
    std::string all;
    for (const NumberColumn& column : table.used()) {
        const std::string condition = known(column, symbols);
        columns += std::string(", ") + column.name + ", " + condition;
        all += (all.empty() ? "" : " AND ") + condition;
    }
    return std::string("SELECT ") + table.key + columns + " FROM " + table.name + " WHERE NOT (" +
           all + ")";
}

std::string sentence(const NumberTable& table, const Cursor& row) {
    int place = 1;
    for (const NumberColumn& column : table.used()) {
        if (row.integer(place + 1) == 0) {
            return std::string(table.name) + " row " + std::to_string(row.integer(0)) + ": " +
                   column.name + " is " + std::to_string(row.integer(place)) +
                   ", which stands for nothing";
        }
        place += 2;
    }
    return {};
}

Result<std::int64_t> count_symbols(Database& database) {
    return database.integer("SELECT count(*) FROM instruments");
}

Result<void> refuse_first(Database& database, const NumberTable& table, const std::string& sql) {
    const Cursor row(database, sql + " LIMIT 1");
    if (row.error()) {
        return *row.error();
    }
    if (!row.live()) {
        return {};
    }
    return fail(database.path() + ": " + sentence(table, row) +
                    ": the file is damaged or a newer paperd wrote it; restore it from a backup, "
                    "replay the run into a new file, or use the paperd that wrote it",
                ErrorKind::difference);
}

}  // namespace

Result<void> check_known_numbers(Database& database, std::int64_t first, std::int64_t last) {
    TRY_LET(const auto symbols, count_symbols(database));
    for (const NumberTable& table : kTables) {
        const std::int64_t least = first << table.shift;
        const std::int64_t most = ((last + 1) << table.shift) - 1;
        TRY(refuse_first(database, table,
                         select_unknown(table, symbols) + " AND " + table.by + " BETWEEN " +
                             std::to_string(least) + " AND " + std::to_string(most)));
    }
    return {};
}

Result<void> check_known_order_numbers(Database& database) {
    TRY_LET(const auto symbols, count_symbols(database));
    return refuse_first(database, kOrders, select_unknown(kOrders, symbols));
}

Result<void> find_unknown_numbers(Database& database, Violations& violations) {
    TRY_LET(const auto symbols, count_symbols(database));
    const auto find_in = [&](const NumberTable& table) -> Result<void> {
        Cursor rows(database, select_unknown(table, symbols));
        for (; rows.live() && !violations.full(); rows.next()) {
            violations.add(sentence(table, rows));
        }
        if (rows.error()) {
            return *rows.error();
        }
        return {};
    };
    for (const NumberTable& table : kTables) {
        TRY(find_in(table));
    }
    return find_in(kOrders);
}

}  // namespace paperd::storage
