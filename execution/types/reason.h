// Every reason the system can give, in one list: why a symbol was or was not traded, why an order
// is in its state, which rule adjusted a target. Stored as integers; the numbers are part of the
// database format: append only.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace paperd {

enum class Reason : std::uint8_t {
    none = 0,
    // Decisions: nothing could be predicted, so the position is held.
    no_bar = 1,
    not_listed = 2,
    warming_up = 3,
    feature_undefined = 4,
    data_delayed = 5,
    between_bars = 6,
    implausible_prediction = 7,
    prediction_not_finite = 8,
    // Decisions: the outcome.
    ordered = 10,
    on_target = 11,
    below_band = 12,
    below_lot = 13,
    edge_below_cost = 14,
    regime_off = 15,
    signal_gated = 16,
    short_not_allowed = 17,
    overlay_veto = 18,
    holding = 19,
    order_working = 20,
    // Risk rules; a decision shows the binding one.
    not_finite = 30,
    halted = 31,
    reducing = 32,
    flatten = 33,
    stale_data = 34,
    position_fraction = 35,
    position_notional = 36,
    gross_leverage = 37,
    net_leverage = 38,
    var_historical_95 = 39,
    var_historical_99 = 40,
    es_historical_95 = 41,
    es_historical_99 = 42,
    var_ewma_95 = 43,
    var_ewma_99 = 44,
    es_ewma_95 = 45,
    es_ewma_99 = 46,
    gross_before_var_known = 47,
    turnover_day = 48,
    order_to_volume = 49,
    price_collar = 50,
    daily_loss = 51,
    drawdown = 52,
    model_expired = 53,
    margin_call = 55,
    // Orders.
    accepted = 70,
    waiting_for_bar = 71,
    partially_filled = 72,
    filled = 73,
    replaced = 74,
    expired = 75,
    cancelled_by_halt = 76,
    unfilled_ioc = 77,
    no_closing_bar = 78,
    execution_failed = 79,
    no_volume = 80,
    limit_not_reached = 81,
    stop_not_reached = 82,
    synthetic_bar = 83,
    cancelled_by_join = 84,
    cancelled_by_risk = 85,
    cancelled_by_split = 90,
    cancelled_by_delisting = 91,
};

struct ReasonText {
    Reason reason;
    std::string_view name;  // what queries show
    std::string_view text;  // one sentence for people
};

