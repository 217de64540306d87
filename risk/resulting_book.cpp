#include "risk/resulting_book.h"

#include <algorithm>
#include <cmath>

#include "risk/sizing.h"

namespace paperd::risk {
namespace {

constexpr int kRoundsMax = 16;

// Whether the result lies between flat and the target, so that every cap of the target holds for
// it too, but for the other side's share of the net.
bool short_of(Quantity result, Quantity target) {
    const bool same_side = result.raw() == 0 || (result.raw() > 0) == (target.raw() > 0);
    return same_side && abs(result) <= abs(target);
}

}  // namespace

ResultingBook::ResultingBook(std::size_t symbols)
    : start_(symbols),
      asked_(symbols),
      left_for_(symbols),
      result_(symbols),
      refusal_(symbols),
      kept_(symbols) {
    order_.reserve(symbols);
}

void ResultingBook::begin(const Limits& limits, std::span<const Wanted> wanted,
                          std::span<Working> working, Money equity, Quantity lot,
                          const TradeJudge& judge) {
    limits_ = &limits;
    wanted_ = wanted;
    working_ = working;
    equity_ = equity;
    lot_ = lot;
    judge_ = &judge;
    rounds_ = 0;
    std::copy(working.begin(), working.end(), start_.begin());
    std::fill(kept_.begin(), kept_.end(), std::uint8_t{0});
}

execution::TargetOutcome ResultingBook::outcome(std::size_t i, Quantity target, bool forced) const {
    return judge_->outcome({.symbol = wanted_[i].symbol,
                            .position = wanted_[i].position,
                            .ordered = wanted_[i].ordered,
                            .target = target,
                            .risk_action = forced,
                            .in_parts = working_[i].in_parts});
}

double ResultingBook::weight(std::size_t i, Quantity quantity) const {
    return weight_of(quantity, wanted_[i].price, equity_);
}

void ResultingBook::set_result(std::size_t i, Quantity result) {
    const auto traded = [&](Quantity quantity) {
        return std::abs(weight(i, quantity - wanted_[i].position));
    };
    const double before = weight(i, result_[i]);
    const double after = weight(i, result);
    sums_.gross += std::abs(after) - std::abs(before);
    sums_.net += after - before;
    sums_.traded += traded(result) - traded(result_[i]);
    result_[i] = result;
}

void ResultingBook::judge_all() {
    sums_ = {};
    for (std::size_t i = 0; i < working_.size(); ++i) {
        const Working& target = working_[i];
        refusal_[i] = Reason::none;
        Quantity result = target.target;
        if (!target.fixed && target.target != target.rest) {
            execution::TargetOutcome found = outcome(i, target.target, target.forced);
            // Where nobody has an opinion all that is done is forced.
            if (wanted_[i].hold && found.target != target.rest) {
                found = outcome(i, target.target, true);
            }
            if (found.target != target.target) {
                result = found.target;
                refusal_[i] = found.cut != Reason::none ? found.cut : found.reason;
            }
        }
        result_[i] = wanted_[i].position;
        sums_.gross += std::abs(weight(i, result_[i]));
        sums_.net += weight(i, result_[i]);
        set_result(i, result);
    }
}

bool ResultingBook::within_caps(double gross_max) const {
    return !beyond(sums_.gross, gross_max) &&
           !beyond(std::abs(sums_.net), limits_->net_leverage_max);
}

bool ResultingBook::leave(std::vector<RiskAdjustment>& rows, std::size_t first_row) {
    judge_all();
    // Where nothing was cut, what is left alone takes nothing from the others.
    const bool cut = rows.size() > first_row;
    if (++rounds_ >= kRoundsMax ||
        (!cut && !beyond(std::abs(sums_.net), limits_->net_leverage_max))) {
        return false;
    }
    // What does not pay first: without it the caps may leave the others more than trifles.
    const bool gated =
        std::find(refusal_.begin(), refusal_.end(), Reason::edge_below_cost) != refusal_.end();
    bool any = false;
    for (std::size_t i = 0; i < working_.size(); ++i) {
        Working& target = working_[i];
        const bool leaves = refusal_[i] != Reason::none &&
                            (refusal_[i] == Reason::edge_below_cost) == gated &&
                            short_of(result_[i], target.target);
        if (leaves) {
            any = true;
            asked_[i] = target;
            left_for_[i] = refusal_[i];
            target.rest = result_[i];
            target.rest_weight = target.weight = weight(i, result_[i]);
            target.left = target.fixed = true;
        }
    }
    if (!any) {
        return false;
    }
    std::erase_if(rows, [&, at = std::size_t{0}](const RiskAdjustment& row) mutable {
        return at++ >= first_row && !working_[index(row.symbol)].left;
    });
    for (std::size_t i = 0; i < working_.size(); ++i) {
        Working& target = working_[i];
        if (target.left) {
            continue;
        }
        const Working now = target;
        target = start_[i];
        if (now.released) {
            target.released = target.forced = true;
            target.rest = now.rest;
            target.rest_weight = target.weight = now.rest_weight;
        }
    }
    return true;
}

void ResultingBook::force(std::size_t i) {
    working_[i].forced = true;
    kept_[i] = 0;
    set_result(i, outcome(i, working_[i].target, true).target);
}

void ResultingBook::settle(double gross_max, std::vector<RiskAdjustment>& rows,
                           std::size_t first_row) {
    order_.clear();
    for (std::size_t i = 0; i < working_.size(); ++i) {
        if (refusal_[i] != Reason::none && !working_[i].left &&
            !short_of(result_[i], working_[i].target)) {
            order_.push_back(i);
            kept_[i] = 1;
        }
    }
    if (!within_caps(gross_max)) {
        const auto trim = [&](std::size_t i) {
            return std::abs(weight(i, result_[i] - working_[i].target));
        };
        std::stable_sort(order_.begin(), order_.end(),
                         [&](std::size_t a, std::size_t b) { return trim(a) > trim(b); });
        for (const std::size_t i : order_) {
            if (!beyond(sums_.gross, gross_max)) {
                break;
            }
            force(i);
        }
        for (const std::size_t i : order_) {
            if (!beyond(std::abs(sums_.net), limits_->net_leverage_max)) {
                break;
            }
            if (kept_[i] != 0 && (result_[i].raw() > 0) == (sums_.net > 0)) {
                force(i);
            }
        }
    }
    // What has no opinion and is kept was not touched at all.
    const auto untouched = [&](std::size_t i) { return kept_[i] != 0 && wanted_[i].hold; };
    if (std::none_of(order_.begin(), order_.end(), untouched)) {
        return;
    }
    for (const std::size_t i : order_) {
        if (untouched(i)) {
            working_[i].target = working_[i].rest;
            working_[i].weight = working_[i].rest_weight;
            working_[i].reason = start_[i].reason;
        }
    }
    std::erase_if(rows, [&, at = std::size_t{0}](const RiskAdjustment& row) mutable {
        return at++ >= first_row && untouched(index(row.symbol));
    });
}

void ResultingBook::hand_out(double gross_max, double turnover_max) {
    const double band = judge_->band / equity_.to_double();
    const auto wish = [&](std::size_t i) {
        return start_[i].rest.raw() == 0 ? asked_[i].own : asked_[i].share;
    };
    const auto missing = [&](std::size_t i) { return std::abs(wish(i) - working_[i].rest_weight); };
    order_.clear();
    for (std::size_t i = 0; i < working_.size(); ++i) {
        const bool piece = working_[i].left && left_for_[i] != Reason::edge_below_cost &&
                           asked_[i].reason != Reason::none && !wanted_[i].hold;
        if (piece && missing(i) >= band) {
            order_.push_back(i);
        }
    }
    std::stable_sort(order_.begin(), order_.end(),
                     [&](std::size_t a, std::size_t b) { return missing(a) > missing(b); });
    for (const std::size_t i : order_) {
        hand_to(i, gross_max, turnover_max);
    }
}

// The smallest change towards the wish that execution trades, if it fits.
void ResultingBook::hand_to(std::size_t i, double gross_max, double turnover_max) {
    const double wish = start_[i].rest.raw() == 0 ? asked_[i].own : asked_[i].share;
    const Quantity most = target_quantity(wish, equity_, wanted_[i].price, lot_);
    const Quantity from = working_[i].rest;
    const double lots = std::ceil(judge_->band / notional(wanted_[i].price, lot_) - 1e-9);
    const double room = std::floor(abs(most - from).to_double() / lot_.to_double() + 0.5);
    const double piece = std::max(lots, 1.0);
    if (!(piece <= room)) {
        return;
    }
    const auto raw = static_cast<std::int64_t>(piece) * lot_.raw();
    const Quantity target = from + Quantity::from_raw(most < from ? -raw : raw);
    if (!short_of(from, target) || outcome(i, target, false).target != target) {
        return;
    }
    const BookSums before = sums_;
    set_result(i, target);
    const bool net_fits = std::abs(sums_.net) <= std::abs(before.net) ||
                          !beyond(std::abs(sums_.net), limits_->net_leverage_max);
    if (beyond(sums_.gross, gross_max) || !net_fits || beyond(sums_.traded, turnover_max)) {
        set_result(i, from);
        sums_ = before;
        return;
    }
    asked_[i].target = target;
    asked_[i].weight = weight(i, target);
}

}  // namespace paperd::risk
