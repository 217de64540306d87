#include "storage/explain.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "execution/types/order.h"
#include "execution/types/step.h"
#include "storage/cursor.h"
#include "storage/keys.h"
#include "storage/number_text.h"
#include "storage/reading.h"
#include "storage/slice_range.h"

namespace paperd::storage {
namespace {

constexpr std::size_t kLabelWidth = 12;
constexpr std::size_t kTrainedShown = 12;  // symbols

class Story {
public:
    Story(Database& database, const RunHeader& run, std::ostream& out)
        : database_(database), run_(run), out_(out) {}

    Result<void> tell_fill(std::int64_t fill_id);
    Result<void> tell_decision(std::int64_t decision_id);

private:
    void line(std::string_view label, const std::string& text) {
        out_ << "  " << label << std::string(kLabelWidth - std::min(label.size(), kLabelWidth), ' ')
             << text << '\n';
    }

    [[nodiscard]] std::string name(SymbolId symbol) const {
        return index(symbol) < run_.symbols.size() ? run_.symbols[index(symbol)] : "?";
    }

    // The query's first row, of one id; an error where there is none.
    Result<Cursor> row_of(const char* sql, std::int64_t id, const std::string& what);

    Result<void> tell_orders_of(std::int64_t decision_id);
    Result<void> tell_order(std::int64_t order_id);
    Result<void> tell_fills_of(std::int64_t order_id);
    Result<void> tell_chain(std::int64_t decision_id);
    Result<void> tell_risk(std::int64_t decision_id);
    Result<void> tell_bar(std::string_view label, std::int64_t bar_id);
    Result<void> tell_position(std::int64_t decision_id);
    Result<void> tell_model(bool in_sample, const std::string& symbol);