// Every Reason, ascending.
inline constexpr std::array kReasons = {
    ReasonText{Reason::none, "none", "No reason applies."},
    ReasonText{Reason::no_bar, "no_bar",
               "The symbol had no bar in this slice; its position is held."},
    ReasonText{Reason::not_listed, "not_listed", "The symbol has had no bar yet."},
    ReasonText{Reason::warming_up, "warming_up",
               "The model has not seen enough bars of the symbol yet."},
    ReasonText{Reason::feature_undefined, "feature_undefined",
               "An input of the model is undefined on this bar, so there is no prediction."},
    ReasonText{Reason::data_delayed, "data_delayed",
               "The bar came too late to decide on (simulated delay); the position is held."},
    ReasonText{Reason::between_bars, "between_bars",
               "The model lives on longer bars than the slices, and none of them closed here; the "
               "position is held."},
    ReasonText{Reason::implausible_prediction, "implausible_prediction",
               "The prediction is beyond what a bar can return (model.return_max), so it is not "
               "traded; the position is held."},
    ReasonText{Reason::prediction_not_finite, "prediction_not_finite",
               "The model's inputs were defined, and it gave something that is no finite number, "
               "so it is not traded; the position is held."},
    ReasonText{Reason::ordered, "ordered", "An order was sent to reach the target."},
    ReasonText{Reason::on_target, "on_target", "The position already is the target."},
    ReasonText{Reason::below_band, "below_band",
               "The change is smaller than the rebalance band, so its cost is not worth it."},
    ReasonText{Reason::below_lot, "below_lot", "The change is smaller than one lot."},
    ReasonText{Reason::edge_below_cost, "edge_below_cost",
               "The predicted move does not pay the estimated round trip of an increase."},
    ReasonText{Reason::regime_off, "regime_off",
               "The regime filter is closed, so the target is flat."},
    ReasonText{
        Reason::signal_gated, "signal_gated",
        "The smoothed prediction is not among the strongest of its trailing window: target flat."},
    ReasonText{Reason::short_not_allowed, "short_not_allowed",
               "The signal is short and allow_short is off: target flat."},
    ReasonText{Reason::overlay_veto, "overlay_veto",
               "An overlay (another model or rule) vetoes the position: target flat."},
    ReasonText{Reason::holding, "holding",
               "Buy and hold: the symbol is bought or on order, and is held from then on."},
    ReasonText{Reason::order_working, "order_working",
               "An order sent earlier is still at work and leads to the target, or so near to it "
               "that the rest is smaller than the rebalance band."},
    ReasonText{Reason::not_finite, "not_finite",
               "A price, weight or equity is not a finite number."},
    ReasonText{Reason::halted, "halted", "Trading is halted; nothing is ordered until 'resume'."},
    ReasonText{Reason::reducing, "reducing",
               "Only trades towards flat are allowed until 'resume'."},
    ReasonText{Reason::flatten, "flatten", "The operator asked to close every position."},
    ReasonText{Reason::stale_data, "stale_data",
               "The symbol's last bar is older than the limit, so nothing increases its position."},
    ReasonText{Reason::position_fraction, "position_fraction",
               "The position would exceed its limit as a fraction of equity."},
    ReasonText{Reason::position_notional, "position_notional",
               "The position would exceed its limit in account currency."},
    ReasonText{Reason::gross_leverage, "gross_leverage", "Gross exposure would exceed its limit."},
    ReasonText{Reason::net_leverage, "net_leverage", "Net exposure would exceed its limit."},
    ReasonText{Reason::var_historical_95, "var_historical_95",
               "Historical 95% VaR exceeds its limit."},
    ReasonText{Reason::var_historical_99, "var_historical_99",
               "Historical 99% VaR exceeds its limit."},
    ReasonText{Reason::es_historical_95, "es_historical_95",
               "Historical 95% expected shortfall exceeds its limit."},
    ReasonText{Reason::es_historical_99, "es_historical_99",
               "Historical 99% expected shortfall exceeds its limit."},
    ReasonText{Reason::var_ewma_95, "var_ewma_95", "EWMA 95% VaR exceeds its limit."},
    ReasonText{Reason::var_ewma_99, "var_ewma_99", "EWMA 99% VaR exceeds its limit."},
    ReasonText{Reason::es_ewma_95, "es_ewma_95", "EWMA 95% expected shortfall exceeds its limit."},
    ReasonText{Reason::es_ewma_99, "es_ewma_99", "EWMA 99% expected shortfall exceeds its limit."},
    ReasonText{Reason::gross_before_var_known, "gross_before_var_known",
               "VaR is not yet known, so the smaller gross limit holds."},
    ReasonText{Reason::turnover_day, "turnover_day", "The day's turnover limit is used up."},
    ReasonText{Reason::order_to_volume, "order_to_volume",
               "The order would be too large against the symbol's usual volume."},
    ReasonText{Reason::price_collar, "price_collar",
               "The price moved beyond the collar since the bar before; no increase on it."},
    ReasonText{Reason::daily_loss, "daily_loss", "The day's loss reached its limit."},
    ReasonText{Reason::drawdown, "drawdown",
               "The drawdown from the equity's peak reached its limit."},
    ReasonText{Reason::model_expired, "model_expired",
               "The model is past its expiry and on_expired is 'stop': only trades towards flat."},
    ReasonText{Reason::margin_call, "margin_call",
               "Equity is below the maintenance margin: every position is scaled down to what it "
               "carries, and none is opened."},
    ReasonText{Reason::accepted, "accepted", "The order works from the next slice on."},
    ReasonText{Reason::waiting_for_bar, "waiting_for_bar",
               "The symbol has had no bar since the order."},
    ReasonText{Reason::partially_filled, "partially_filled",
               "The participation cap of the bar's volume was reached; the rest works on."},
    ReasonText{Reason::filled, "filled", "The whole quantity is filled."},
    ReasonText{Reason::replaced, "replaced", "A newer target replaced what was left of the order."},
    ReasonText{Reason::expired, "expired", "A DAY order ended with the venue's close."},
    ReasonText{Reason::cancelled_by_halt, "cancelled_by_halt",
               "Trading was halted while the order worked."},
    ReasonText{Reason::unfilled_ioc, "unfilled_ioc",
               "Immediate-or-cancel: what the first bar did not fill was cancelled."},
    ReasonText{Reason::no_closing_bar, "no_closing_bar",
               "Market-on-close: the symbol had no bar at the venue's close."},
    ReasonText{Reason::execution_failed, "execution_failed",
               "The venue lost the order (simulated failure)."},
    ReasonText{Reason::no_volume, "no_volume",
               "The bar's volume leaves room for less than one lot."},
    ReasonText{Reason::limit_not_reached, "limit_not_reached",
               "The bar did not trade through the limit."},
    ReasonText{Reason::stop_not_reached, "stop_not_reached", "The bar did not reach the stop."},
    ReasonText{Reason::synthetic_bar, "synthetic_bar",
               "The bar is synthetic; orders do not fill on it."},
    ReasonText{Reason::cancelled_by_join, "cancelled_by_join",
               "The price series was cut (gap or jump), so the working order no longer means what "
               "it did."},
    ReasonText{
        Reason::cancelled_by_risk, "cancelled_by_risk",
        "Risk stopped increases while the order worked; what is still wanted is ordered anew."},
    ReasonText{Reason::cancelled_by_split, "cancelled_by_split",
               "A split changed what a share is: an order of the same decision works on for what "
               "was open, in new shares; less than a lot is dropped."},
    ReasonText{Reason::cancelled_by_delisting, "cancelled_by_delisting",
               "The symbol had no bar for so many sessions that it is taken as delisted."},
};

constexpr const ReasonText& reason_text(Reason reason) {
    for (const ReasonText& entry : kReasons) {
        if (entry.reason == reason) {
            return entry;
        }
    }
    return kReasons[0];
}

}  // namespace paperd
