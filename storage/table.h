// A table of rows: the list of its columns, and the columns and indices that are not written.
#pragma once

#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "storage/field.h"

namespace paperd::storage {

struct TableFacts {
    const char* name = "";
    const char* meaning = "";
    const char* key = "";  // its column; not in the list where SQLite gives the number
    const char* by = "";   // the column that says which slice a row belongs to, shifted by `shift`
    int shift = 0;
    const char* rest = "";       // definitions of columns that are generated, or not written here
    bool symbol_of_key = false;  // one of them is symbol_id
    const char* indices = "";    // statements
};

// Row is what the list's fields are members of.
template <class Row, class... Fields>
struct Table {
    TableFacts facts;
    std::tuple<Fields...> fields;

    // f(field) for each column, in the order of the list.
    template <class F>
    constexpr void each(const F& f) const {
        std::apply([&](const auto&... field) { (f(field), ...); }, fields);
    }

    void put(RowBinder& binder, const Row& row, Place& place) const {
        each([&](const auto& field) { field.put(binder, row, place); });
    }

    // The row whose columns begin at `at`, of a slice that is read already.
    [[nodiscard]] Row get(const Statement& statement, int at, const Slice& slice) const {
        Row row;
        each([&](const auto& field) { field.get(statement, at++, slice, row); });
        return row;
    }

    template <class Words>
    void hash(Words& words, const Row& row) const {
        each([&](const auto& field) { field.hash(words, row); });
    }

    // Empty where the rows are the same; else the first column that differs, and how.
    [[nodiscard]] std::string difference(const Row& was, const Row& is) const {
        std::string found;
        each([&](const auto& field) {
            if (found.empty() && !field.same(was, is)) {
                found = std::string(field.column.name) + " was " + field.text(was) + " and is " +
                        field.text(is);
            }
        });
        return found;
    }

    [[nodiscard]] std::vector<Column> columns() const {
        std::vector<Column> all;
        each([&](const auto& field) { all.push_back(field.column); });
        return all;
    }
};

template <class Row, class... Fields>
constexpr Table<Row, Fields...> table(const TableFacts& facts, const Fields&... fields) {
    return {facts, {fields...}};
}

}  // namespace paperd::storage
