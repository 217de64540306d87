#include "execution/dividends.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace paperd::execution {
namespace {

constexpr std::uint32_t kSection = 0x49564944;  // "DIVI"

// c0 (1 - f0/f1) with f = adjusted / unadjusted, rearranged so that it needs one rounding:
// c0 - a0 c1 / a1. Only for a step up, where the quotient is less than c0.
Price per_share(Price close_before, Price adj_before, const Bar& bar) {
    const __int128 product = static_cast<__int128>(adj_before.raw()) * bar.close.raw();
    return close_before - Price::from_raw(divide_half_even(product, bar.adj_close.raw()));
}

}  // namespace

Dividends::Dividends(std::size_t symbols, DividendSettings settings)
    : settings_(settings), before_(symbols) {}

// No logarithms: the answer must not depend on the C library.
bool Dividends::undoes(double step, double before) const {
    const double left = (1 + step) * (1 + before) - 1;
    return step * before < 0 && std::abs(left) <= settings_.undo_tolerance * std::abs(before);
}

void Dividends::on_slice(const Slice& slice, Portfolio& portfolio,
                         std::vector<CorporateAction>& actions, std::vector<LedgerEntry>& ledger,
                         std::vector<Incident>& incidents) {
    for (const Bar& bar : slice.bars) {
        if (bar.synthetic) {
            continue;
        }
        Before& before = before_.at(index(bar.symbol));
        double left = 0;
        if (before.close.raw() > 0) {
            const double factor_before = before.adj_close.to_double() / before.close.to_double();
            const double step =
                bar.adj_close.to_double() / bar.close.to_double() / factor_before - 1;
            left = slice.warmup ? std::min(step, 0.0)
                                : read(bar, step, before, portfolio, actions, ledger, incidents);
        }
        before.close = bar.close;
        before.adj_close = bar.adj_close;
        before.step = left;
    }
}

double Dividends::read(const Bar& bar, double step, Before& before, Portfolio& portfolio,
                       std::vector<CorporateAction>& actions, std::vector<LedgerEntry>& ledger,
                       std::vector<Incident>& incidents) const {
    const auto say = [&](const char* kind, std::string text) {
        incidents.push_back({Severity::warning, kind, bar.symbol, std::move(text)});
    };
    if (step < 0) {
        if (before.step > 0 && undoes(step, before.step)) {
            CorporateAction reversal = before.credit;
            reversal.kind = CorporateActionKind::dividend_reversal;
            reversal.amount = -before.credit.amount;
            actions.push_back(reversal);
            portfolio.book(LedgerKind::dividend_reversal, bar.symbol, reversal.amount, ledger);
            say("dividend_reversed",
                fmt::format("adj_close / close steps down by {:.2f} % and undoes the step of the "
                            "bar before; the dividend of {} a share is taken back",
                            -step * 100, reversal.per_share.text()));
        }
        return step;
    }
    if (step < settings_.step_min) {
        return 0;
    }
    const Price dividend = per_share(before.close, before.adj_close, bar);
    const Quantity held = portfolio.position(bar.symbol).quantity;
    const std::string what = fmt::format("a dividend of {} a share, {} for the {} held",
                                         dividend.text(), (dividend * held).text(), held.text());
    if (before.step < 0 && undoes(step, before.step)) {
        say("dividend_not_credited",
            fmt::format("adj_close / close steps up by {:.2f} % and undoes the step down of the "
                        "bar before: {}, is not credited",
                        step * 100, what));
        return 0;
    }
    if (step > settings_.step_max) {
        say("large_dividend",
            fmt::format("adj_close / close steps up by {:.2f} %, more than {:.2f} %, and no event "
                        "confirms it: {}, is not credited",
                        step * 100, settings_.step_max * 100, what));
        return 0;
    }
    before.credit = {.symbol = bar.symbol,
                     .kind = CorporateActionKind::dividend,
                     .per_share = dividend,
                     .held = held,
                     .held_after = held,
                     .amount = dividend * held};
    actions.push_back(before.credit);
    portfolio.book(LedgerKind::dividend, bar.symbol, before.credit.amount, ledger);
    return step;
}

void Dividends::split(const Split& split) {
    Before& before = before_.at(index(split.symbol));
    before.close = split_price(before.close, split);
    before.adj_close = split_price(before.adj_close, split);
}

void Dividends::save(BlobWriter& out) const {
    out.put(kSection);
    out.put(static_cast<std::uint64_t>(before_.size()));
    for (const Before& before : before_) {
        out.put(before.close.raw());
        out.put(before.adj_close.raw());
        out.put(before.step);
        out.put(before.credit.per_share.raw());
        out.put(before.credit.held.raw());
        out.put(before.credit.amount.raw());
    }
}

void Dividends::load(BlobReader& in) {
    in.expect(kSection);
    if (in.get<std::uint64_t>() != before_.size()) {
        in.fail();
        return;
    }
    for (std::size_t i = 0; i < before_.size(); ++i) {
        Before& before = before_[i];
        before.close = Price::from_raw(in.get<std::int64_t>());
        before.adj_close = Price::from_raw(in.get<std::int64_t>());
        before.step = in.get<double>();
        before.credit = {.symbol = symbol_id(i),
                         .kind = CorporateActionKind::dividend,
                         .per_share = Price::from_raw(in.get<std::int64_t>()),
                         .held = Quantity::from_raw(in.get<std::int64_t>()),
                         .held_after = {},
                         .amount = Money::from_raw(in.get<std::int64_t>())};
        before.credit.held_after = before.credit.held;
    }
}

}  // namespace paperd::execution
