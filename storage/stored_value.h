// The one stored form of each type that rows are made of: an integer, an integer or nothing, a
// double, a text, or bytes.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "execution/types/reason.h"
#include "execution/types/step.h"
#include "storage/database.h"
#include "storage/number_text.h"

namespace paperd::storage {

// What the numbers of a column stand for.
enum class Kind : std::uint8_t {
    integer,
    scaled,       // at 1e-8
    time,         // UTC nanoseconds
    day,          // the venue's, days since 1970-01-01
    hash,         // 64 bits, stored as a signed integer
    flag,         // 0 or 1
    enumeration,  // 0, 1, ... without gaps
    reason,       // of the table reasons
    symbol,       // place in the universe; NULL where there is none
    key,          // time-major (storage/keys.h)
    real,
    text,
    blob
};

// The defaults of a StoredValue.
struct Plain {
    static constexpr bool kNullable = false;
    static constexpr const char* kReferences = nullptr;
    static constexpr std::int64_t kGreatest = 0;
    static constexpr const char* (*kWord)(std::int64_t) = nullptr;
};

template <class T>
struct StoredValue;

template <>
struct StoredValue<std::int64_t> : Plain {
    static constexpr Kind kKind = Kind::integer;

    static std::int64_t stored(std::int64_t value) { return value; }

    static std::int64_t value(const Statement& row, int at) { return row.column_int(at); }
};

template <>
struct StoredValue<std::uint32_t> : Plain {
    static constexpr Kind kKind = Kind::integer;

    static std::int64_t stored(std::uint32_t value) { return value; }

    static std::uint32_t value(const Statement& row, int at) {
        return static_cast<std::uint32_t>(row.column_int(at));
    }
};

template <>
struct StoredValue<std::uint64_t> : Plain {
    static constexpr Kind kKind = Kind::hash;

    static std::int64_t stored(std::uint64_t value) { return static_cast<std::int64_t>(value); }

    static std::uint64_t value(const Statement& row, int at) {
        return static_cast<std::uint64_t>(row.column_int(at));
    }
};

template <class Tag>
struct StoredValue<Fixed<Tag>> : Plain {
    static constexpr Kind kKind = Kind::scaled;

    static std::int64_t stored(Fixed<Tag> value) { return value.raw(); }

    static Fixed<Tag> value(const Statement& row, int at) {
        return Fixed<Tag>::from_raw(row.column_int(at));
    }
};

template <class Tag>
struct StoredValue<std::optional<Fixed<Tag>>> : Plain {
    static constexpr Kind kKind = Kind::scaled;
    static constexpr bool kNullable = true;

    static std::optional<std::int64_t> stored(const std::optional<Fixed<Tag>>& value) {
        return value ? std::optional(value->raw()) : std::nullopt;
    }

    static std::optional<Fixed<Tag>> value(const Statement& row, int at) {
        return row.is_null(at) ? std::nullopt
                               : std::optional(Fixed<Tag>::from_raw(row.column_int(at)));
    }
};

template <>
struct StoredValue<Timestamp> : Plain {
    static constexpr Kind kKind = Kind::time;

    static std::int64_t stored(Timestamp value) { return to_ns(value); }

    static Timestamp value(const Statement& row, int at) { return from_ns(row.column_int(at)); }
};

template <>
struct StoredValue<Day> : Plain {
    static constexpr Kind kKind = Kind::day;

    static std::int64_t stored(Day value) { return day_number(value); }

    static Day value(const Statement& row, int at) {
        return day_from_number(static_cast<std::int32_t>(row.column_int(at)));
    }
};

template <>
struct StoredValue<bool> : Plain {
    static constexpr Kind kKind = Kind::flag;
    static constexpr std::int64_t kGreatest = 1;

    static std::int64_t stored(bool value) { return value ? 1 : 0; }

    static bool value(const Statement& row, int at) { return row.column_int(at) != 0; }
};

template <>
struct StoredValue<SymbolId> : Plain {
    static constexpr Kind kKind = Kind::symbol;
    static constexpr bool kNullable = true;
    static constexpr const char* kReferences = "instruments";

    static std::optional<std::int64_t> stored(SymbolId value) {
        return value == kNoSymbol ? std::nullopt
                                  : std::optional(static_cast<std::int64_t>(index(value)));
    }

    static SymbolId value(const Statement& row, int at) {
        return row.is_null(at) ? kNoSymbol
                               : symbol_id(static_cast<std::size_t>(row.column_int(at)));
    }
};

template <>
struct StoredValue<Reason> : Plain {
    static constexpr Kind kKind = Kind::reason;
    static constexpr const char* kReferences = "reasons";