    Database& database_;
    const RunHeader& run_;
    std::ostream& out_;
};

std::string scaled(const Cursor& row, int column) {
    return paperd::scaled_text(row.integer(column));
}

std::string magnitude(const Cursor& row, int column) {
    const std::string text = scaled(row, column);
    return text.starts_with('-') ? text.substr(1) : text;
}

std::string time_at(const Cursor& row, int column) {
    return timestamp_text(from_ns(row.integer(column)));
}

// Eight decimals at most: for people, who find all seventeen digits in `paperd decisions`.
std::string brief(double value) {
    std::string text = real_text(value, kDecimals);
    if (text.find('.') != std::string::npos) {
        text.erase(text.find_last_not_of('0') + 1);
        if (text.back() == '.') {
            text.pop_back();
        }
    }
    return text;
}

// A fraction as "1.25 bp", to a hundredth.
std::string basis_points(const Cursor& row, int column) {
    return brief(std::round(row.real(column) * 1e6) / 100) + " bp";
}

std::string known(double value) { return std::isnan(value) ? "unknown" : brief(value); }

Result<Cursor> Story::row_of(const char* sql, std::int64_t id, const std::string& what) {
    Cursor row(database_, sql, {id});
    TRY(row.ended());
    if (!row.live()) {
        return fail(database_.path() + ": there is no " + what, ErrorKind::usage);
    }
    return row;
}

Result<void> Story::tell_fill(std::int64_t fill_id) {
    TRY_LET(const auto row,
            row_of("SELECT f.quantity_e8, f.symbol_id, f.price_e8, s.closed_at_ns, f.slice_id, "
                   "f.reference_price_e8, f.delay_cost_e8, f.spread_cost_e8, f.slippage_cost_e8, "
                   "f.impact_cost_e8, f.commission_e8, f.participation, f.bar_id, f.order_id, "
                   "f.decision_id, "
                   "2e8 * f.spread_cost_e8 / (1.0 * abs(f.quantity_e8) * f.reference_price_e8), "
                   "f.spread_corwin_schultz, f.spread_abdi_ranaldo "
                   "FROM fills f JOIN slices s ON s.slice_id = f.slice_id WHERE f.fill_id = ?",
                   fill_id, "fill " + std::to_string(fill_id) + "; 'paperd trades' lists them"));
    const SymbolId symbol = symbol_id(static_cast<std::size_t>(row.integer(1)));
    out_ << "Fill " << fill_id << ": " << (row.integer(0) > 0 ? "bought " : "sold ")
         << magnitude(row, 0) << ' ' << name(symbol) << " at " << scaled(row, 2) << ' '
         << run_.currency << " on " << time_at(row, 3) << " (slice " << row.integer(4) << ")\n\n";
    line("price", "reference " + scaled(row, 5) + ", all in " + scaled(row, 2) + "; " +
                      brief(row.real(11) * 100) + " % of the bar's volume");
    line("costs", "spread " + scaled(row, 7) + ", slippage " + scaled(row, 8) + ", impact " +
                      scaled(row, 9) + ", commission " + scaled(row, 10) + " " + run_.currency +
                      "; delay since the decision " + scaled(row, 6));
    line("spread", "charged " + basis_points(row, 15) +
                       " in full; estimated, not charged: Corwin-Schultz " + basis_points(row, 16) +
                       ", Abdi-Ranaldo " + basis_points(row, 17));
    TRY(tell_bar("filled on", row.integer(12)));
    TRY(tell_order(row.integer(13)));
    return tell_chain(row.integer(14));
}

Result<void> Story::tell_decision(std::int64_t decision_id) {
    TRY_LET(const auto row,
            row_of("SELECT s.closed_at_ns, r.name, r.text, "
                   "EXISTS (SELECT 1 FROM orders o WHERE o.decision_id = d.decision_id) "
                   "FROM decisions d JOIN slices s ON s.slice_id = d.decision_id >> 16 "
                   "JOIN reasons r ON r.reason_id = d.reason WHERE d.decision_id = ?",
                   decision_id, "decision " + std::to_string(decision_id)));
    const bool ordered = row.integer(3) != 0;
    out_ << name(symbol_of_symbol_key(decision_id)) << " on " << time_at(row, 0) << " (slice "
         << slice_of_symbol_key(decision_id)
         << "): " << (ordered ? "an order was sent" : "nothing was ordered") << ", " << row.text(1)
         << ". " << row.text(2) << "\n\n";
    if (ordered) {
        TRY(tell_orders_of(decision_id));
    }
    return tell_chain(decision_id);
}

Result<void> Story::tell_orders_of(std::int64_t decision_id) {
    Cursor orders(database_, "SELECT order_id FROM orders WHERE decision_id = ? ORDER BY order_id",
                  {decision_id});
    for (; orders.live(); orders.next()) {
        TRY(tell_order(orders.integer(0)));
        TRY(tell_fills_of(orders.integer(0)));
    }
    return orders.ended();
}

Result<void> Story::tell_order(std::int64_t order_id) {
    TRY_LET(
        const auto row,
        row_of(
            "SELECT o.quantity_e8, o.type, o.time_in_force, o.decided_at_ns, o.decision_price_e8, "
            "o.filled_e8, o.state, r.name, r.text, o.since_ns, o.limit_price_e8, o.stop_price_e8 "
            "FROM orders o JOIN reasons r ON r.reason_id = o.reason WHERE o.order_id = ?",
            order_id, "order " + std::to_string(order_id)));
    std::string prices;
    if (!row.is_null(10)) {
        prices += " limit " + scaled(row, 10);
    }
    if (!row.is_null(11)) {
        prices += " stop " + scaled(row, 11);
    }
    line("order", "number " + std::to_string(order_id) + ": " +
                      (row.integer(0) > 0 ? "buy " : "sell ") + magnitude(row, 0) + ", " +
                      order_type_name(static_cast<OrderType>(row.integer(1))) + prices + ", " +
                      time_in_force_name(static_cast<TimeInForce>(row.integer(2))) +
                      "; decided on " + time_at(row, 3) + " at the close " + scaled(row, 4));
    line("", std::string(order_state_name(static_cast<OrderState>(row.integer(6)))) + " since " +
                 time_at(row, 9) + ", " + magnitude(row, 5) + " of " + magnitude(row, 0) +
                 " filled; " + row.text(7) + ": " + row.text(8));
    return {};
}

Result<void> Story::tell_fills_of(std::int64_t order_id) {
    Cursor fills(database_,
                 "SELECT f.fill_id, f.quantity_e8, f.price_e8, s.closed_at_ns FROM fills f "
                 "JOIN slices s ON s.slice_id = f.slice_id WHERE f.order_id = ? ORDER BY f.fill_id",
                 {order_id});
    for (; fills.live(); fills.next()) {
        line("", "fill " + std::to_string(fills.integer(0)) + ": " + magnitude(fills, 1) + " at " +
                     scaled(fills, 2) + " on " + time_at(fills, 3));
    }
    return fills.ended();
}

// From the decision back to what it rests on.
Result<void> Story::tell_chain(std::int64_t decision_id) {
    TRY_LET(
        const auto row,
        row_of(
            "SELECT d.target_quantity_e8, r.name, r.text, s.closed_at_ns, d.prediction, "
            "d.uncertainty, d.signal_weight, d.approved_weight, d.signal_reason, sr.name, sr.text, "
            "d.bar_id, d.in_sample, s.trading_state, tr.text "
            "FROM decisions d JOIN slices s ON s.slice_id = d.decision_id >> 16 "
            "JOIN reasons r ON r.reason_id = d.reason "
            "JOIN reasons sr ON sr.reason_id = d.signal_reason "
            "JOIN reasons tr ON tr.reason_id = s.trading_reason WHERE d.decision_id = ?",
            decision_id, "decision " + std::to_string(decision_id)));
    line("decision", "number " + std::to_string(decision_id) + " on " + time_at(row, 3) +
                         ": target " + scaled(row, 0) + "; " + row.text(1) + ": " + row.text(2));
    TRY(tell_position(decision_id));
    const auto state = static_cast<TradingState>(row.integer(13));
    if (state != TradingState::active) {
        line("trading", std::string(trading_state_name(state)) + ": " + row.text(14));
    }
    TRY(tell_risk(decision_id));
    const bool has_weight = !row.is_null(6);
    std::string signal = has_weight ? "target weight " + brief(row.real(6)) + " of equity, " +
                                          known(row.real(7)) + " after risk"
                                    : "no opinion, so the position is held";
    if (!row.is_null(4)) {
        signal += "; predicted log return of the next bar " + brief(row.real(4));
    }
    if (!row.is_null(5)) {
        signal += ", uncertainty " + brief(row.real(5));
    }
    line("signal", signal);
    if (row.integer(8) != static_cast<std::int64_t>(Reason::none)) {
        line("", row.text(9) + ": " + row.text(10));
    }
    if (row.is_null(11)) {
        line("bar", "none in this slice");
    } else if (auto r = tell_bar("bar", row.integer(11)); r.has_error()) {
        return r;
    }
    return tell_model(row.integer(12) != 0, name(symbol_of_symbol_key(decision_id)));
}

Result<void> Story::tell_position(std::int64_t decision_id) {
    const Cursor held(
        database_,
        "SELECT quantity_e8, since_ns FROM positions WHERE symbol_id = ? AND position_id <= ? "
        "ORDER BY position_id DESC LIMIT 1",
        {static_cast<std::int64_t>(index(symbol_of_symbol_key(decision_id))), decision_id});
    TRY(held.ended());
    line("held", !held.live() || held.integer(0) == 0
                     ? std::string("nothing at that time")
                     : scaled(held, 0) + " at that time, since " + time_at(held, 1));
    return {};
}

Result<void> Story::tell_risk(std::int64_t decision_id) {
    const std::int64_t slice = slice_of_symbol_key(decision_id);
    Cursor rules(database_,
                 "SELECT r.name, r.text, a.limit_value, a.value_before, a.value_after "
                 "FROM risk_adjustments a JOIN reasons r ON r.reason_id = a.rule "
                 "WHERE a.adjustment_id BETWEEN ? AND ? AND a.decision_id = ? "
                 "ORDER BY a.adjustment_id",
                 {place_key(slice, 0), place_key(slice, kPlaceMax), decision_id});
    bool first = true;
    for (; rules.live(); rules.next()) {
        line(first ? "risk" : "", rules.text(0) + ": " + known(rules.real(3)) + " became " +
                                      known(rules.real(4)) + " (limit " + known(rules.real(2)) +
                                      "). " + rules.text(1));
        first = false;
    }
    TRY(rules.ended());
    if (first) {
        line("risk", "no rule changed the target");
    }
    return {};
}

Result<void> Story::tell_bar(std::string_view label, std::int64_t bar_id) {
    TRY_LET(
        const auto row,
        row_of(
            "SELECT s.closed_at_ns, b.open_e8, b.high_e8, b.low_e8, b.close_e8, b.volume, b.flags, "
            "b.adj_close_e8 FROM bars b JOIN slices s ON s.slice_id = b.bar_id >> 24 "
            "WHERE b.bar_id = ?",
            bar_id, "bar " + std::to_string(bar_id)));
    line(label,
         "the bar that closed on " + time_at(row, 0) + ": open " + scaled(row, 1) + ", high " +
             scaled(row, 2) + ", low " + scaled(row, 3) + ", close " + scaled(row, 4) +
             (row.integer(4) == row.integer(7) ? std::string()
                                               : " (adjusted " + scaled(row, 7) + ")") +
             ", volume " + brief(row.real(5)) + ((row.integer(6) & 1) != 0 ? ", synthetic" : ""));
    return {};
}

Result<void> Story::tell_model(bool in_sample, const std::string& symbol) {
    if (run_.models.empty()) {
        line("model", "none: the strategy works by rule");
        return {};
    }
    line("model", "sha256 " + run_.models.front().sha256 + "; feature set " + run_.feature_set +
                      " (" + hash_text(run_.feature_set_hash) + ")");
    for (std::size_t i = 1; i < run_.models.size(); ++i) {
        line("", "with " + run_.models[i].role + ": sha256 " + run_.models[i].sha256);
    }
    std::vector<std::string> trained;
    Cursor row(database_,
               "SELECT value FROM models, json_each(facts, '$.trained_symbols') "
               "WHERE model_id = 0");
    for (; row.live(); row.next()) {
        trained.push_back(row.text(0));
    }
    TRY(row.ended());
    std::string text;
    for (std::size_t i = 0; i < std::min(trained.size(), kTrainedShown); ++i) {
        text += (i == 0 ? "" : ", ") + trained[i];
    }
    if (trained.size() > kTrainedShown) {
        text += " and " + std::to_string(trained.size() - kTrainedShown) + " more";
    }
    const bool among = std::find(trained.begin(), trained.end(), symbol) != trained.end();
    line("", "trained on " + (text.empty() ? "symbols that it does not name" : text) +
                 (among ? "; " : "; not on ") + symbol + (among ? " is among them" : ""));
    line("", in_sample ? "this day is among its training days: in-sample, no evidence of skill"
                       : "this day is not among its training days");
    return {};
}

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

Result<void> explain(Database& database, const RunHeader& run, std::string_view what,
                     std::ostream& out) {
    Story story(database, run, out);
    const std::size_t at = what.rfind('@');
    if (at != std::string_view::npos && at > 0 && at + 1 < what.size()) {
        TRY_LET(const auto decision, decision_at(database, std::string(what.substr(0, at)),
                                                 std::string(what.substr(at + 1))));
        return story.tell_decision(decision);
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
    return story.tell_fill(std::stoll(std::string(what)));
}

}  // namespace

Result<void> print_explain(const std::string& db_path, std::string_view what, std::ostream& out) {
    return read_in_one_view(db_path, [&](Database& database, const RunHeader& run) {
        return explain(database, run, what, out);
    });
}

}  // namespace paperd::storage
