// Rows that a test writes by hand: it names the columns that it means, and the rest are 0, so that
// a new column changes no test.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "storage/rows.h"

namespace paperd::storage {

using Given = std::vector<std::pair<std::string, std::string>>;  // column, its value in SQL

// "INSERT INTO table (every column) SELECT each's value" and then `from` (" FROM n").
inline std::string insert_text(const std::string& table, const Given& given,
                               const std::string& from = "") {
    const auto shape = std::ranges::find_if(
        table_shapes(), [&](const TableShape& each) { return each.facts.name == table; });
    std::string names;
    std::string values;
    for (const Column& column : shape->columns) {
        const auto set = std::ranges::find(given, column.name, &Given::value_type::first);
        names += (names.empty() ? "" : ", ") + std::string(column.name);
        values += (values.empty() ? "" : ", ") + (set == given.end() ? "0" : set->second);
    }
    return "INSERT INTO " + table + " (" + names + ") SELECT " + values + from + ";";
}

}  // namespace paperd::storage
