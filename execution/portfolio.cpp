#include "execution/portfolio.h"

#include <algorithm>

#include "execution/types/section_tag.h"

namespace paperd::execution {
namespace {

constexpr std::uint32_t kSection = section_tag("PORT");

bool opposite(Quantity a, Quantity b) {
    return (a.raw() > 0 && b.raw() < 0) || (a.raw() < 0 && b.raw() > 0);
}

}  // namespace

Portfolio::Portfolio(std::size_t symbols) : accounts_(symbols) {}

void Portfolio::enter(LedgerKind kind, SymbolId symbol, std::int64_t fill, Money amount,
                      std::vector<LedgerEntry>& ledger) {
    ledger.push_back({.kind = kind, .symbol = symbol, .fill = fill, .amount = amount});
    ledger_sum_ += amount;
}

void Portfolio::deposit(Money amount, std::vector<LedgerEntry>& ledger) {
    enter(LedgerKind::deposit, kNoSymbol, 0, amount, ledger);
    cash_ += amount;
}

void Portfolio::apply(const Fill& fill, Timestamp at, std::vector<LedgerEntry>& ledger) {
    CHECK(fill.quantity.raw() != 0, "a fill has a quantity");
    Account& account = accounts_.at(index(fill.symbol));
    Position& position = account.position;
    const Quantity before = position.quantity;
    const Quantity after = before + fill.quantity;
    const Money amount = fill.price * fill.quantity;

    if (!opposite(before, fill.quantity)) {
        position.cost += amount;
    } else if (!opposite(before, after)) {
        const Money released = pro_rata(position.cost, -fill.quantity, before);
        position.realized -= amount + released;
        position.cost -= released;
    } else {
        const Money closing = fill.price * -before;
        position.realized -= closing + position.cost;
        position.cost = amount - closing;
    }
    if (before.raw() == 0 || opposite(before, after)) {
        position.since = at;
    }
    position.quantity = after;
    cash_ -= amount + fill.commission;

    account.fill_sum += fill.quantity;
    account.trade_sum -= amount;
    enter(LedgerKind::trade, fill.symbol, fill.id, -amount, ledger);
    if (fill.commission.raw() != 0) {
        enter(LedgerKind::commission, fill.symbol, fill.id, -fill.commission, ledger);
    }
}

void Portfolio::book(LedgerKind kind, SymbolId symbol, Money amount,
                     std::vector<LedgerEntry>& ledger) {
    CHECK(kind != LedgerKind::trade && kind != LedgerKind::commission &&
              kind != LedgerKind::settlement && kind != LedgerKind::split,
          "amounts that change a position are booked with it");
    if (amount.raw() == 0) {
        return;
    }
    enter(kind, symbol, 0, amount, ledger);
    cash_ += amount;
}

void Portfolio::change(SymbolId symbol, const CorporateAction& action, LedgerKind kind,
                       std::vector<CorporateAction>& actions, std::vector<LedgerEntry>& ledger) {
    Account& account = accounts_.at(index(symbol));
    actions.push_back(action);
    account.position.quantity = action.held_after;
    account.fill_sum += action.held_after - action.held;
    account.trade_sum += action.amount;
    if (action.amount.raw() != 0) {
        enter(kind, symbol, 0, action.amount, ledger);
        cash_ += action.amount;
    }
}

void Portfolio::end(SymbolId symbol, CorporateActionKind kind, Price price,
                    std::vector<CorporateAction>& actions, std::vector<LedgerEntry>& ledger) {
    Position& position = accounts_.at(index(symbol)).position;
    if (position.quantity.raw() == 0) {
        return;
    }
    const Money worth = price * position.quantity;
    position.realized += worth - position.cost;
    position.cost = Money{};
    change(symbol,
           {.symbol = symbol,
            .kind = kind,
            .per_share = price,
            .held = position.quantity,
            .held_after = {},
            .amount = worth},
           LedgerKind::settlement, actions, ledger);
}

void Portfolio::split(const Split& split, Quantity lot, std::vector<CorporateAction>& actions,
                      std::vector<LedgerEntry>& ledger) {
    Account& account = accounts_.at(index(split.symbol));
    Position& position = account.position;
    const Quantity held = position.quantity;
    const Quantity after = split_quantity(held, split, lot);
    // Both in new shares x old_shares, so that they are whole: the product, and its rest.
    const __int128 whole = static_cast<__int128>(held.raw()) * split.new_shares;
    const __int128 rest = whole - static_cast<__int128>(after.raw()) * split.old_shares;
    const Money paid = Money::from_raw(divide_half_even(
        rest * account.mark.raw(), static_cast<__int128>(split.new_shares) * kScale));
    if (rest != 0) {
        const __int128 sign = whole < 0 ? -1 : 1;
        const Money released =
            Money::from_raw(divide_half_even(sign * rest * position.cost.raw(), sign * whole));
        position.realized += paid - released;
        position.cost -= released;
    }
    account.mark = split_price(account.mark, split);
    change(split.symbol,
           {.symbol = split.symbol,
            .kind = CorporateActionKind::split,
            .per_share = account.mark,
            .held = held,
            .held_after = after,
            .amount = paid},
           LedgerKind::split, actions, ledger);
}

void Portfolio::mark(const Slice& slice) {
    for (const Bar& bar : slice.bars) {
        if (!bar.synthetic) {
            accounts_.at(index(bar.symbol)).mark = bar.close;
        }
    }
}

const Position& Portfolio::position(SymbolId symbol) const {
    return accounts_.at(index(symbol)).position;
}

Price Portfolio::mark_price(SymbolId symbol) const { return accounts_.at(index(symbol)).mark; }

Money Portfolio::cash() const { return cash_; }

std::size_t Portfolio::symbols() const { return accounts_.size(); }

Equity Portfolio::equity() {
    Equity equity;
    equity.cash = cash_;
    for (const Account& account : accounts_) {
        if (account.position.quantity.raw() != 0) {
            const Money value = account.mark * account.position.quantity;
            equity.value += value;
            equity.gross += abs(value);
        }
    }
    equity.net = equity.value;
    equity.equity = equity.cash + equity.value;
    peak_ = std::max(peak_, equity.equity);
    equity.peak = peak_;
    return equity;
}

void Portfolio::check_balance() const {
    CHECK(cash_ == ledger_sum_, "cash is not the sum of the ledger");
    for (const Account& account : accounts_) {
        const Position& position = account.position;
        CHECK(position.quantity == account.fill_sum,
              "a position is not the sum of its fills and corporate actions");
        CHECK(position.realized - position.cost == account.trade_sum,
              "realized less cost is not what the trades brought");
        CHECK(position.quantity.raw() != 0 || position.cost.raw() == 0,
              "a flat position has a cost");
    }
}

void Portfolio::save(BlobWriter& out) const {
    out.put(kSection);
    out.put(static_cast<std::uint64_t>(accounts_.size()));
    for (const Account& account : accounts_) {
        out.put(account.position.quantity.raw());
        out.put(account.position.cost.raw());
        out.put(account.position.realized.raw());
        out.put(to_ns(account.position.since));
        out.put(account.mark.raw());
        out.put(account.fill_sum.raw());
        out.put(account.trade_sum.raw());
    }
    out.put(cash_.raw());
    out.put(ledger_sum_.raw());
    out.put(peak_.raw());
}

void Portfolio::load(BlobReader& in) {
    in.expect(kSection);
    if (in.get<std::uint64_t>() != accounts_.size()) {
        in.fail();
        return;
    }
    for (Account& account : accounts_) {
        account.position.quantity = Quantity::from_raw(in.get<std::int64_t>());
        account.position.cost = Money::from_raw(in.get<std::int64_t>());
        account.position.realized = Money::from_raw(in.get<std::int64_t>());
        account.position.since = from_ns(in.get<std::int64_t>());
        account.mark = Price::from_raw(in.get<std::int64_t>());
        account.fill_sum = Quantity::from_raw(in.get<std::int64_t>());
        account.trade_sum = Money::from_raw(in.get<std::int64_t>());
    }
    cash_ = Money::from_raw(in.get<std::int64_t>());
    ledger_sum_ = Money::from_raw(in.get<std::int64_t>());
    peak_ = Money::from_raw(in.get<std::int64_t>());
}

}  // namespace paperd::execution
