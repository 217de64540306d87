#include "storage/explanation.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "storage/cursor.h"
#include "storage/keys.h"
#include "storage/rows.h"
#include "storage/table_sql.h"

namespace paperd::storage {
namespace {

class Gatherer {
public:
    Gatherer(Database& database, const RunHeader& run) : database_(database), run_(run) {}

    Result<Explanation> fill(std::int64_t fill_id);
    Result<Explanation> decision(std::int64_t decision_id);

private:
    // Rows of a list of storage/rows.h that a condition with one parameter picks, each with its
    // slice.
    template <class Table, class Row>
    Result<void> rows_where(const Table& table, const std::string& condition, std::int64_t id,
                            std::vector<std::pair<Slice, Row>>& rows);

    Result<Slice> slice(std::int64_t id, SliceRow* row = nullptr);
    Result<std::optional<Bar>> bar(std::int64_t slice_id, SymbolId symbol);
    Result<std::vector<ExplainedFill>> fills(const std::string& condition, std::int64_t id);
    Result<std::vector<ExplainedOrder>> orders(const std::string& condition, std::int64_t id,
                                               bool with_fills);
    Result<ExplainedDecision> decided(std::int64_t decision_id);
    Result<void> held(ExplainedDecision& decision);
    Result<Explanation> about(std::int64_t decision_id);
    Result<std::optional<Since>> since(const Explanation& of);

