#include "risk/risk_manager.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <optional>

#include <fmt/format.h>

#include "execution/types/check.h"
#include "risk/sizing.h"

namespace paperd::risk {
namespace {

constexpr std::uint32_t kSectionTag = 0x4B534952;  // "RISK"

using Level = TradingLatch::Level;

void check_limits(const Limits& limits) {
    for (const double limit :
         {limits.position_fraction_max, limits.gross_leverage_max, limits.net_leverage_max,
          limits.gross_leverage_before_var_max, limits.stale_after_bars}) {
        CHECK(std::isfinite(limit) && limit >= 0, "a risk limit is negative or not finite");
    }
    for (const std::optional<double>& limit :
         {limits.position_notional_max, limits.var_historical_95_max, limits.var_historical_99_max,
          limits.es_historical_95_max, limits.es_historical_99_max, limits.var_ewma_95_max,
          limits.var_ewma_99_max, limits.es_ewma_95_max, limits.es_ewma_99_max,
          limits.turnover_day_max, limits.order_to_volume_max, limits.price_collar,
          limits.daily_loss_max, limits.drawdown_max}) {
        CHECK(!limit || (std::isfinite(*limit) && *limit >= 0),
              "a risk limit is negative or not finite");
    }
}

// Beyond or at the limit; a NaN counts as beyond.
bool reached(double loss, const std::optional<double>& limit) { return limit && !(loss < *limit); }

// The position on the side it is held, of a quantity that may lie on the other.
Quantity on_side_of(Quantity position, Quantity quantity) {
    const Quantity same = position.raw() < 0 ? -quantity : quantity;
    return std::max(same, Quantity{});
}

Price worst_price(const Wanted& wanted) { return std::min(wanted.price, wanted.price_before); }

}  // namespace

RiskManager::RiskManager(std::size_t symbols, Limits limits, Quantity lot)
    : limits_(limits), lot_(lot), watch_(limits), working_(symbols) {
    check_limits(limits_);
    CHECK(lot.raw() > 0, "a lot is positive");
}

void RiskManager::on_command(const Command& command, std::vector<Incident>& incidents) {
    if (command.kind == CommandKind::reload) {
        return;
    }
    const bool changed = latch_.command(command.kind);
    if (command.kind == CommandKind::resume) {
        watch_.restart_references();
    }
    incidents.push_back(
        {Severity::info, "trading_state", kNoSymbol,
         fmt::format("Command {} '{}': trading {} {}{}.", command.id, command_name(command.kind),
                     changed ? "is now" : "stays", trading_state_name(state()),
                     flattening() ? ", closing every position" : "")});
}

void RiskManager::on_equity(Day day, const Equity& equity, std::vector<Incident>& incidents) {
    watch_.on_equity(day, equity.equity);
    const auto trip = [&](Level level, Reason reason, const std::string& text) {
        latch_.trip(level, reason);
        incidents.push_back(
            {Severity::error, std::string(reason_text(reason).name), kNoSymbol, text});
    };
    if (latch_.level() < Level::reducing && reached(watch_.daily_loss(), limits_.daily_loss_max)) {
        trip(Level::reducing, Reason::daily_loss,
             fmt::format("The day's loss of {:.2f}% (from {} to {}) reached its limit of {:.2f}%: "
                         "only trades towards flat until 'resume'.",
                         100 * watch_.daily_loss(), watch_.day_start().text(), equity.equity.text(),
                         100 * *limits_.daily_loss_max));
    }
    if (latch_.level() < Level::flattening && reached(watch_.drawdown(), limits_.drawdown_max)) {
        trip(Level::flattening, Reason::drawdown,
             fmt::format("The drawdown of {:.2f}% (from {} to {}) reached its limit of {:.2f}%: "
                         "every position is closed, and nothing is opened until 'resume'.",
                         100 * watch_.drawdown(), watch_.peak().text(), equity.equity.text(),
                         100 * *limits_.drawdown_max));
    }
    if (latch_.level() < Level::flattening && equity.equity.raw() <= 0) {
        trip(Level::flattening, Reason::not_finite,
             fmt::format("Equity is {}: nothing can be sized by it. Every position is closed, and "
                         "nothing is opened until 'resume'.",
                         equity.equity.text()));
    }
}

void RiskManager::on_fill(Day day, Money notional) { watch_.on_fill(day, notional); }

void RiskManager::approve(std::span<const Wanted> wanted, const Equity& equity,
                          bool model_expired_stop, std::span<Approved> approved,
                          std::vector<RiskAdjustment>& adjustments) {
    CHECK(wanted.size() == working_.size() && approved.size() == working_.size(),
          "approve needs one entry a symbol");
    prepare(wanted, equity.equity, adjustments);
    if (equity.equity.raw() > 0) {
        run_checks(wanted, equity.equity, model_expired_stop, adjustments);
    } else {
        close_without_equity(wanted, adjustments);
    }
    for (std::size_t i = 0; i < working_.size(); ++i) {
        const Working& target = working_[i];
        const Quantity position = wanted[i].position;
        // Nothing wanted: the position is. With equity gone no weight means anything.
        Quantity asked = position;
        if (target.reason != Reason::none && !wanted[i].hold && !target.fixed &&
            std::isfinite(wanted[i].weight)) {
            asked = target_quantity(wanted[i].weight, equity.equity, wanted[i].price, lot_);
        }
        const bool closing = flattening() && position.raw() != 0 && target.target.raw() == 0;
        const Quantity at_most = std::min(on_side_of(position, asked), abs(position));
        approved[i] = {target.weight,
                       target.target,
                       target.reason,
                       closing || (target.reason != Reason::none &&
                                   on_side_of(position, target.target) < at_most),
                       target.stale,
                       target.drop_orders};
    }
}

// Check 1, and each symbol's wanted weight; a symbol that cannot be traded is fixed.
void RiskManager::prepare(std::span<const Wanted> wanted, Money equity,
                          std::vector<RiskAdjustment>& adjustments) {
    if (equity.raw() <= 0) {
        latch_.trip(Level::flattening, Reason::not_finite);
    }
    for (std::size_t i = 0; i < working_.size(); ++i) {
        const Wanted& in = wanted[i];
        Working& target = working_[i];
        const bool price_missing = in.price.raw() <= 0;
        const bool price_bad = (price_missing && (in.has_bar || in.position.raw() != 0)) ||
                               in.price.raw() < 0 || in.price_before.raw() < 0;
        const bool weight_bad = !in.hold && !std::isfinite(in.weight);
        target = {};
        target.symbol = in.symbol;
        target.target = in.position;
        target.fixed = !in.has_bar || price_bad || (in.keep && in.hold && !flattening());
        target.held = weight_of(
            in.position, std::max(price_missing ? in.price_before : in.price, Price{}), equity);
        target.weight = in.hold || weight_bad || target.fixed ? target.held : in.weight;
        target.stale = !(in.bars_old <= limits_.stale_after_bars);  // a NaN is stale
        if (price_bad || weight_bad) {
            target.reason = Reason::not_finite;
            const double seen = price_bad ? worst_price(in).to_double() : in.weight;
            adjustments.push_back({in.symbol, Reason::not_finite, 0,
                                   std::isnan(seen) ? kUnknown : seen, target.held});
            latch_.trip(Level::reducing, Reason::not_finite);
        }
    }
}

void RiskManager::run_checks(std::span<const Wanted> wanted, Money equity, bool model_expired_stop,
                             std::vector<RiskAdjustment>& adjustments) {
    TargetRules rules(limits_, wanted, working_, equity, adjustments);
    switch (latch_.level()) {
        case Level::halted:
            rules.hold_all(latch_.reason());
            return;
        case Level::flattening:
            rules.flatten(latch_.reason());
            break;
        case Level::reducing:
            rules.towards_flat_only(latch_.reason());
            break;
        case Level::active:
            break;
    }
    if (model_expired_stop) {
        rules.towards_flat_only(Reason::model_expired);
    }
    rules.no_increase_on_doubtful_price();
    rules.order_to_volume();
    rules.position_limits();
    rules.gross(watch_.tail());
    rules.tail_losses(watch_.tail());
    rules.turnover(watch_.traded_today(), watch_.day_start());
    rules.size(lot_);
    rules.net(lot_);
}

// Weights mean nothing here: close what has a bar, unless trading is halted.
void RiskManager::close_without_equity(std::span<const Wanted> wanted,
                                       std::vector<RiskAdjustment>& adjustments) {
    if (latch_.level() == Level::halted) {
        return;
    }
    for (std::size_t i = 0; i < working_.size(); ++i) {
        Working& target = working_[i];
        target.weight = 0;
        if (!target.fixed && wanted[i].position.raw() != 0) {
            target.target = Quantity{};
            target.reason = latch_.reason();
            adjustments.push_back({target.symbol, target.reason, 0, kUnknown, 0});
        }
    }
}

void RiskManager::save(BlobWriter& out) const {
    out.put(kSectionTag);
    latch_.save(out);
    watch_.save(out);
}

void RiskManager::load(BlobReader& in) {
    in.expect(kSectionTag);
    TradingLatch latch;
    AccountWatch watch(limits_);
    latch.load(in);
    watch.load(in);
    if (!in.failed()) {
        latch_ = latch;
        watch_ = std::move(watch);
    }
}

}  // namespace paperd::risk
