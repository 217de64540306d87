#include "execution/account_range.h"

#include <algorithm>
#include <cmath>

namespace paperd::execution {
namespace {

constexpr double kBasisPoint = 1e-4;
constexpr double kDaysOfYear = 360;

}  // namespace

AccountRange::AccountRange(std::size_t symbols, const CostSettings& costs)
    : costs_(costs),
      fees_(fee_terms(costs)),
      highest_(symbols),
      ordered_(symbols),
      fills_(symbols),
      shares_(symbols) {}

std::optional<OutOfRange> AccountRange::beyond(const Slice& slice, const Portfolio& portfolio,
                                               const Broker& broker, std::int64_t days) {
    for (std::size_t i = 0; i < highest_.size(); ++i) {
        highest_[i] = portfolio.mark_price(symbol_id(i));
        ordered_[i] = 0;
        fills_[i] = 0;
        shares_[i] = 1;
    }
    for (const Split& split : slice.splits) {
        const std::size_t i = index(split.symbol);
        shares_[i] /= split.price_factor();
        highest_[i] = split_price(highest_[i], split);
    }
    for (const Bar& bar : slice.bars) {
        highest_[index(bar.symbol)] = std::max(highest_[index(bar.symbol)], bar.high);
    }
    for (const Order& order : broker.working()) {
        const std::size_t i = index(order.symbol);
        ++fills_[i];
        ordered_[i] += abs(order.open_quantity()).to_double() * shares_[i];
        Price decision = order.decision_price;  // the delay cost's other end
        for (const Split& split : slice.splits) {
            decision = split.symbol == order.symbol ? split_price(decision, split) : decision;
        }
        highest_[i] = std::max(highest_[i], decision);
    }
    const double years = static_cast<double>(days) / kDaysOfYear;
    // Half spread and slippage, and impact, which is the whole price at most.
    const double price_factor =
        2 + (costs_.spread_bps_max / 2 + slippage_bps(costs_)) * kBasisPoint;
    const double cash = std::abs(portfolio.cash().to_double());
    const double cash_rate = std::max(costs_.margin_rate, std::abs(costs_.cash_rate));
    double interest = cash * cash_rate * years;
    double total = cash;
    OutOfRange heaviest;
    double weight = 0;
    double alone_max = 0;
    for (std::size_t i = 0; i < highest_.size(); ++i) {
        const Position& position = portfolio.position(symbol_id(i));
        const double held = std::abs(position.quantity.to_double());
        const double mark = portfolio.mark_price(symbol_id(i)).to_double();
        const double high = highest_[i].to_double();
        double paid = 0;
        if (ordered_[i] > 0) {
            paid = ordered_[i] * (high * price_factor + costs_.tick_size / 2);
            paid += fees_at_most(fees_, paid, ordered_[i], fills_[i]);
        }
        if (position.quantity.raw() < 0) {
            // Its value may be missing in free cash, too.
            const double rates =
                costs_.borrow_rate_year + std::abs(costs_.short_rebate_rate) + cash_rate;
            interest += held * mark * rates * years;
        }
        const double shares_after = held * shares_[i] + ordered_[i];
        // The number of shares itself has the range of money, which a split may leave.
        const double change =
            held * mark + paid + shares_after * (shares_[i] > 1 ? std::max(high, 1.0) : high);
        const double alone =
            change + std::abs(position.realized.to_double()) + std::abs(position.cost.to_double());
        total += change;
        alone_max = std::max(alone_max, alone);
        if (alone > weight) {
            weight = alone;
            heaviest.symbol = symbol_id(i);
        }
    }
    total += interest;
    heaviest.amount = std::max(total, alone_max);
    if (heaviest.amount <= kAccountMax) {
        return std::nullopt;
    }
    if (interest > weight) {
        heaviest.symbol = kNoSymbol;
    }
    return heaviest;
}

}  // namespace paperd::execution
