// An explanation told to people, in the order in which one asks.
#include <algorithm>
#include <cmath>
#include <string>

#include "storage/explanation.h"
#include "storage/number_text.h"

namespace paperd::storage {
namespace {

constexpr std::size_t kLabelWidth = 12;
constexpr std::size_t kTrainedShown = 12;  // symbols
constexpr int kMoneyDecimals = 2;

template <class Tag>
std::string size_of(Fixed<Tag> value) {
    return abs(value).text();
}

// Eight decimals at most: all seventeen digits are in the JSON.
std::string brief(double value, int decimals = kDecimals) {
    std::string text = real_text(value, decimals);
    if (text.find('.') != std::string::npos) {
        text.erase(text.find_last_not_of('0') + 1);
        if (text.back() == '.') {
            text.pop_back();
        }
    }
    return text == "-0" ? "0" : text;
}

std::string known(double value) { return std::isnan(value) ? "unknown" : brief(value); }

// A fraction as "1.25 bp", to a hundredth.
std::string basis_points(double fraction) {
    return brief(std::round(fraction * 1e6) / 100) + " bp";
}

// "+3.25 %".
std::string percent(double fraction) {
    return (fraction > 0 ? "+" : "") + brief(std::round(fraction * 1e4) / 100) + " %";
}

std::string money(double value, const std::string& currency) {
    return (value > 0 ? "+" : "") + brief(value, kMoneyDecimals) + " " + currency;
}

std::string because(Reason reason) {
    return std::string(reason_text(reason).name) + ": " + std::string(reason_text(reason).text);
}

std::string with_unit(double value, std::string_view unit) {
    return known(value) + (unit.empty() ? "" : " " + std::string(unit));
}

class Story {
public:
    Story(const Explanation& of, std::ostream& out) : of_(of), out_(out) {}

    void tell();

private:
    void line(std::string_view label, const std::string& text) {
        out_ << "  " << label << std::string(kLabelWidth - std::min(label.size(), kLabelWidth), ' ')
             << text << '\n';
    }

    void tell_fill(const ExplainedFill& filled);
    void tell_order(const ExplainedOrder& order);
    void tell_since(const Since& since);
    void tell_decision();
    void tell_signal();
    void tell_numbers();
    void tell_risk();
    void tell_bar(std::string_view label, const Bar& bar);
    void tell_model();

    [[nodiscard]] double number(DecisionNumber which) const {
        return of_.decision.decision.numbers.get(which);
    }

    [[nodiscard]] bool has(DecisionNumber which) const {
        return of_.decision.decision.numbers.has(which);
    }

