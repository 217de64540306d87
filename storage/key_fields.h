// Columns that are no single member of their row: the packed keys (storage/keys.h), which hold the
// slice and often the symbol, and what follows from the slice. The same duties as Field
// (storage/field.h).
#pragma once

#include <string>

#include "storage/field.h"
#include "storage/keys.h"

namespace paperd::storage {

constexpr Column key_column(const char* name, const char* meaning) {
    return {.name = name, .meaning = meaning, .kind = Kind::key};
}

// What holds nothing of the row.
struct NoMember {
    template <class Row>
    void get(const Statement&, int, const Slice&, Row&) const {}

    template <class Words, class Row>
    void hash(Words&, const Row&) const {}

    template <class Row>
    [[nodiscard]] bool same(const Row&, const Row&) const {
        return true;
    }

    template <class Row>
    [[nodiscard]] std::string text(const Row&) const {
        return {};
    }
};

// The row's slice. Of a row outside any slice (id 0): NULL.
struct SliceId : NoMember {
    constexpr explicit SliceId(Column is) : column(is) {}

    Column column;

    template <class Row>
    void put(RowBinder& binder, const Row&, Place& place) const {
        if (place.slice.id == 0) {
            binder.null();
        } else {
            binder.put(place.slice.id);
        }
    }
};

// When the row's slice closed.
struct SliceTime : NoMember {
    constexpr explicit SliceTime(Column is) : column(is) {}

    Column column;

    template <class Row>
    void put(RowBinder& binder, const Row&, Place& place) const {
        binder.put(to_ns(place.slice.closed_at));
    }
};

// slice << 24 | place in the slice
struct PlaceKey : NoMember {
    constexpr explicit PlaceKey(Column is) : column(is) {}

    Column column;

    template <class Row>
    void put(RowBinder& binder, const Row&, Place& place) const {
        binder.put(place_key(place.slice.id, place.at));
    }
};

// The symbol of a key, on its own.
template <auto Symbol>
struct HoldsSymbol {
    template <class Words, class Row>
    void hash(Words& words, const Row& row) const {
        words.add(static_cast<std::int64_t>(index(row.*Symbol)));
    }

    template <class Row>
    [[nodiscard]] bool same(const Row& a, const Row& b) const {
        return a.*Symbol == b.*Symbol;
    }

    template <class Row>
    [[nodiscard]] std::string text(const Row& row) const {
        return "of symbol " + std::to_string(index(row.*Symbol));
    }
};

// slice << 16 | symbol, of the row's own slice; NULL without a symbol.
template <auto Symbol>
struct SymbolKey : HoldsSymbol<Symbol> {
    constexpr explicit SymbolKey(Column is) : column(is) {}

    Column column;

    template <class Row>
    void put(RowBinder& binder, const Row& row, Place& place) const {
        if (row.*Symbol == kNoSymbol) {
            binder.null();
        } else {
            binder.put(symbol_key(place.slice.id, row.*Symbol));
        }
    }

    template <class Row>
    void get(const Statement& statement, int at, const Slice&, Row& row) const {
        row.*Symbol =
            statement.is_null(at) ? kNoSymbol : symbol_of_symbol_key(statement.column_int(at));
    }
};

// slice << 16 | symbol, of an earlier slice that the row names.
template <auto SliceMember, auto Symbol>
struct DecisionKey {
    Column column;

    template <class Row>
    static std::int64_t key(const Row& row) {
        return symbol_key(row.*SliceMember, row.*Symbol);
    }

    template <class Row>
    void put(RowBinder& binder, const Row& row, Place&) const {
        binder.put(key(row));
    }

    template <class Row>
    void get(const Statement& statement, int at, const Slice&, Row& row) const {
        row.*SliceMember = slice_of_symbol_key(statement.column_int(at));
        row.*Symbol = symbol_of_symbol_key(statement.column_int(at));
    }

    template <class Words, class Row>
    void hash(Words& words, const Row& row) const {
        words.add(key(row));
    }

    template <class Row>
    [[nodiscard]] bool same(const Row& a, const Row& b) const {
        return key(a) == key(b);
    }

    template <class Row>
    [[nodiscard]] std::string text(const Row& row) const {
        return std::to_string(key(row));
    }
};

// slice << 24 | symbol << 8 | revision 0. A bar closes with its slice.
struct BarKey : HoldsSymbol<&Bar::symbol> {
    constexpr explicit BarKey(Column is) : column(is) {}

    Column column;

    void put(RowBinder& binder, const Bar& bar, Place& place) const {
        CHECK(bar.closed_at == place.slice.closed_at, "a slice's bars close with it");
        binder.put(bar_key(place.slice.id, bar.symbol));
    }

    void get(const Statement& statement, int at, const Slice& slice, Bar& bar) const {
        bar.symbol = symbol_of_bar_key(statement.column_int(at));
        bar.closed_at = slice.closed_at;
    }
};

// 1 synthetic, 2 warm-up.
struct BarFlags {
    Column column;

    void put(RowBinder& binder, const Bar& bar, Place& place) const {
        binder.put(std::int64_t{(bar.synthetic ? 1 : 0) | (place.slice.warmup ? 2 : 0)});
    }

    void get(const Statement& statement, int at, const Slice&, Bar& bar) const {
        bar.synthetic = (statement.column_int(at) & 1) != 0;
    }

    template <class Words>
    void hash(Words& words, const Bar& bar) const {
        words.add(std::int64_t{bar.synthetic ? 1 : 0});
    }

    [[nodiscard]] bool same(const Bar& a, const Bar& b) const { return a.synthetic == b.synthetic; }

    [[nodiscard]] std::string text(const Bar& bar) const {
        return bar.synthetic ? "synthetic" : "real";
    }
};

// The revision of the bar that a symbol's row of this slice saw, NULL where it had none. Rows and
// bars both ascend by symbol, so that one walk finds it.
template <auto Symbol>
struct SeenRevision : NoMember {
    constexpr explicit SeenRevision(Column is) : column(is) {}

    Column column;

    template <class Row>
    void put(RowBinder& binder, const Row& row, Place& place) const {
        const auto end = place.slice.bars.end();
        while (place.bar != end && place.bar->symbol < row.*Symbol) {
            ++place.bar;
        }
        if (place.bar != end && place.bar->symbol == row.*Symbol) {
            binder.put(std::int64_t{0});
        } else {
            binder.null();
        }
    }
};

}  // namespace paperd::storage
