#include "risk/target_rules.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "risk/sizing.h"

namespace paperd::risk {
namespace {

constexpr int kNetPasses = 8;

// Rows are hashed: one NaN is to have the same bits as any other.
double stored(double value) { return std::isnan(value) ? kUnknown : value; }

bool opposite(double a, double b) { return (a > 0 && b < 0) || (a < 0 && b > 0); }

// Whether the orders would make |position| larger, or turn it to the other side.
bool increases(Quantity position, Quantity ordered) {
    const Quantity after = position + ordered;
    const bool turned =
        (position.raw() < 0 && after.raw() > 0) || (position.raw() > 0 && after.raw() < 0);
    return turned || abs(after) > abs(position);
}

struct TailRule {
    Reason rule;
    std::optional<double> Limits::* limit;
    TailRisk TailMeasures::* method;
    double TailRisk::* measure;
};

constexpr std::array kTailRules = {
    TailRule{Reason::var_historical_95, &Limits::var_historical_95_max, &TailMeasures::historical,
             &TailRisk::var_95},
    TailRule{Reason::var_historical_99, &Limits::var_historical_99_max, &TailMeasures::historical,
             &TailRisk::var_99},
    TailRule{Reason::es_historical_95, &Limits::es_historical_95_max, &TailMeasures::historical,
             &TailRisk::es_95},
    TailRule{Reason::es_historical_99, &Limits::es_historical_99_max, &TailMeasures::historical,
             &TailRisk::es_99},
    TailRule{Reason::var_ewma_95, &Limits::var_ewma_95_max, &TailMeasures::ewma, &TailRisk::var_95},
    TailRule{Reason::var_ewma_99, &Limits::var_ewma_99_max, &TailMeasures::ewma, &TailRisk::var_99},
    TailRule{Reason::es_ewma_95, &Limits::es_ewma_95_max, &TailMeasures::ewma, &TailRisk::es_95},
    TailRule{Reason::es_ewma_99, &Limits::es_ewma_99_max, &TailMeasures::ewma, &TailRisk::es_99},
};

}  // namespace

double Working::increase() const {
    return opposite(held, weight) ? std::abs(weight)
                                  : std::max(0.0, std::abs(weight) - std::abs(held));
}

double Working::decrease() const {
    return opposite(held, weight) ? std::abs(held)
                                  : std::max(0.0, std::abs(held) - std::abs(weight));
}

void Working::limit_increase(double increase) {
    const double base = opposite(held, weight) ? 0 : std::abs(held);
    weight = std::copysign(base + increase, weight);
}

TargetRules::TargetRules(const Limits& limits, std::span<const Wanted> wanted,
                         std::span<Working> working, Money equity, double band,
                         std::vector<RiskAdjustment>& adjustments)
    : limits_(limits),
      wanted_(wanted),
      working_(working),
      equity_(equity),
      equity_value_(equity.to_double()),
      band_weight_(band / equity_value_),
      adjustments_(adjustments) {
    CHECK(equity.raw() > 0, "the target rules need equity above zero");
}

void TargetRules::hold_all(Reason rule) {
    for (Working& target : working_) {
        if (!target.fixed && target.weight != target.held) {
            adjust(target, target.held, rule, target.held, target.weight, target.held);
        }
    }
}

void TargetRules::towards_flat_only(Reason rule) {
    for (Working& target : working_) {
        if (!target.fixed && target.increase() > 0) {
            Working without = target;
            without.limit_increase(0);
            adjust(target, without.weight, rule, target.held, target.weight, without.weight);
        }
    }
}

void TargetRules::flatten(Reason rule) {
    for (Working& target : working_) {
        if (!target.fixed && target.weight != 0) {
            adjust(target, 0, rule, 0, target.weight, 0);
        }
    }
}

void TargetRules::margin(double share) {
    for (Working& target : working_) {
        if (target.fixed) {
            continue;
        }
        const double wanted = std::max(0.0, target.held < 0 ? -target.weight : target.weight);
        const double kept = std::min(wanted, share * std::abs(target.held));
        if (const double weight = std::copysign(kept, target.held); weight != target.weight) {
            adjust(target, weight, Reason::margin_call, 1, 1 / share, 1);
        }
        target.forced = true;
    }
}

// The comparisons are written so that a NaN counts as beyond the limit.
void TargetRules::no_increase_on_doubtful_price() {
    for (std::size_t i = 0; i < working_.size(); ++i) {
        Working& target = working_[i];
        const Wanted& wanted = wanted_[i];
        if ((target.fixed || wanted.hold) && target.stale) {
            if (increases(wanted.position, wanted.ordered)) {
                target.drop_orders = true;
                target.rest = wanted.position;
                target.rest_weight = target.held;
                adjust(target, target.held, Reason::stale_data, limits_.stale_after_bars,
                       wanted.bars_old, wanted.bars_old);
            }
            continue;
        }
        if (target.fixed || wanted.hold || !(target.increase() > 0)) {
            continue;
        }
        Working without = target;
        without.limit_increase(0);
        if (target.stale) {
            target.forced = increases(wanted.position, wanted.ordered);
            adjust(target, without.weight, Reason::stale_data, limits_.stale_after_bars,
                   wanted.bars_old, wanted.bars_old);
        } else if (limits_.price_collar && wanted.price_before.raw() > 0) {
            const double move =
                std::abs(wanted.price.to_double() / wanted.price_before.to_double() - 1);
            if (!(move <= *limits_.price_collar)) {
                adjust(target, without.weight, Reason::price_collar, *limits_.price_collar, move,
                       move);
            }
        }
    }
}

void TargetRules::order_to_volume() {
    if (!limits_.order_to_volume_max) {
        return;
    }
    const double limit = *limits_.order_to_volume_max;
    for (std::size_t i = 0; i < working_.size(); ++i) {
        Working& target = working_[i];
        const Wanted& wanted = wanted_[i];
        if (target.fixed || wanted.hold || wanted.median_volume == 0 || !(target.increase() > 0)) {
            continue;
        }
        // The weight of one bar's median volume; NaN or negative volume leaves no room.
        const double bar = wanted.median_volume * wanted.price.to_double() / equity_value_;
        const double order = target.increase() + target.decrease();
        if (order <= limit * bar * (1 + 1e-9)) {
            continue;
        }
        target.in_parts = target.in_parts || beyond_band(target);
        Working cut = target;
        cut.limit_increase(bar > 0 ? std::max(0.0, limit * bar - target.decrease()) : 0);
        adjust(target, cut.weight, Reason::order_to_volume, limit, order / bar,
               (cut.increase() + cut.decrease()) / bar);
    }
}

void TargetRules::position_limits() {
    const double fraction_max = limits_.position_fraction_max;
    for (Working& target : working_) {
        if (target.fixed) {
            continue;
        }
        const bool opens = target.rest.raw() == 0 && beyond_band(target);
        if (const double size = std::abs(target.weight); beyond(size, fraction_max)) {
            adjust(target, std::copysign(fraction_max, target.weight), Reason::position_fraction,
                   fraction_max, size, fraction_max);
            target.in_parts = target.in_parts || opens;
            target.forced = target.forced || beyond(std::abs(target.rest_weight), fraction_max);
        }
        if (!limits_.position_notional_max) {
            continue;
        }
        const double notional_max = *limits_.position_notional_max;
        const double notional = std::abs(target.weight) * equity_value_;
        if (beyond(notional, notional_max)) {
            adjust(target, std::copysign(notional_max / equity_value_, target.weight),
                   Reason::position_notional, notional_max, notional, notional_max);
            target.in_parts = target.in_parts || opens;
            target.forced =
                target.forced || beyond(std::abs(target.rest_weight) * equity_value_, notional_max);
        }
    }
}

void TargetRules::gross(const TailMeasures& tail) {
    const bool early =
        !tail.known && limits_.gross_leverage_before_var_max < limits_.gross_leverage_max;
    const double limit = early ? limits_.gross_leverage_before_var_max : limits_.gross_leverage_max;
    for (Working& target : working_) {
        target.own = target.weight;
    }
    gross_max_ = limit;
    scale_gross(limit, early ? Reason::gross_before_var_known : Reason::gross_leverage, limit, 1);
}

void TargetRules::tail_losses(const TailMeasures& tail) {
    // A measure belongs to the gross before any of these rules; what an earlier one cut lowers the
    // later ones in proportion.
    const double gross = gross_now();
    if (tail.known && gross > 0) {
        for (const TailRule& entry : kTailRules) {
            const std::optional<double>& limit = limits_.*entry.limit;
            const double measure = tail.*entry.method.*entry.measure;
            if (limit && beyond(measure, *limit)) {
                scale_gross(gross * *limit / measure, entry.rule, *limit, measure / gross);
            }
        }
    }
    for (Working& target : working_) {
        target.share = target.weight;
    }
}

void TargetRules::turnover(Money traded_today, Money day_start) {
    if (!limits_.turnover_day_max) {
        return;
    }
    const double limit = *limits_.turnover_day_max;
    const auto cuttable = [&](std::size_t i) {
        return !working_[i].fixed && !wanted_[i].hold && working_[i].increase() > 0;
    };
    double increases = 0;
    double others = 0;
    for (std::size_t i = 0; i < working_.size(); ++i) {
        (cuttable(i) ? increases : others) += working_[i].increase();
        others += working_[i].decrease();
    }
    // In units of today's equity; what is not to be cut will be traded whatever is left.
    const double base = (day_start.raw() > 0 ? day_start : equity_).to_double() / equity_value_;
    const double used = traded_today.to_double() / equity_value_ + others;
    const double left = std::max(0.0, limit * base - used);
    if (!(increases > 0) || used + increases <= limit * base * (1 + 1e-9)) {
        return;
    }
    const double share = left / increases;
    for (std::size_t i = 0; i < working_.size(); ++i) {
        if (cuttable(i)) {
            Working& target = working_[i];
            Working cut = target;
            cut.limit_increase(target.increase() * share);
            adjust(target, cut.weight, Reason::turnover_day, limit, (used + increases) / base,
                   (used + left) / base);
        }
    }
}

void TargetRules::size(Quantity lot) {
    for (std::size_t i = 0; i < working_.size(); ++i) {
        size_one(i, lot);
    }
}

void TargetRules::net(Quantity lot) {
    for (int pass = 0; pass < kNetPasses; ++pass) {
        if (!scale_heavier_side(lot)) {
            return;
        }
    }
    for (std::size_t i = 0; i < working_.size(); ++i) {
        Working& target = working_[i];
        if (!target.fixed && target.target.raw() != 0) {
            const double size = std::abs(target.weight);
            adjust(target, 0, Reason::net_leverage, limits_.net_leverage_max, size, 0);
            size_one(i, lot);
        }
    }
}

// False when the net is within its limit, or nothing that could move would help.
bool TargetRules::scale_heavier_side(Quantity lot) {
    double long_side = 0;
    double short_side = 0;
    for (std::size_t i = 0; i < working_.size(); ++i) {
        const double weight = working_[i].fixed
                                  ? working_[i].rest_weight
                                  : weight_of(working_[i].target, wanted_[i].price, equity_);
        (weight > 0 ? long_side : short_side) += std::abs(weight);
    }
    const double limit = limits_.net_leverage_max;
    const double before = std::abs(long_side - short_side);
    if (!beyond(before, limit)) {
        return false;
    }
    const double heavier_sign = long_side > short_side ? 1 : -1;
    const double lighter = std::min(long_side, short_side);
    double fixed = 0;
    double movable = 0;
    double left = 0;
    double increases = 0;
    for (const Working& target : working_) {
        const double size = target.weight * heavier_sign;
        if (size > 0) {
            (target.left ? left : target.fixed ? fixed : movable) += size;
            increases += target.fixed ? 0 : std::max(0.0, size - target.rest_weight * heavier_sign);
        }
    }
    if (fixed + left + movable - increases > limit + lighter) {
        for (Working& target : working_) {
            if (target.left && target.weight * heavier_sign > 0) {
                target.left = target.fixed = false;
                target.released = target.forced = true;
            }
        }
        movable += left;
    } else {
        fixed += left;
    }
    const double room = std::max(0.0, limit + lighter - fixed);
    if (!(movable > room)) {
        return false;
    }
    const double share = room / movable;
    for (std::size_t i = 0; i < working_.size(); ++i) {
        Working& target = working_[i];
        if (!target.fixed && target.weight * heavier_sign > 0) {
            adjust(target, target.weight * share, Reason::net_leverage, limit, before,
                   std::abs(fixed + room - lighter));
            size_one(i, lot);
        }
    }
    return true;
}

void TargetRules::adjust(Working& target, double weight, Reason rule, double limit, double before,
                         double after) {
    target.weight = weight;
    target.reason = rule;
    adjustments_.push_back({target.symbol, rule, limit, stored(before), stored(after)});
}

// Scales what can move so that all together have gross_max at most. The row shows the gross times
// measure_per_gross.
void TargetRules::scale_gross(double gross_max, Reason rule, double limit,
                              double measure_per_gross) {
    gross_max_ = std::min(gross_max_, gross_max);
    double fixed = 0;
    double movable = 0;
    for (const Working& target : working_) {
        (target.fixed ? fixed : movable) += std::abs(target.weight);
    }
    if (!beyond(fixed + movable, gross_max) || !(movable > 0)) {
        return;
    }
    const double room = std::max(0.0, gross_max - fixed);
    const double share = room / movable;
    for (Working& target : working_) {
        if (!target.fixed && target.weight != 0) {
            adjust(target, target.weight * share, rule, limit,
                   (fixed + movable) * measure_per_gross, (fixed + room) * measure_per_gross);
        }
    }
}

double TargetRules::gross_now() const {
    double gross = 0;
    for (const Working& target : working_) {
        gross += std::abs(target.weight);
    }
    return gross;
}

void TargetRules::size_one(std::size_t i, Quantity lot) {
    Working& target = working_[i];
    // Kept as it is, without a round trip through floating point.
    if (target.fixed || target.weight == target.rest_weight) {
        target.target = target.rest;
    } else if (target.weight == target.held) {
        target.target = wanted_[i].position;
    } else {
        target.target = target_quantity(target.weight, equity_, wanted_[i].price, lot);
    }
}

bool TargetRules::beyond_band(const Working& target) const {
    return std::abs(target.weight - target.rest_weight) >= band_weight_;
}

}  // namespace paperd::risk
