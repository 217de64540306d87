#include "storage/table_sql.h"

#include <algorithm>
#include <string_view>

namespace paperd::storage {
namespace {

const char* type_of(Kind kind) {
    switch (kind) {
        case Kind::real:
            return "REAL";
        case Kind::text:
            return "TEXT";
        case Kind::blob:
            return "BLOB";
        default:
            return "INTEGER";
    }
}

// "the meaning: 0 active, 1 reducing, 2 halted".
std::string explanation(const Column& column) {
    std::string text = column.meaning;
    if (column.word == nullptr) {
        return text;
    }
    for (std::int64_t value = 0; value <= column.greatest; ++value) {
        text += (value > 0      ? ", "
                 : text.empty() ? ""
                                : ": ") +
                std::to_string(value) + " " + column.word(value);
    }
    return text;
}

std::string comment(const std::string& text) { return text.empty() ? "" : "  -- " + text; }

std::string definition(const TableFacts& facts, const Column& column) {
    std::string text = std::string("    ") + column.name + " " + type_of(column.kind);
    if (std::string_view(column.name) == facts.key) {
        text += " PRIMARY KEY";
    } else if (!column.nullable) {
        text += " NOT NULL";
    }
    if (column.references != nullptr) {
        text += std::string(" REFERENCES ") + column.references;
    }
    return text;
}

}  // namespace

std::string column_names(const std::vector<Column>& columns) {
    std::string names;
    for (const Column& column : columns) {
        names += (names.empty() ? "" : ", ") + std::string(column.name);
    }
    return names;
}

Result<BulkInsert> prepare_insert(Database& database, const TableFacts& facts,
                                  const std::vector<Column>& columns) {
    std::string changes;
    for (const Column& column : columns) {
        if (column.changes) {
            changes += (changes.empty() ? "" : ", ") + std::string(column.name) + " = excluded." +
                       column.name;
        }
    }
    return BulkInsert::prepare(
        database, facts.name, column_names(columns),
        changes.empty() ? ""
                        : std::string(" ON CONFLICT (") + facts.key + ") DO UPDATE SET " + changes);
}

std::string select_rows(const TableFacts& facts, const std::vector<Column>& columns) {
    return std::string("SELECT ") + facts.by + " >> " + std::to_string(facts.shift) + ", " +
           column_names(columns) + " FROM " + facts.name;
}

std::string select_all(const TableFacts& facts, const std::vector<Column>& columns) {
    return "SELECT " + column_names(columns) + " FROM " + facts.name;
}

std::string create_table(const TableFacts& facts, const std::vector<Column>& columns) {
    std::string sql =
        std::string("CREATE TABLE ") + facts.name + " (" + comment(facts.meaning) + "\n";
    const bool listed = std::any_of(columns.begin(), columns.end(), [&](const Column& column) {
        return std::string_view(column.name) == facts.key;
    });
    if (!listed && *facts.key != '\0') {
        sql += std::string("    ") + facts.key + " INTEGER PRIMARY KEY,\n";
    }
    const std::string_view rest = facts.rest;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const bool last = i + 1 == columns.size() && rest.empty();
        sql += definition(facts, columns[i]) + (last ? "" : ",") +
               comment(explanation(columns[i])) + "\n";
    }
    return sql + std::string(rest) + ") STRICT;\n" + facts.indices + "\n";
}

}  // namespace paperd::storage
