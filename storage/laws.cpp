#include "storage/laws.h"

#include <map>
#include <utility>

#include "execution/types/order.h"
#include "execution/types/reason.h"
#include "storage/account_laws.h"
#include "storage/cursor.h"
#include "storage/keys.h"
#include "storage/known_numbers.h"
#include "storage/violations.h"
#include "storage/wide.h"

namespace paperd::storage {
namespace {

Result<void> check_integrity(Database& database, std::size_t most, Violations& violations) {
    Cursor rows(database, "PRAGMA integrity_check(" + std::to_string(most) + ")");
    for (; rows.live(); rows.next()) {
        if (rows.text(0) != "ok") {
            violations.add("the file is damaged: " + rows.text(0));
        }
    }
    return rows.ended();
}

// One sentence a pair of tables: a missing slice leaves rows without parent by the hundred.
Result<void> check_foreign_keys(Database& database, Violations& violations) {
    struct Orphans {
        std::string first;
        std::int64_t count = 0;
    };

    std::map<std::pair<std::string, std::string>, Orphans> found;  // by table and parent
    Cursor rows(database, "PRAGMA foreign_key_check");
    for (; rows.live(); rows.next()) {
        Orphans& orphans = found[{rows.text(0), rows.text(2)}];
        if (orphans.count++ == 0) {
            orphans.first = rows.text(1);
        }
    }
    for (const auto& [tables, orphans] : found) {
        violations.add(tables.first + " row " + orphans.first +
                       (orphans.count == 1
                            ? std::string(" refers")
                            : " and " + std::to_string(orphans.count - 1) + " more refer") +
                       " to a row of " + tables.second + " that is not there");
    }
    return rows.ended();
}

Result<void> check_run(Database& database, Violations& violations) {
    const Cursor run(database,
                     "SELECT complete, final_slice_id, final_state_hash, slice_id, state_hash "
                     "FROM runs LEFT JOIN (SELECT slice_id, state_hash FROM slices "
                     "ORDER BY slice_id DESC LIMIT 1)");
    if (run.live() && run.integer(0) != 0 &&
        (run.integer(1) != run.integer(3) || run.integer(2) != run.integer(4))) {
        violations.add("the run ended with slice " + std::to_string(run.integer(1)) +
                       ", and the last slice stored is " + std::to_string(run.integer(3)) +
                       " or has another state hash");
    }
    if (run.live() && run.integer(0) == 0 && !(run.is_null(1) && run.is_null(2))) {
        violations.add("the run is not complete, and has a last slice all the same");
    }
    TRY(run.ended());
    TRY_LET(const auto checkpoints, database.integer("SELECT count(*) FROM checkpoints"));
    if (checkpoints > 2) {
        violations.add(std::to_string(checkpoints) + " checkpoints are stored; two are kept");
    }
    TRY_LET(const auto misplaced,
            database.integer("SELECT count(*) FROM models WHERE model_id < 0 OR "
                             "model_id >= (SELECT count(*) FROM models)"));
    if (misplaced > 0) {
        violations.add("the models are not numbered 0, 1, ... without gaps");
    }
    return {};
}

// What a column repeats of another row. Each query gives the keys that break its rule.
Result<void> check_repeated(Database& database, Violations& violations) {
    struct Rule {
        const char* sql;
        const char* broken;  // follows the key
    };

    static constexpr Rule kRules[] = {
        {"SELECT bar_id FROM bars JOIN slices USING (slice_id) "
         "WHERE flags NOT BETWEEN 0 AND 3 OR flags >> 1 <> warmup",
         "of bars has flags that are not its slice's"},
        {"SELECT bar_id FROM bars WHERE (known_at_ns IS NULL) <> (revision = 0)",
         "of bars: a bar is known with its slice, a later revision at a time of its own"},
        {"SELECT decision_id FROM decisions d WHERE (bar_revision IS NOT 0) = "
         "EXISTS (SELECT 1 FROM bars b WHERE b.bar_id = (d.slice_id << 24) | (d.symbol_id << 8))",
         "of decisions names a bar that its slice does not have, or none where it has one"},
        {"SELECT incident_id FROM incidents JOIN slices USING (slice_id) "
         "WHERE at_ns <> closed_at_ns",
         "of incidents is not of its slice's time"},
        {"SELECT slice_id FROM slices WHERE known_at_ns < closed_at_ns",
         "of slices was known before it closed"},
        {"SELECT slice_id FROM slices WHERE opened_at_ns > closed_at_ns",
         "of slices opened after it closed"},
        {"SELECT fill_id FROM fills JOIN slices USING (slice_id) "
         "WHERE at_ns NOT IN (opened_at_ns, closed_at_ns)",
         "of fills is neither of its slice's open nor of its close"},
        {"SELECT max(entry_id) FROM ledger GROUP BY slice_id "
         "HAVING max(entry_id & 16777215) + 1 <> count(*)",
         "of the ledger is not the last place of its slice"},
        {"SELECT max(output_id) FROM model_outputs GROUP BY slice_id "
         "HAVING max(output_id & 16777215) + 1 <> count(*)",
         "of model_outputs is not the last place of its slice"},
        {"SELECT max(adjustment_id) FROM risk_adjustments GROUP BY slice_id "
         "HAVING max(adjustment_id & 16777215) + 1 <> count(*)",
         "of risk_adjustments is not the last place of its slice"},
        {"SELECT max(split_id) FROM splits GROUP BY slice_id "
         "HAVING max(split_id & 16777215) + 1 <> count(*)",
         "of splits is not the last place of its slice"},
        {"SELECT max(action_id) FROM corporate_actions GROUP BY slice_id "
         "HAVING max(action_id & 16777215) + 1 <> count(*)",
         "of corporate_actions is not the last place of its slice"},
    };
    for (const Rule& rule : kRules) {
        Cursor row(database, rule.sql);
        for (; row.live() && !violations.full(); row.next()) {
            violations.add("row " + row.text(0) + " " + rule.broken);
        }
        TRY(row.ended());
    }
    return {};
}

// The numbers of reasons and their names are public; a later version only adds to them.
Result<void> check_reasons(Database& database, Violations& violations) {
    Cursor row(database, "SELECT reason_id, name FROM reasons ORDER BY reason_id");
    for (const ReasonText& reason : kReasons) {
        const auto id = static_cast<std::int64_t>(reason.reason);
        if (row.live() && row.integer(0) == id && row.text(1) == reason.name) {
            row.next();
        } else {
            violations.add("reason " + std::to_string(id) + " is not stored as '" +
                           std::string(reason.name) + "'");
            break;
        }
    }
    return row.ended();
}

struct OrderRow {
    std::int64_t id = 0;
    std::int64_t quantity = 0;
    std::int64_t filled = 0;
    OrderState state = OrderState::working;
    bool decided_at_close = true;
    Wide fills = 0;  // their sum
};

void check_order(const OrderRow& row, std::int64_t id_before, Violations& violations) {
    const std::string order = "order " + std::to_string(row.id) + " ";
    if (row.id != id_before + 1) {
        violations.add(order + "follows order " + std::to_string(id_before) +
                       ": orders are missing");
    }
    if (row.filled != row.fills) {
        violations.add(order + "says that " + wide_text(row.filled) +
                       " is filled, and its fills sum to " + wide_text(row.fills));
    }
    const bool within = row.quantity > 0 ? row.filled >= 0 && row.filled <= row.quantity
                                         : row.filled <= 0 && row.filled >= row.quantity;
    if (row.quantity == 0 || !within) {
        violations.add(order + "of " + wide_text(row.quantity) + " is filled with " +
                       wide_text(row.filled));
    }
    const bool is_filled = row.state == OrderState::filled;
    if (is_filled != (row.filled == row.quantity)) {
        violations.add(order + (is_filled ? "is in the state filled and is not"
                                          : "is wholly filled and in another state"));
    }
    if (!row.decided_at_close) {
        violations.add(order + "was not decided at the close of its decision's slice");
    }
}

Result<void> check_orders(Database& database, Violations& violations) {
    Cursor rows(database,
                "SELECT o.order_id, o.quantity_e8, o.filled_e8, o.state, "
                "coalesce(o.decided_at_ns = s.closed_at_ns, 1), coalesce(f.quantity_e8, 0) "
                "FROM orders o LEFT JOIN slices s ON s.slice_id = o.decision_slice_id "
                "LEFT JOIN fills f ON f.order_id = o.order_id ORDER BY o.order_id");
    std::int64_t before = 0;
    while (rows.live() && !violations.full()) {
        OrderRow order{.id = rows.integer(0),
                       .quantity = rows.integer(1),
                       .filled = rows.integer(2),
                       .state = static_cast<OrderState>(rows.integer(3)),
                       .decided_at_close = rows.integer(4) != 0};
        for (; rows.live() && rows.integer(0) == order.id; rows.next()) {
            order.fills += rows.integer(5);
        }
        check_order(order, before, violations);
        before = order.id;
    }
    return rows.ended();
}

}  // namespace

Result<std::vector<std::string>> find_violations(Database& database, const RunHeader& run,
                                                 std::size_t most) {
    Violations violations(most);
    TRY(check_integrity(database, most, violations));
    if (!violations.none()) {
        return violations.take();
    }
    for (const auto check : {check_foreign_keys, find_unknown_numbers, check_run, check_repeated,
                             check_reasons, check_orders}) {
        TRY(check(database, violations));
    }
    TRY(check_account_laws(database, run, violations));
    return violations.take();
}

}  // namespace paperd::storage
