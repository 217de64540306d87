#include "storage/known_numbers.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "execution/types/reason.h"
#include "storage/cursor.h"
#include "storage/rows.h"

namespace paperd::storage {
namespace {

// A table's columns that stand for something, and how their numbers are checked.
struct Checks {
    const TableShape* table = nullptr;
    std::vector<std::string> columns{};
    std::vector<std::string>
        known{};  // conditions that hold for the values that stand for something
};

std::string reason_numbers() {
    std::string list;
    for (const ReasonText& reason : kReasons) {
        list += (list.empty() ? "" : ",") + std::to_string(static_cast<int>(reason.reason));
    }
    return list;
}

void add_check(Checks& checks, const std::string& name, Kind kind, std::int64_t greatest,
               std::int64_t symbols) {
    std::string known;
    switch (kind) {
        case Kind::flag:
        case Kind::enumeration:
            known = name + " BETWEEN 0 AND " + std::to_string(greatest);
            break;
        case Kind::reason:
            known = name + " IN (" + reason_numbers() + ")";
            break;
        case Kind::symbol:
            known = "coalesce(" + name + ",0) BETWEEN 0 AND " + std::to_string(symbols - 1);
            break;
        default:
            return;
    }
    checks.columns.push_back(name);
    checks.known.push_back(known);
}

// Every table with what there is to check in it.
Result<std::vector<Checks>> all_checks(Database& database) {
    TRY_LET(const auto symbols, database.integer("SELECT count(*) FROM instruments"));
    std::vector<Checks> all;
    for (const TableShape& table : table_shapes()) {
        Checks checks{.table = &table};
        for (const Column& column : table.columns) {
            add_check(checks, column.name, column.kind, column.greatest, symbols);
        }
        if (table.facts.symbol_of_key) {
            add_check(checks, "symbol_id", Kind::symbol, 0, symbols);
        }
        if (!checks.columns.empty()) {
            all.push_back(std::move(checks));
        }
    }
    return all;
}

// Selects the key, and for each column its value and whether that is known, of the rows with an
// unknown one.
std::string select_unknown(const Checks& checks) {
    std::string columns;
    std::string all;
    for (std::size_t i = 0; i < checks.columns.size(); ++i) {
        columns += ", " + checks.columns[i] + ", " + checks.known[i];
        all += (i == 0 ? "" : " AND ") + checks.known[i];
    }
    const TableFacts& facts = checks.table->facts;
    return std::string("SELECT ") + facts.key + columns + " FROM " + facts.name + " WHERE NOT (" +
           all + ")";
}

std::string sentence(const Checks& checks, const Cursor& row) {
    int place = 1;
    for (const std::string& column : checks.columns) {
        if (row.integer(place + 1) == 0) {
            return std::string(checks.table->facts.name) + " row " +
                   std::to_string(row.integer(0)) + ": " + column + " is " +
                   std::to_string(row.integer(place)) + ", which stands for nothing";
        }
        place += 2;
    }
    return {};
}

Result<void> refuse_first(Database& database, const Checks& checks, const std::string& condition) {
    const Cursor row(database, select_unknown(checks) + " AND (" + condition + ") LIMIT 1");
    TRY(row.ended());
    if (!row.live()) {
        return {};
    }
    return fail(database.path() + ": " + sentence(checks, row) +
                    ": the file is damaged or a newer paperd wrote it; restore it from a backup, "
                    "replay the run into a new file, or use the paperd that wrote it",
                ErrorKind::difference);
}

}  // namespace

Result<void> check_known_numbers(Database& database, std::int64_t first, std::int64_t last) {
    TRY_LET(const auto all, all_checks(database));
    for (const Checks& checks : all) {
        const TableFacts& facts = checks.table->facts;
        // Orders belong to no slice alone: read_orders checks them.
        if (std::string_view(facts.by) == kOrders.facts.by) {
            continue;
        }
        TRY(refuse_first(database, checks,
                         std::string(facts.by) + " BETWEEN " +
                             std::to_string(first << facts.shift) + " AND " +
                             std::to_string(((last + 1) << facts.shift) - 1)));
    }
    return {};
}

Result<void> check_known_numbers_of(Database& database, const std::string& table,
                                    const std::string& condition) {
    TRY_LET(const auto all, all_checks(database));
    for (const Checks& checks : all) {
        if (checks.table->facts.name == table) {
            TRY(refuse_first(database, checks, condition));
        }
    }
    return {};
}

Result<void> find_unknown_numbers(Database& database, Violations& violations) {
    TRY_LET(const auto all, all_checks(database));
    for (const Checks& checks : all) {
        Cursor rows(database, select_unknown(checks));
        for (; rows.live() && !violations.full(); rows.next()) {
            violations.add(sentence(checks, rows));
        }
        TRY(rows.ended());
    }
    return {};
}

}  // namespace paperd::storage