    const Explanation& of_;
    std::ostream& out_;
};

void Story::tell() {
    if (of_.fill) {
        tell_fill(*of_.fill);
    } else {
        const ReasonText& reason = reason_text(of_.reason());
        out_ << of_.symbol << " on " << timestamp_text(of_.decision.at) << " (slice "
             << of_.decision.slice_id << "): " << (of_.ordered() ? "" : "nothing was ordered, ")
             << reason.name << ". " << reason.text << "\n\n";
    }
    for (const ExplainedOrder& order : of_.orders) {
        tell_order(order);
    }
    if (of_.since) {
        tell_since(*of_.since);
    }
    tell_decision();
    tell_risk();
    tell_signal();
    tell_numbers();
    if (of_.decision.bar) {
        tell_bar("bar", *of_.decision.bar);
    } else {
        line("bar", "none in this slice");
    }
    tell_model();
}

void Story::tell_fill(const ExplainedFill& filled) {
    const Fill& fill = filled.fill;
    out_ << "Fill " << fill.id << ": " << (fill.quantity.raw() > 0 ? "bought " : "sold ")
         << size_of(fill.quantity) << ' ' << of_.symbol << " at " << fill.price.text() << ' '
         << of_.currency << " on " << timestamp_text(fill.at) << " (slice " << filled.slice_id
         << ")\n\n";
    line("price", "reference " + fill.reference_price.text() + ", all in " + fill.price.text() +
                      "; " + brief(fill.participation * 100) + " % of the bar's volume");
    line("costs", "spread " + fill.spread_cost.text() + ", slippage " + fill.slippage_cost.text() +
                      ", impact " + fill.impact_cost.text() + ", commission " +
                      fill.commission.text() + " " + of_.currency + "; delay since the decision " +
                      fill.delay_cost.text());
    line("spread", "charged " + basis_points(filled.spread_charged) +
                       " in full; estimated, not charged: Corwin-Schultz " +
                       basis_points(fill.spread_corwin_schultz) + ", Abdi-Ranaldo " +
                       basis_points(fill.spread_abdi_ranaldo));
    tell_bar("filled on", filled.bar);
}

void Story::tell_order(const ExplainedOrder& told) {
    const Order& order = told.order;
    std::string prices;
    if (order.limit_price) {
        prices += " limit " + order.limit_price->text();
    }
    if (order.stop_price) {
        prices += " stop " + order.stop_price->text();
    }
    line("order", "number " + std::to_string(order.id) + ": " +
                      (order.quantity.raw() > 0 ? "buy " : "sell ") + size_of(order.quantity) +
                      ", " + order_type_name(order.type) + prices + ", " +
                      time_in_force_name(order.time_in_force) + "; decided on " +
                      timestamp_text(order.decided_at) + " at the close " +
                      order.decision_price.text());
    line("", std::string(order_state_name(order.state)) + " since " + timestamp_text(order.since) +
                 ", " + size_of(order.filled) + " of " + size_of(order.quantity) + " filled; " +
                 because(order.reason));
    for (const ExplainedFill& filled : told.fills) {
        line("", "fill " + std::to_string(filled.fill.id) + ": " + size_of(filled.fill.quantity) +
                     " at " + filled.fill.price.text() + " on " + timestamp_text(filled.fill.at));
    }
}

void Story::tell_since(const Since& since) {
    if (since.interrupted_by) {
        line("since", "a " + std::string(corporate_action_name(*since.interrupted_by)) + " on " +
                          day_text(since.interrupted_on) +
                          " lies between: prices before and after it do not compare");
        return;
    }
    std::string text = "the price moved " + percent(since.price_change) + " to the close " +
                       since.mark.text() + " of " + timestamp_text(since.marked_at);
    if (!std::isnan(since.made)) {
        text += std::string("; held until then, ") + (of_.fill ? "this fill" : "what was filled") +
                " made " + money(since.made, of_.currency) + " after commission, without dividends";
    } else if (!std::isnan(since.forgone)) {
        text += "; the change that was refused would have made " +
                money(since.forgone, of_.currency) + " before costs";
    }
    line("since", text);
}

void Story::tell_decision() {
    const ExplainedDecision& told = of_.decision;
    line("decision", "number " + std::to_string(told.id) + " on " + timestamp_text(told.at) +
                         ": target " + told.decision.target_quantity.text() + "; " +
                         because(of_.reason()));
    if (told.shortfall && !of_.ordered()) {
        const Shortfall& missed = *told.shortfall;
        line("", "refused by " + known(std::abs(missed.value - missed.needed)) + ": " +
                     missed.what + " " + known(missed.value) + " against " +
                     with_unit(missed.needed, missed.unit) +
                     (missed.needed > 0
                          ? ", " + brief(std::round(missed.value / missed.needed * 1e4) / 100) +
                                " % of it"
                          : std::string()));
    }
    line("held", told.held.raw() == 0 ? std::string("nothing at that time")
                                      : told.held.text() + " at that time, since " +
                                            timestamp_text(told.held_since));
    if (told.trading_state != TradingState::active) {
        line("trading", std::string(trading_state_name(told.trading_state)) + ": " +
                            std::string(reason_text(told.trading_reason).text));
    }
}

void Story::tell_risk() {
    bool first = true;
    for (const RiskAdjustment& rule : of_.decision.adjustments) {
        const std::string_view unit = rule_unit(rule.rule);
        line(first ? "risk" : "",
             std::string(reason_text(rule.rule).name) + ": " + known(rule.before) +
                 (rule.before == rule.after ? std::string() : " became " + known(rule.after)) +
                 " (limit " + with_unit(rule.limit, unit) + "). " +
                 std::string(reason_text(rule.rule).text));
        first = false;
    }
    if (first) {
        line("risk", "no rule changed the target");
    }
}

void Story::tell_signal() {
    const Decision& decision = of_.decision.decision;
    const Signal& signal = decision.signal;
    std::string text = std::isnan(signal.weight)
                           ? "no opinion, so the position is held"
                           : "target weight " + brief(signal.weight) + " of equity, " +
                                 known(decision.approved_weight) + " after risk";
    if (!std::isnan(signal.prediction)) {
        text += "; predicted log return of the next bar " + brief(signal.prediction);
    }
    if (!std::isnan(signal.uncertainty)) {
        text += ", uncertainty " + brief(signal.uncertainty);
    }
    line("signal", text);
    if (signal.reason != Reason::none) {
        line("", because(signal.reason));
    }
}

// What each question was answered by, where it was asked.
void Story::tell_numbers() {
    using enum DecisionNumber;
    if (has(smoothed)) {
        line("gate",
             "smoothed prediction " + brief(number(smoothed)) +
                 (has(gate_threshold) ? "; its size has to exceed " + brief(number(gate_threshold))
                                      : std::string()));
    }
    std::string regime;
    const auto add = [&regime](const std::string& text) {
        regime += (regime.empty() ? "" : "; ") + text;
    };
    if (has(trend)) {
        add("trend " + brief(number(trend)) +
            (has(trend_floor) ? ", at least " + brief(number(trend_floor)) : std::string()));
    }
    if (has(vol_ratio)) {
        add("short over long volatility " + brief(number(vol_ratio)) +
            (has(vol_ratio_max) ? ", at most " + brief(number(vol_ratio_max)) : std::string()));
    }
    if (number(regime_pause) > 0) {
        add("closed for " + brief(number(regime_pause)) + " more, this one included");
    }
    if (!regime.empty()) {
        line("regime", regime);
    }
    if (has(realized_vol) || has(position)) {
        line("size",
             (has(realized_vol) ? "volatility of a bar " + brief(number(realized_vol))
                                : std::string()) +
                 (has(realized_vol) && has(position) ? "; " : "") +
                 (has(position) ? "position " + brief(number(position)) + " between -1 and 1"
                                : std::string()));
    }
    if (has(edge) || has(round_trip)) {
        std::string cost = "edge " + known(number(edge));
        if (has(forecast) && has(holding_bars)) {
            cost += " (a log return of " + brief(number(forecast)) + " a bar over " +
                    brief(number(holding_bars)) + " bars)";
        }
        const bool comparable = has(edge) && number(round_trip) > 0;
        cost += comparable ? " is " + brief(number(edge) / number(round_trip), 3) + " x the" : ",";
        line("cost", cost + " round trip of " + known(number(round_trip)));
    }
    if (has(wanted_change)) {
        line("change", money(number(wanted_change), of_.currency) + " at the close was wanted" +
                           (has(band) ? "; less than " + brief(number(band), kMoneyDecimals) + " " +
                                            of_.currency + " is not traded"
                                      : std::string()));
    }
}

void Story::tell_bar(std::string_view label, const Bar& bar) {
    line(label, "the bar that closed on " + timestamp_text(bar.closed_at) + ": open " +
                    bar.open.text() + ", high " + bar.high.text() + ", low " + bar.low.text() +
                    ", close " + bar.close.text() +
                    (bar.close == bar.adj_close ? std::string()
                                                : " (adjusted " + bar.adj_close.text() + ")") +
                    ", volume " + brief(bar.volume) + (bar.synthetic ? ", synthetic" : ""));
}

void Story::tell_model() {
    if (of_.models.empty()) {
        line("model", "none: the strategy works by rule");
        return;
    }
    line("model", "sha256 " + of_.models.front().sha256 + "; feature set " + of_.feature_set +
                      " (" + hash_text(of_.feature_set_hash) + ")");
    for (std::size_t i = 1; i < of_.models.size(); ++i) {
        line("", "with " + of_.models[i].role + ": sha256 " + of_.models[i].sha256);
    }
    const std::vector<std::string>& trained = of_.trained_symbols;
    std::string text;
    for (std::size_t i = 0; i < std::min(trained.size(), kTrainedShown); ++i) {
        text += (i == 0 ? "" : ", ") + trained[i];
    }
    if (trained.size() > kTrainedShown) {
        text += " and " + std::to_string(trained.size() - kTrainedShown) + " more";
    }
    const bool among = std::find(trained.begin(), trained.end(), of_.symbol) != trained.end();
    line("", "trained on " + (text.empty() ? "symbols that it does not name" : text) +
                 (among ? "; " : "; not on ") + of_.symbol + (among ? " is among them" : ""));
    line("", of_.decision.decision.in_sample
                 ? "this day is among its training days: in-sample, no evidence of skill"
                 : "this day is not among its training days");
}

}  // namespace

void print_text(const Explanation& of, std::ostream& out) { Story(of, out).tell(); }

}  // namespace paperd::storage