    Database& database_;
    const RunHeader& run_;
};

template <class Table, class Row>
Result<void> Gatherer::rows_where(const Table& table, const std::string& condition, std::int64_t id,
                                  std::vector<std::pair<Slice, Row>>& rows) {
    Cursor cursor(database_,
                  select_rows(table.facts, table.columns()) + " WHERE " + condition + " ORDER BY " +
                      table.facts.key,
                  {id});
    for (; cursor.live(); cursor.next()) {
        Slice of;
        of.id = cursor.integer(0) >> table.facts.shift;
        rows.emplace_back(of, table.get(cursor.row(), kFirstColumn, of));
    }
    return cursor.ended();
}

Result<Slice> Gatherer::slice(std::int64_t id, SliceRow* row) {
    std::vector<std::pair<Slice, SliceRow>> rows;
    TRY(rows_where(kSlices, "slice_id = ?", id, rows));
    if (rows.empty()) {
        return fail(database_.path() + ": there is no slice " + std::to_string(id),
                    ErrorKind::usage);
    }
    Slice found;
    Step step;
    take_slice_row(rows[0].second, found, step);
    if (row != nullptr) {
        *row = rows[0].second;
    }
    return found;
}

Result<std::optional<Bar>> Gatherer::bar(std::int64_t slice_id, SymbolId symbol) {
    TRY_LET(const auto of, slice(slice_id));
    Cursor cursor(database_, select_rows(kBars.facts, kBars.columns()) + " WHERE bar_id = ?",
                  {bar_key(slice_id, symbol)});
    TRY(cursor.ended());
    return cursor.live() ? std::optional(kBars.get(cursor.row(), kFirstColumn, of)) : std::nullopt;
}

Result<std::vector<ExplainedFill>> Gatherer::fills(const std::string& condition, std::int64_t id) {
    std::vector<std::pair<Slice, Fill>> rows;
    TRY(rows_where(kFills, condition, id, rows));
    std::vector<ExplainedFill> found;
    for (const auto& [of, fill] : rows) {
        ExplainedFill one{.fill = fill, .slice_id = of.id};
        TRY_LET(const auto filled_on, bar(of.id, fill.symbol));
        one.bar = filled_on.value_or(Bar{});
        one.spread_charged =
            2 * fill.spread_cost.to_double() / notional(fill.reference_price, abs(fill.quantity));
        found.push_back(one);
    }
    return found;
}

Result<std::vector<ExplainedOrder>> Gatherer::orders(const std::string& condition, std::int64_t id,
                                                     bool with_fills) {
    std::vector<std::pair<Slice, Order>> rows;
    TRY(rows_where(kOrders, condition, id, rows));
    std::vector<ExplainedOrder> found;
    for (const auto& [of, order] : rows) {
        found.push_back({order, {}});
        if (with_fills) {
            TRY_LET(found.back().fills, fills("order_id = ?", order.id));
        }
    }
    return found;
}

Result<void> Gatherer::held(ExplainedDecision& decision) {
    std::vector<std::pair<Slice, PositionChange>> rows;
    const std::string of_symbol =
        "symbol_id = " + std::to_string(index(decision.decision.symbol)) +
        " AND position_id = (SELECT max(position_id) FROM positions WHERE symbol_id = " +
        std::to_string(index(decision.decision.symbol)) + " AND position_id <= ?)";
    TRY(rows_where(kPositions, of_symbol, decision.id, rows));
    if (!rows.empty()) {
        decision.held = rows[0].second.position.quantity;
        decision.held_since = rows[0].second.position.since;
    }
    return {};
}

// How many round trips an edge has to pay. The stored config has every key, each on a line.
double edge_to_cost_min(const std::string& config_text) {
    constexpr std::string_view kKey = "\n  edge_to_cost_min: ";
    double value = 1;
    if (const std::size_t at = config_text.find(kKey); at != std::string::npos) {
        const char* const begin = config_text.data() + at + kKey.size();
        std::from_chars(begin, config_text.data() + config_text.size(), value);
    }
    return value;
}

// What the binding reason was judged by and missed, where that is known.
std::optional<Shortfall> shortfall(const ExplainedDecision& of, const RunHeader& run) {
    const DecisionNumbers& numbers = of.decision.numbers;
    const auto missed = [&](const char* what, double value, double needed, std::string unit = {}) {
        return std::isnan(value) || std::isnan(needed)
                   ? std::nullopt
                   : std::optional<Shortfall>({what, value, needed, std::move(unit)});
    };
    using enum DecisionNumber;
    switch (of.decision.reason) {
        case Reason::signal_gated:
            return missed("|smoothed prediction|", std::abs(numbers.get(smoothed)),
                          numbers.get(gate_threshold));
        case Reason::regime_off: {
            if (numbers.get(regime_pause) > 0) {
                return std::nullopt;  // no number failed: it waits
            }
            // Written so that an unknown one is not what failed.
            if (numbers.get(trend) < numbers.get(trend_floor)) {
                return missed("trend", numbers.get(trend), numbers.get(trend_floor));
            }
            return missed("volatility ratio", numbers.get(vol_ratio), numbers.get(vol_ratio_max));
        }
        case Reason::edge_below_cost:
            return missed("edge", numbers.get(edge),
                          edge_to_cost_min(run.config_text) * numbers.get(round_trip),
                          "log return");
        case Reason::below_band:
            return missed("|wanted change|", std::abs(numbers.get(wanted_change)),
                          numbers.get(band), run.currency);
        default:
            break;
    }
    for (const RiskAdjustment& adjustment : of.adjustments) {
        if (adjustment.rule == of.decision.reason) {
            return missed(reason_text(adjustment.rule).name.data(), adjustment.before,
                          adjustment.limit, std::string(rule_unit(adjustment.rule)));
        }
    }
    return std::nullopt;
}

Result<ExplainedDecision> Gatherer::decided(std::int64_t decision_id) {
    std::vector<std::pair<Slice, Decision>> rows;
    TRY(rows_where(kDecisions, "decision_id = ?", decision_id, rows));
    if (rows.empty()) {
        return fail(database_.path() + ": there is no decision " + std::to_string(decision_id),
                    ErrorKind::usage);
    }
    ExplainedDecision found;
    found.id = decision_id;
    found.slice_id = slice_of_symbol_key(decision_id);
    found.decision = rows[0].second;
    found.decision.symbol = symbol_of_symbol_key(decision_id);
    SliceRow row;
    TRY_LET(const auto of, slice(found.slice_id, &row));
    found.at = of.closed_at;
    found.trading_state = row.trading_state;
    found.trading_reason = row.trading_reason;
    TRY_LET(found.bar, bar(found.slice_id, found.decision.symbol));
    TRY(held(found));
    std::vector<std::pair<Slice, RiskAdjustment>> rules;
    TRY(rows_where(kRiskAdjustments,
                   "adjustment_id BETWEEN " + std::to_string(place_key(found.slice_id, 0)) +
                       " AND " + std::to_string(place_key(found.slice_id, kPlaceMax)) +
                       " AND decision_id = ?",
                   decision_id, rules));
    for (auto& [ignored, rule] : rules) {
        found.adjustments.push_back(rule);
    }
    found.shortfall = shortfall(found, run_);
    return found;
}

Result<Explanation> Gatherer::about(std::int64_t decision_id) {
    Explanation of;
    TRY_LET(of.decision, decided(decision_id));
    const std::size_t symbol = index(of.decision.decision.symbol);
    of.symbol = symbol < run_.symbols.size() ? run_.symbols[symbol] : "?";
    of.currency = run_.currency;
    of.feature_set = run_.feature_set;
    of.feature_set_hash = run_.feature_set_hash;
    for (const auto& model : run_.models) {
        of.models.push_back({model.role, model.sha256});
    }
    Cursor trained(database_,
                   "SELECT value FROM models, json_each(facts, '$.trained_symbols') "
                   "WHERE model_id = 0");
    for (; trained.live(); trained.next()) {
        of.trained_symbols.push_back(trained.text(0));
    }
    TRY(trained.ended());
    return of;
}

Result<std::optional<Since>> Gatherer::since(const Explanation& of) {
    const ExplainedDecision& decision = of.decision;
    Cursor newest(database_,
                  "SELECT close_e8, closed_at_ns FROM bars JOIN slices USING (slice_id) "
                  "WHERE symbol_id = ? AND revision = 0 AND flags & 1 = 0 "
                  "ORDER BY bar_id DESC LIMIT 1",
                  {static_cast<std::int64_t>(index(decision.decision.symbol))});
    TRY(newest.ended());
    const Price from = of.fill ? of.fill->fill.price : decision.bar ? decision.bar->close : Price{};
    if (!newest.live() || from.raw() == 0) {
        return std::optional<Since>();
    }
    Since found;
    found.mark = Price::from_raw(newest.integer(0));
    found.marked_at = from_ns(newest.integer(1));
    if (!of.fill && found.marked_at <= decision.at) {
        return std::optional<Since>();  // nothing came since
    }
    const std::int64_t since_slice = of.fill ? of.fill->slice_id : decision.slice_id;
    Cursor action(database_,
                  "SELECT kind, day FROM corporate_actions JOIN slices USING (slice_id) "
                  "WHERE symbol_id = ? AND kind IN (2, 3, 4) AND slice_id > ? "
                  "ORDER BY action_id LIMIT 1",
                  {static_cast<std::int64_t>(index(decision.decision.symbol)), since_slice});
    TRY(action.ended());
    if (action.live()) {
        found.interrupted_by = static_cast<CorporateActionKind>(action.integer(0));
        found.interrupted_on = day_from_number(static_cast<std::int32_t>(action.integer(1)));
        return std::optional(found);
    }
    found.price_change = found.mark.to_double() / from.to_double() - 1;
    const auto made = [&](const Fill& fill) {
        return notional(found.mark, fill.quantity) - notional(fill.price, fill.quantity) -
               fill.commission.to_double();
    };
    if (of.fill) {
        found.made = made(of.fill->fill);
    } else {
        for (const ExplainedOrder& order : of.orders) {
            for (const ExplainedFill& fill : order.fills) {
                found.made = (std::isnan(found.made) ? 0 : found.made) + made(fill.fill);
            }
        }
        if (!of.ordered()) {
            found.forgone =
                decision.decision.numbers.get(DecisionNumber::wanted_change) * found.price_change;
        }
    }
    return std::optional(found);
}

Result<Explanation> Gatherer::fill(std::int64_t fill_id) {
    TRY_LET(auto found, fills("fill_id = ?", fill_id));
    if (found.empty()) {
        return fail(database_.path() + ": there is no fill " + std::to_string(fill_id) +
                        "; 'paperd trades' lists them",
                    ErrorKind::usage);
    }
    const Fill& filled = found[0].fill;
    TRY_LET(auto of, about(symbol_key(filled.decision_slice, filled.symbol)));
    of.fill = found[0];
    TRY_LET(of.orders, orders("order_id = ?", filled.order, false));
    TRY_LET(of.since, since(of));
    return of;
}

Result<Explanation> Gatherer::decision(std::int64_t decision_id) {
    TRY_LET(auto of, about(decision_id));
    TRY_LET(of.orders, orders("decision_id = ?", decision_id, true));
    TRY_LET(of.since, since(of));
    return of;
}

}  // namespace

std::string_view rule_unit(Reason rule) {
    switch (rule) {
        case Reason::position_fraction:
        case Reason::gross_leverage:
        case Reason::net_leverage:
        case Reason::gross_before_var_known:
            return "of equity";
        case Reason::position_notional:
        case Reason::below_band:
        case Reason::below_lot:
            return "of the account's currency";
        case Reason::edge_below_cost:
            return "log return";
        case Reason::var_historical_95:
        case Reason::var_historical_99:
        case Reason::es_historical_95:
        case Reason::es_historical_99:
        case Reason::var_ewma_95:
        case Reason::var_ewma_99:
        case Reason::es_ewma_95:
        case Reason::es_ewma_99:
            return "of equity lost in a bar";
        case Reason::turnover_day:
            return "x the equity at the day's start";
        case Reason::order_to_volume:
            return "x a bar's median volume";
        case Reason::price_collar:
            return "of the close before";
        case Reason::stale_data:
            return "bars old";
        default:
            return {};
    }
}

Result<Explanation> explain_fill(Database& database, const RunHeader& run, std::int64_t fill_id) {
    return Gatherer(database, run).fill(fill_id);
}

Result<Explanation> explain_decision(Database& database, const RunHeader& run,
                                     std::int64_t decision_id) {
    return Gatherer(database, run).decision(decision_id);
}

}  // namespace paperd::storage
