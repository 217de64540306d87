#include "tests/support/tables.h"

#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "storage/database.h"

namespace paperd::support {
namespace {

struct Compared {
    std::string name;
    std::string columns;
    std::string slice;  // the column, or expression, that tells the slice; empty: not of a slice
};

// All but process_starts (who ran when) and incidents outside a slice.
std::vector<Compared> tables(bool complete) {
    const std::string order_columns =
        complete ? "*"
                 : "order_id, decision_id, decided_at_ns, decided_day, decision_price_e8, type, "
                   "time_in_force, quantity_e8, limit_price_e8, stop_price_e8";
    std::vector<Compared> all = {
        {"models", "*", ""},
        {"instruments", "*", ""},
        {"slices", "*", "slice_id"},
        {"bars", "*", "slice_id"},
        {"decisions", "*", "slice_id"},
        {"warmup_predictions", "*", "slice_id"},
        {"model_outputs", "*", "slice_id"},
        {"risk_adjustments", "*", "slice_id"},
        {"orders", order_columns, "decision_slice_id"},
        {"fills", "*", "slice_id"},
        {"ledger", "*", "slice_id"},
        {"positions", "*", "slice_id"},
        {"equity", "*", "slice_id"},
        {"corporate_actions", "*", "slice_id"},
        {"commands", "*", "slice_id"},
        {"incidents", "slice_id, at_ns, severity, kind, symbol_id, text", "slice_id"},
    };
    if (complete) {
        all.push_back({"runs", "run_key, complete, final_slice_id, final_state_hash", ""});
        all.push_back({"checkpoints", "*", "slice_id"});
    }
    return all;
}

}  // namespace

std::string differing_tables(const std::string& a, const std::string& b, std::int64_t last_slice) {
    auto db = storage::Database::open(a, storage::OpenMode::read_write, 5000);
    if (db.has_error()) {
        return db.error().text;
    }
    if (auto attached = db->execute("ATTACH '" + b + "' AS other"); attached.has_error()) {
        return attached.error().text;
    }
    std::string text;
    for (const Compared& table : tables(last_slice == kEverySlice)) {
        const std::string where =
            table.slice.empty() ? "" : fmt::format(" WHERE {} <= {}", table.slice, last_slice);
        const auto rows = [&](const char* schema) {
            return fmt::format("SELECT {} FROM {}.{}{}", table.columns, schema, table.name, where);
        };
        const auto count = [&](const std::string& sql) -> std::int64_t {
            auto found = db->integer("SELECT count(*) FROM (" + sql + ")");
            EXPECT_FALSE(found.has_error()) << found.error().text;
            return found.has_error() ? -1 : *found;
        };
        const std::int64_t here = count(rows("main"));
        const std::int64_t there = count(rows("other"));
        const std::int64_t only_here = count(rows("main") + " EXCEPT " + rows("other"));
        if (here != there || only_here != 0) {
            text += fmt::format("{}: {} and {} rows, {} only in the first\n", table.name, here,
                                there, only_here);
        }
        if (table.name == "decisions" && here == 0 && last_slice == kEverySlice) {
            text += "no decisions at all\n";
        }
    }
    return text;
}

std::int64_t row_count(const std::string& db_path, const std::string& table) {
    auto db = storage::Database::open(db_path, storage::OpenMode::read_only, 5000);
    if (db.has_error()) {
        ADD_FAILURE() << db.error().text;
        return -1;
    }
    auto count = db->integer("SELECT count(*) FROM " + table);
    EXPECT_FALSE(count.has_error()) << (count.has_error() ? count.error().text : "");
    return count.has_error() ? -1 : *count;
}

}  // namespace paperd::support
