#include "execution/interest.h"

namespace paperd::execution {
namespace {

constexpr int kDaysOfYear = 360;  // act/360, the money market's convention

Money accrued(Money amount, double rate_year, int days) {
    const __int128 rate = Money::nearest(rate_year).raw();
    return Money::from_raw(
        divide_half_even(rate * amount.raw() * days, static_cast<__int128>(kScale) * kDaysOfYear));
}

}  // namespace

void book_interest(Portfolio& portfolio, const CostSettings& costs, int days,
                   std::vector<LedgerEntry>& ledger) {
    CHECK(days >= 1, "interest is for at least a day");
    Money free = portfolio.cash();
    for (std::size_t i = 0; i < portfolio.symbols(); ++i) {
        const SymbolId symbol = symbol_id(i);
        const Quantity held = portfolio.position(symbol).quantity;
        if (held.raw() >= 0) {
            continue;
        }
        const Money value = portfolio.mark_price(symbol) * -held;
        free -= value;
        portfolio.book(LedgerKind::short_rebate, symbol,
                       accrued(value, costs.short_rebate_rate, days), ledger);
        portfolio.book(LedgerKind::borrow, symbol, -accrued(value, costs.borrow_rate_year, days),
                       ledger);
    }
    if (free.raw() < 0) {
        portfolio.book(LedgerKind::margin_interest, kNoSymbol,
                       accrued(free, costs.margin_rate, days), ledger);
    } else {
        portfolio.book(LedgerKind::interest, kNoSymbol, accrued(free, costs.cash_rate, days),
                       ledger);
    }
}

}  // namespace paperd::execution
