// An explanation as one JSON object: what explain_text.cpp says, with every digit. What is not
// known, or was not asked, is null or left out.
#include <functional>
#include <string>

#include "execution/types/json_text.h"
#include "storage/explanation.h"
#include "storage/number_text.h"

namespace paperd::storage {
namespace {

// {"...": ...} as `fill` writes it.
std::string object(const std::function<void(JsonObject&)>& fill) {
    std::string text;
    JsonObject json(text);
    fill(json);
    json.close();
    return text;
}

template <class Rows, class One>
std::string list(const Rows& rows, const One& one) {
    std::string text = "[";
    for (const auto& row : rows) {
        text += (text.size() > 1 ? "," : "") + one(row);
    }
    return text + "]";
}

template <class Tag>
std::string decimal(Fixed<Tag> value) {
    return value.text();
}

std::string or_null(const std::optional<std::string>& json) { return json.value_or("null"); }

std::string bar_json(const Bar& bar) {
    return object([&](JsonObject& json) {
        json.field("closed_at", timestamp_text(bar.closed_at))
            .raw("open", decimal(bar.open))
            .raw("high", decimal(bar.high))
            .raw("low", decimal(bar.low))
            .raw("close", decimal(bar.close))
            .raw("adj_close", decimal(bar.adj_close))
            .field("volume", bar.volume)
            .field("synthetic", bar.synthetic);
    });
}

std::string fill_json(const ExplainedFill& told) {
    return object([&](JsonObject& json) {
        const Fill& fill = told.fill;
        json.field("fill_id", fill.id)
            .field("order_id", fill.order)
            .field("slice_id", told.slice_id)
            .field("time", timestamp_text(fill.at))
            .field("side", fill.quantity.raw() > 0 ? "buy" : "sell")
            .raw("quantity", decimal(abs(fill.quantity)))
            .raw("price", decimal(fill.price))
            .raw("reference_price", decimal(fill.reference_price))
            .raw("delay_cost", decimal(fill.delay_cost))
            .raw("spread_cost", decimal(fill.spread_cost))
            .raw("slippage_cost", decimal(fill.slippage_cost))
            .raw("impact_cost", decimal(fill.impact_cost))
            .raw("commission", decimal(fill.commission))
            .field("participation", fill.participation)
            .field("spread_charged", told.spread_charged)
            .field("spread_corwin_schultz", fill.spread_corwin_schultz)
            .field("spread_abdi_ranaldo", fill.spread_abdi_ranaldo)
            .raw("bar", bar_json(told.bar));
    });
}

void put_reason(JsonObject& json, Reason reason) {
    json.field("reason", reason_text(reason).name).field("because", reason_text(reason).text);
}

std::string order_json(const ExplainedOrder& told) {
    return object([&](JsonObject& json) {
        const Order& order = told.order;
        const auto price = [](const std::optional<Price>& limit) {
            return or_null(limit ? std::optional(decimal(*limit)) : std::nullopt);
        };
        json.field("order_id", order.id)
            .field("time", timestamp_text(order.decided_at))
            .field("side", order.quantity.raw() > 0 ? "buy" : "sell")
            .field("type", order_type_name(order.type))
            .field("time_in_force", time_in_force_name(order.time_in_force))
            .raw("quantity", decimal(abs(order.quantity)))
            .raw("filled", decimal(abs(order.filled)))
            .raw("limit_price", price(order.limit_price))
            .raw("stop_price", price(order.stop_price))
            .raw("decision_price", decimal(order.decision_price))
            .field("state", order_state_name(order.state))
            .field("since", timestamp_text(order.since));
        put_reason(json, order.reason);
        json.raw("fills", list(told.fills, fill_json));
    });
}

std::string rule_json(const RiskAdjustment& rule) {
    return object([&](JsonObject& json) {
        json.field("rule", reason_text(rule.rule).name)
            .field("because", reason_text(rule.rule).text)
            .field("limit", rule.limit)
            .field("before", rule.before)
            .field("after", rule.after)
            .field("unit", rule_unit(rule.rule));
    });
}

std::string numbers_json(const DecisionNumbers& numbers) {
    return object([&](JsonObject& json) {
        for (std::size_t i = 0; i < kDecisionNumberTexts.size(); ++i) {
            const auto number = static_cast<DecisionNumber>(i);
            if (numbers.has(number)) {
                json.field(kDecisionNumberTexts[i].name, numbers.get(number));
            }
        }
    });
}

std::string shortfall_json(const Shortfall& missed) {
    return object([&](JsonObject& json) {
        json.field("what", missed.what)
            .field("value", missed.value)
            .field("needed", missed.needed)
            .field("unit", missed.unit);
    });
}

std::string decision_json(const Explanation& of) {
    return object([&](JsonObject& json) {
        const ExplainedDecision& told = of.decision;
        const Signal& signal = told.decision.signal;
        json.field("decision_id", told.id)
            .field("slice_id", told.slice_id)
            .field("time", timestamp_text(told.at))
            .field("ordered", of.ordered());
        put_reason(json, of.reason());
        json.raw("target_quantity", decimal(told.decision.target_quantity))
            .raw("held", decimal(told.held))
            .raw("held_since",
                 or_null(told.held.raw() == 0
                             ? std::nullopt
                             : std::optional('"' + timestamp_text(told.held_since) + '"')))
            .field("trading_state", trading_state_name(told.trading_state))
            .field("trading_because", reason_text(told.trading_reason).text)
            .field("prediction", signal.prediction)
            .field("uncertainty", signal.uncertainty)
            .field("signal_weight", signal.weight)
            .field("approved_weight", told.decision.approved_weight)
            .field("signal_reason", reason_text(signal.reason).name)
            .field("signal_because", reason_text(signal.reason).text)
            .field("in_sample", told.decision.in_sample)
            .raw("refused_by", or_null(told.shortfall && !of.ordered()
                                           ? std::optional(shortfall_json(*told.shortfall))
                                           : std::nullopt))
            .raw("numbers", numbers_json(told.decision.numbers))
            .raw("risk", list(told.adjustments, rule_json))
            .raw("bar", or_null(told.bar ? std::optional(bar_json(*told.bar)) : std::nullopt));
    });
}

std::string since_json(const Since& since) {
    return object([&](JsonObject& json) {
        json.field("marked_at", timestamp_text(since.marked_at))
            .raw("mark", decimal(since.mark))
            .field("price_change", since.price_change)
            .field("made", since.made)
            .field("forgone", since.forgone)
            .raw("interrupted_by",
                 or_null(since.interrupted_by
                             ? std::optional(
                                   '"' + std::string(corporate_action_name(*since.interrupted_by)) +
                                   '"')
                             : std::nullopt));
    });
}

std::string model_json(const ExplainedModel& model) {
    return object(
        [&](JsonObject& json) { json.field("role", model.role).field("sha256", model.sha256); });
}

std::string quoted(const std::string& text) {
    std::string json;
    append_json_string(json, text);
    return json;
}

}  // namespace

void print_json(const Explanation& of, std::ostream& out) {
    out << object([&](JsonObject& json) {
        json.field("symbol", of.symbol)
            .field("currency", of.currency)
            .raw("fill", or_null(of.fill ? std::optional(fill_json(*of.fill)) : std::nullopt))
            .raw("orders", list(of.orders, order_json))
            .raw("since", or_null(of.since ? std::optional(since_json(*of.since)) : std::nullopt))
            .raw("decision", decision_json(of))
            .raw("models", list(of.models, model_json))
            .field("feature_set", of.feature_set)
            .field("feature_set_hash", hash_text(of.feature_set_hash))
            .raw("trained_symbols", list(of.trained_symbols, quoted));
    }) << '\n';
}

}  // namespace paperd::storage
