#include "risk/account_watch.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "execution/types/check.h"

namespace paperd::risk {
namespace {

double loss_from(Money reference, Money now) {
    return reference.raw() > 0 ? (reference - now).to_double() / reference.to_double() : 0;
}

}  // namespace

AccountWatch::AccountWatch(const Limits& limits)
    : returns_max_(static_cast<std::size_t>(std::max(limits.var_lookback_bars, 0))),
      returns_min_(static_cast<std::size_t>(std::max(limits.var_returns_min, 0))),
      lambda_(limits.ewma_lambda) {
    CHECK(returns_min_ >= 2 && returns_max_ >= returns_min_,
          "VaR needs at least two returns and a lookback that holds var_returns_min");
    CHECK(lambda_ > 0 && lambda_ < 1, "ewma_lambda lies between 0 and 1");
    returns_.reserve(returns_max_);
    scratch_.reserve(returns_max_);
}

void AccountWatch::on_equity(Day day, Money equity) {
    enter(day);
    if (!has_equity_) {
        has_equity_ = true;
        last_ = equity;
        restart_references();
        return;
    }
    if (last_.raw() > 0) {
        if (returns_.size() == returns_max_) {
            returns_.erase(returns_.begin());
        }
        returns_.push_back(equity.to_double() / last_.to_double() - 1);
        measure_tail();
    }
    last_ = equity;
    peak_ = std::max(peak_, equity);
}

void AccountWatch::on_fill(Day day, Money notional) {
    enter(day);
    // Saturates: a limit's input, which a day of many large trades may fill up.
    const Money room = Money::from_raw(std::numeric_limits<std::int64_t>::max()) - traded_today_;
    traded_today_ += std::min(abs(notional), room);
}

void AccountWatch::restart_references() {
    peak_ = last_;
    day_start_ = last_;
}

double AccountWatch::daily_loss() const { return loss_from(day_start_, last_); }

double AccountWatch::drawdown() const { return loss_from(peak_, last_); }

void AccountWatch::enter(Day day) {
    if (day == day_) {
        return;
    }
    day_ = day;
    day_start_ = last_;
    traded_today_ = Money{};
}

void AccountWatch::measure_tail() {
    tail_.known = returns_.size() >= returns_min_;
    if (!tail_.known) {
        return;
    }
    scratch_.assign(returns_.begin(), returns_.end());
    tail_.historical = historical_tail(scratch_);
    tail_.ewma = ewma_tail(returns_, lambda_);
}

void AccountWatch::save(BlobWriter& out) const {
    out.put(has_equity_);
    out.put(day_number(day_));
    out.put(last_);
    out.put(day_start_);
    out.put(peak_);
    out.put(traded_today_);
    out.put_vector(returns_);
}

void AccountWatch::load(BlobReader& in) {
    const auto has_equity = in.get<std::uint8_t>();
    const auto day = in.get<std::int32_t>();
    const auto last = in.get<Money>();
    const auto day_start = in.get<Money>();
    const auto peak = in.get<Money>();
    const auto traded_today = in.get<Money>();
    const auto returns = in.get_vector<double>();
    const bool finite =
        std::all_of(returns.begin(), returns.end(), [](double r) { return std::isfinite(r); });
    if (in.failed() || has_equity > 1 || returns.size() > returns_max_ || !finite) {
        in.fail();
        return;
    }
    has_equity_ = has_equity == 1;
    day_ = day_from_number(day);
    last_ = last;
    day_start_ = day_start;
    peak_ = peak;
    traded_today_ = traded_today;
    returns_.assign(returns.begin(), returns.end());
    tail_ = {};
    measure_tail();
}

}  // namespace paperd::risk
