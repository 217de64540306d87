#include "risk/risk_manager.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "execution/types/check.h"
#include "risk/sizing.h"

namespace paperd::risk {
namespace {

constexpr std::uint32_t kSectionTag = 0x324B5352;  // "RSK2"

using Level = TradingLatch::Level;

void check_limits(const Limits& limits) {
    for (const double limit :
         {limits.position_fraction_max, limits.gross_leverage_max, limits.net_leverage_max,
          limits.gross_leverage_before_var_max, limits.stale_after_bars,
          limits.maintenance_margin_long, limits.maintenance_margin_short}) {
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
    : limits_(limits), lot_(lot), watch_(limits), working_(symbols), book_(symbols) {
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
    if (limits_.daily_loss_latch == DailyLossLatch::day && day != loss_day_ && latch_.end_day()) {
        incidents.push_back({Severity::info, "trading_state", kNoSymbol,
                             "The day of the daily loss is over: trading is now active."});
    }
    const auto trip = [&](Level level, Reason reason, const std::string& text) {
        latch_.trip(level, reason);
        incidents.push_back(
            {Severity::error, std::string(reason_text(reason).name), kNoSymbol, text});
    };
    if (latch_.level() < Level::reducing && reached(watch_.daily_loss(), limits_.daily_loss_max)) {
        loss_day_ = day;
        trip(Level::reducing, Reason::daily_loss,
             fmt::format("The day's loss of {:.2f}% (from {} to {}) reached its limit of {:.2f}%: "
                         "only trades towards flat until {}.",
                         100 * watch_.daily_loss(), watch_.day_start().text(), equity.equity.text(),
                         100 * *limits_.daily_loss_max,
                         limits_.daily_loss_latch == DailyLossLatch::day
                             ? "the next day, or 'resume'"
                             : "'resume'"));
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
    const double cover = margin_cover(equity);
    if (cover < 1 && !margin_call_) {
        incidents.push_back(
            {Severity::error, std::string(reason_text(Reason::margin_call).name), kNoSymbol,
             fmt::format("Equity of {} is below the maintenance margin of {:.2f} for {} of gross "
                         "and {} of net exposure: every position is scaled to {:.4f} of itself, "
                         "and none is opened, until equity carries them.",
                         equity.equity.text(), equity.equity.to_double() / cover,
                         equity.gross.text(), equity.net.text(), cover)});
    }
    margin_call_ = cover < 1;
}

double RiskManager::margin_cover(const Equity& equity) const {
    const double longs = (equity.gross.to_double() + equity.net.to_double()) / 2;
    const double shorts = (equity.gross.to_double() - equity.net.to_double()) / 2;
    const double margin =
        limits_.maintenance_margin_long * longs + limits_.maintenance_margin_short * shorts;
    return margin > 0 && equity.equity.raw() > 0 ? equity.equity.to_double() / margin
                                                 : std::numeric_limits<double>::infinity();
}

void RiskManager::on_fill(Day day, Money notional) { watch_.on_fill(day, notional); }

void RiskManager::approve(std::span<const Wanted> wanted, const Equity& equity,
                          bool model_expired_stop, std::span<Approved> approved,
                          std::vector<RiskAdjustment>& adjustments, const TradeJudge& judge) {
    CHECK(wanted.size() == working_.size() && approved.size() == working_.size(),
          "approve needs one entry a symbol");
    prepare(wanted, equity.equity, adjustments);
    const bool judged = judge.outcome && equity.equity.raw() > 0 && latch_.level() != Level::halted;
    const std::size_t first_row = adjustments.size();
    if (judged) {
        book_.begin(limits_, wanted, working_, equity.equity, lot_, judge);
    }
    if (equity.equity.raw() > 0) {
        double gross_max = run_checks(wanted, equity, model_expired_stop, judge.band, adjustments);
        while (judged && book_.leave(adjustments, first_row)) {
            gross_max = run_checks(wanted, equity, model_expired_stop, judge.band, adjustments);
        }
        if (judged) {
            book_.settle(gross_max, adjustments, first_row);
            book_.hand_out(gross_max, turnover_left(equity.equity));
        }
    } else {
        close_without_equity(wanted, adjustments);
    }
    for (std::size_t i = 0; i < working_.size(); ++i) {
        const Working& target = judged ? book_.approved(i) : working_[i];
        const Quantity position = wanted[i].position;
        const Quantity at_most =
            std::min(on_side_of(position, asked(wanted[i], target, equity.equity)), abs(position));
        const bool closing = flattening() && position.raw() != 0 && target.target.raw() == 0;
        const bool trimmed = target.reason != Reason::none &&
                             on_side_of(position, target.target) < at_most &&
                             !(judged && book_.kept(i));
        // An order at work that is cut back without an opinion of the strategy's is risk's doing.
        const bool recalled = wanted[i].hold && !target.fixed && target.target != target.rest;
        approved[i] = {target.weight,     target.target,
                       target.reason,     closing || trimmed || target.forced || recalled,
                       target.in_parts,   target.stale,
                       target.drop_orders};
    }
}

// Nothing wanted: the position is. With equity gone no weight means anything.
Quantity RiskManager::asked(const Wanted& wanted, const Working& target, Money equity) const {
    if (target.reason == Reason::none || wanted.hold || target.fixed ||
        !std::isfinite(wanted.weight)) {
        return wanted.position;
    }
    return target_quantity(wanted.weight, equity, wanted.price, lot_);
}

double RiskManager::turnover_left(Money equity) const {
    if (!limits_.turnover_day_max) {
        return std::numeric_limits<double>::infinity();
    }
    const Money base = watch_.day_start().raw() > 0 ? watch_.day_start() : equity;
    return (*limits_.turnover_day_max * base.to_double() - watch_.traded_today().to_double()) /
           equity.to_double();
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
        const Price price = std::max(price_missing ? in.price_before : in.price, Price{});
        target = {};
        target.symbol = in.symbol;
        target.fixed =
            !in.has_bar || price_bad || (in.keep && in.hold && !flattening() && !margin_call_);
        target.rest = in.position + in.ordered;
        target.held = weight_of(in.position, price, equity);
        target.rest_weight = weight_of(target.rest, price, equity);
        target.target = in.position;
        target.weight = in.hold || target.fixed ? target.rest_weight
                        : weight_bad            ? target.held
                                                : in.weight;
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

double RiskManager::run_checks(std::span<const Wanted> wanted, const Equity& equity,
                               bool model_expired_stop, double band,
                               std::vector<RiskAdjustment>& adjustments) {
    TargetRules rules(limits_, wanted, working_, equity.equity, band, adjustments);
    switch (latch_.level()) {
        case Level::halted:
            rules.hold_all(latch_.reason());
            return 0;
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
    if (const double cover = margin_cover(equity); cover < 1) {
        rules.margin(cover);
    }
    rules.no_increase_on_doubtful_price();
    rules.order_to_volume();
    rules.position_limits();
    rules.gross(watch_.tail());
    rules.tail_losses(watch_.tail());
    rules.turnover(watch_.traded_today(), watch_.day_start());
    rules.size(lot_);
    rules.net(lot_);
    return rules.gross_max();
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
    out.put(day_number(loss_day_));
    out.put(margin_call_);
    watch_.save(out);
}

void RiskManager::load(BlobReader& in) {
    in.expect(kSectionTag);
    TradingLatch latch;
    AccountWatch watch(limits_);
    latch.load(in);
    const auto loss_day = in.get<std::int32_t>();
    const auto margin_call = in.get<std::uint8_t>();
    watch.load(in);
    if (margin_call > 1) {
        in.fail();
    }
    if (!in.failed()) {
        latch_ = latch;
        loss_day_ = day_from_number(loss_day);
        margin_call_ = margin_call == 1;
        watch_ = std::move(watch);
    }
}

}  // namespace paperd::risk
