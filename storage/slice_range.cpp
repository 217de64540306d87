#include "storage/slice_range.h"

#include "execution/types/timestamp.h"
#include "storage/cursor.h"

namespace paperd::storage {
namespace {

struct Bound {
    std::string column;
    std::int64_t value;
};

Result<Bound> parse_bound(const std::string& text) {
    if (text.size() == 10) {
        const auto day = parse_day(text);
        if (day.has_error()) {
            return fail(day.error().text, ErrorKind::usage);
        }
        return Bound{"day", day_number(*day)};
    }
    const auto time = parse_timestamp(text);
    if (time.has_error()) {
        return fail("'" + text +
                        "' is neither a day nor a UTC time; write 2019-12-23 or "
                        "2019-12-23T14:30:00Z",
                    ErrorKind::usage);
    }
    return Bound{"closed_at_ns", to_ns(*time)};
}

// A day beside a time: the two dates decide.
bool is_after(const Bound& from, const std::string& from_text, const Bound& to,
              const std::string& to_text) {
    return from.column == to.column ? from.value > to.value
                                    : from_text.substr(0, 10) > to_text.substr(0, 10);
}

}  // namespace

Result<SliceRange> slice_range(Database& database, const std::string& from, const std::string& to) {
    SliceRange range;
    TRY_LET(const auto newest, database.integer("SELECT max(slice_id) FROM slices"));
    range.last = newest;
    if (!from.empty() && !to.empty()) {
        TRY_LET(const auto first, parse_bound(from));
        TRY_LET(const auto last, parse_bound(to));
        if (is_after(first, from, last, to)) {
            return fail("--from " + from + " is after --to " + to + "; exchange them",
                        ErrorKind::usage);
        }
    }
    // Days and times ascend with the ids, so both searches stop at the first row that fits.
    if (!from.empty()) {
        TRY_LET(const auto bound, parse_bound(from));
        TRY_LET(const auto first,
                database.integer("SELECT slice_id FROM slices WHERE " + bound.column + " >= " +
                                     std::to_string(bound.value) + " ORDER BY slice_id LIMIT 1",
                                 newest + 1));
        range.first = first;
    }
    if (!to.empty()) {
        TRY_LET(const auto bound, parse_bound(to));
        TRY_LET(const auto last,
                database.integer("SELECT slice_id FROM slices WHERE " + bound.column + " <= " +
                                 std::to_string(bound.value) + " ORDER BY slice_id DESC LIMIT 1"));
        range.last = last;
    }
    return range;
}

Result<std::int64_t> symbol_id_of(Database& database, const std::string& symbol) {
    if (symbol.empty()) {
        return -1;
    }
    const Cursor row(database, "SELECT symbol_id FROM instruments WHERE symbol = ?", {symbol});
    TRY(row.ended());
    if (row.live()) {
        return row.integer(0);
    }
    TRY_LET(
        const auto some,
        database.text(
            "SELECT group_concat(symbol, ', ') FROM (SELECT symbol FROM instruments LIMIT 10)"));
    return fail(database.path() + ": this run has no symbol '" + symbol + "'; it has " + some,
                ErrorKind::usage);
}

}  // namespace paperd::storage
