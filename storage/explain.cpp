#include "storage/explain.h"

#include <algorithm>

#include "storage/cursor.h"
#include "storage/explanation.h"
#include "storage/keys.h"
#include "storage/reading.h"
#include "storage/slice_range.h"

namespace paperd::storage {
namespace {

// The decision of a symbol at or before a time.
Result<std::int64_t> decision_at(Database& database, const std::string& symbol_name,
                                 const std::string& time) {
    TRY_LET(const auto symbol, symbol_id_of(database, symbol_name));
    TRY_LET(const auto range, slice_range(database, "", time));
    const SymbolId id = symbol_id(static_cast<std::size_t>(symbol));
    const Cursor slice(database,
                       "SELECT slice_id FROM slices WHERE slice_id <= ? AND warmup = 0 "
                       "ORDER BY slice_id DESC LIMIT 1",
                       {range.last});
    TRY(slice.ended());
    if (!slice.live()) {
        return fail(database.path() + ": there is no decision on " + symbol_name +
                        " at or before " + time +
                        "; the run begins later (warm-up decides nothing)",
                    ErrorKind::usage);
    }
    return symbol_key(slice.integer(0), id);
}

Result<Explanation> explain(Database& database, const RunHeader& run, std::string_view what) {
    const std::size_t at = what.rfind('@');
    if (at != std::string_view::npos && at > 0 && at + 1 < what.size()) {
        TRY_LET(const auto decision, decision_at(database, std::string(what.substr(0, at)),
                                                 std::string(what.substr(at + 1))));
        return explain_decision(database, run, decision);
    }
    const bool digits =
        !what.empty() && what.size() <= 18 &&
        std::all_of(what.begin(), what.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!digits) {
        return fail("'" + std::string(what) +
                        "' is neither a fill's id nor SYMBOL@TIME; write 123 or AAPL@2019-12-23 or "
                        "AAPL@2019-12-23T14:30:00Z",
                    ErrorKind::usage);
    }
    return explain_fill(database, run, std::stoll(std::string(what)));
}

}  // namespace

Result<void> print_explain(const std::string& db_path, std::string_view what, ExplainFormat format,
                           std::ostream& out) {
    return read_in_one_view(db_path, [&](Database& database, const RunHeader& run) -> Result<void> {
        TRY_LET(const auto explained, explain(database, run, what));
        (format == ExplainFormat::json ? print_json : print_text)(explained, out);
        return {};
    });
}

}  // namespace paperd::storage