    static std::int64_t stored(Reason value) { return static_cast<std::int64_t>(value); }

    static Reason value(const Statement& row, int at) {
        return static_cast<Reason>(row.column_int(at));
    }
};

template <>
struct StoredValue<double> : Plain {
    static constexpr Kind kKind = Kind::real;

    static double stored(double value) { return value; }

    static double value(const Statement& row, int at) { return row.column_real(at); }
};

template <>
struct StoredValue<std::string> : Plain {
    static constexpr Kind kKind = Kind::text;

    static std::string_view stored(const std::string& value) { return value; }

    static std::string value(const Statement& row, int at) { return row.column_text(at); }
};

// Doubles one after the other, as this machine has them (little-endian).
template <>
struct StoredValue<std::vector<double>> : Plain {
    static constexpr Kind kKind = Kind::blob;

    static std::span<const double> stored(const std::vector<double>& value) { return value; }

    static std::vector<double> value(const Statement& row, int at) {
        const std::vector<std::byte> bytes = row.column_blob(at);
        std::vector<double> values(bytes.size() / sizeof(double));
        if (!values.empty()) {
            std::memcpy(values.data(), bytes.data(), values.size() * sizeof(double));
        }
        return values;
    }
};

// Which are known, as a whole number of bits, then those; nothing where none is. What is no such
// list reads as one that no decision has, so that a comparison finds it.
template <>
struct StoredValue<DecisionNumbers> : Plain {
    static constexpr Kind kKind = Kind::blob;

    static std::span<const double> stored(const DecisionNumbers& value) { return value.packed(); }

    static DecisionNumbers value(const Statement& row, int at) {
        DecisionNumbers numbers;
        if (!numbers.unpack(StoredValue<std::vector<double>>::value(row, at))) {
            numbers.set(DecisionNumber::band, -1);
        }
        return numbers;
    }
};

// A file's bytes.
template <>
struct StoredValue<std::vector<std::byte>> : Plain {
    static constexpr Kind kKind = Kind::blob;

    static std::span<const std::byte> stored(const std::vector<std::byte>& value) { return value; }

    static std::vector<std::byte> value(const Statement& row, int at) {
        return row.column_blob(at);
    }
};

// The words of an enumeration's values, "unknown" after the last: found by its argument.
constexpr const char* word_of(TradingState value) { return trading_state_name(value); }

constexpr const char* word_of(OrderType value) { return order_type_name(value); }

constexpr const char* word_of(TimeInForce value) { return time_in_force_name(value); }

constexpr const char* word_of(OrderState value) { return order_state_name(value); }

constexpr const char* word_of(LedgerKind value) { return ledger_kind_name(value); }

constexpr const char* word_of(CorporateActionKind value) { return corporate_action_name(value); }

constexpr const char* word_of(CommandKind value) { return command_name(value); }

constexpr const char* word_of(Severity value) { return severity_name(value); }

template <class E>
    requires std::is_enum_v<E>
struct StoredValue<E> : Plain {
    static constexpr Kind kKind = Kind::enumeration;

    static constexpr const char* word(std::int64_t value) { return word_of(static_cast<E>(value)); }

    static constexpr const char* (*kWord)(std::int64_t) = word;

    static constexpr std::int64_t kGreatest = [] {
        std::int64_t last = 0;
        while (std::string_view(word(last + 1)) != "unknown") {
            ++last;
        }
        return last;
    }();

    static std::int64_t stored(E value) { return static_cast<std::int64_t>(value); }

    static E value(const Statement& row, int at) { return static_cast<E>(row.column_int(at)); }
};

// Two stored values are the same "unknown", or equal; -0 is 0, as the database has it.
inline bool same_stored(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

inline bool same_stored(std::span<const double> a, std::span<const double> b) {
    if (a.size() != b.size()) {
        return false;
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (!same_stored(a[i], b[i])) {
            return false;
        }
    }
    return true;
}

inline bool same_stored(std::span<const std::byte> a, std::span<const std::byte> b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

template <class T>
bool same_stored(const T& a, const T& b) {
    return a == b;
}

// For people, in sentences about differences.
std::string stored_text(std::int64_t value, Kind kind);
std::string stored_text(const std::optional<std::int64_t>& value, Kind kind);
std::string stored_text(double value, Kind kind);
std::string stored_text(std::string_view value, Kind kind);
std::string stored_text(std::span<const double> value, Kind kind);
std::string stored_text(std::span<const std::byte> value, Kind kind);

}  // namespace paperd::storage
