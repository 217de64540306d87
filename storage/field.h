// What a column of a stored row is: its name and meaning, which member of the row it holds, and how
// that value is written, read, hashed, compared and shown. The lists of storage/rows.h are made of
// these; everything that is done to rows is driven by the lists.
//
// A value has one stored form (storage/stored_value.h), and all that is done to it is done to that:
// so NaN is NULL is "unknown", and equal rows have equal hashes.
#pragma once

#include <cstdint>
#include <string>

#include "execution/types/slice.h"
#include "storage/bulk_insert.h"
#include "storage/stored_value.h"

namespace paperd::storage {

// A column without its row's type.
struct Column {
    const char* name = "";
    const char* meaning = "";
    Kind kind = Kind::integer;
    bool nullable = false;
    bool changes = false;                         // in a row that is stored again (orders)
    const char* references = nullptr;             // a table
    std::int64_t greatest = 0;                    // of a flag or an enumeration, which begin at 0
    const char* (*word)(std::int64_t) = nullptr;  // of an enumeration's values
};

// Where a row belongs, for columns that are no member of it. Made anew for each table of a slice.
struct Place {
    explicit Place(const Slice& of) : slice(of), bar(of.bars.begin()) {}

    const Slice& slice;
    std::size_t at = 0;                    // among the slice's rows of this table
    std::vector<Bar>::const_iterator bar;  // as far as the rows' symbols have come
};

struct Traits {
    bool nullable = false;  // of an integer: 0 is NULL
    bool changes = false;
    const char* references = nullptr;
};

namespace detail {

template <auto First, auto... Rest>
constexpr auto& follow(auto& row) {
    if constexpr (sizeof...(Rest) == 0) {
        return row.*First;
    } else {
        return follow<Rest...>(row.*First);
    }
}

}  // namespace detail

// The member at the end of `Path`: &Decision::signal, &Signal::weight.
template <auto... Path>
struct Field {
    Column column;

    template <class Row>
    static decltype(auto) stored(const Row& row) {
        using Value = std::remove_cvref_t<decltype(detail::follow<Path...>(row))>;
        return StoredValue<Value>::stored(detail::follow<Path...>(row));
    }

    template <class Row>
    void put(RowBinder& binder, const Row& row, Place&) const {
        if constexpr (std::is_same_v<decltype(stored(row)), std::int64_t>) {
            if (column.nullable && stored(row) == 0) {
                binder.null();
                return;
            }
        }
        binder.put(stored(row));
    }

    template <class Row>
    void get(const Statement& statement, int at, const Slice&, Row& row) const {
        auto& value = detail::follow<Path...>(row);
        value = StoredValue<std::remove_cvref_t<decltype(value)>>::value(statement, at);
    }

    template <class Words, class Row>
    void hash(Words& words, const Row& row) const {
        words.add(stored(row));
    }

    template <class Row>
    [[nodiscard]] bool same(const Row& a, const Row& b) const {
        return same_stored(stored(a), stored(b));
    }

    template <class Row>
    [[nodiscard]] std::string text(const Row& row) const {
        return stored_text(stored(row), column.kind);
    }
};

template <auto First, auto... Rest>
struct Last : Last<Rest...> {};

template <auto Only>
struct Last<Only> {
    using type = decltype(Only);
};

template <class T>
struct MemberOf;

template <class Row, class Value>
struct MemberOf<Value Row::*> {
    using type = Value;
};

template <auto... Path>
constexpr Field<Path...> field(const char* name, const char* meaning, Traits traits = {}) {
    using Value = StoredValue<typename MemberOf<typename Last<Path...>::type>::type>;
    return {{.name = name,
             .meaning = meaning,
             .kind = Value::kKind,
             .nullable = traits.nullable || Value::kNullable,
             .changes = traits.changes,
             .references = traits.references != nullptr ? traits.references : Value::kReferences,
             .greatest = Value::kGreatest,
             .word = Value::kWord}};
}

}  // namespace paperd::storage
