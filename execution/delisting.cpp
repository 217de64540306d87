#include "execution/delisting.h"

#include <fmt/format.h>

#include "execution/types/section_tag.h"

namespace paperd::execution {
namespace {

constexpr std::uint32_t kSection = section_tag("DLST");

Price less(Price price, double loss) {
    const std::int64_t kept = kScale - Money::nearest(loss).raw();
    return Price::from_raw(divide_half_even(static_cast<__int128>(price.raw()) * kept, kScale));
}

}  // namespace

Delistings::Delistings(std::size_t symbols, DelistingSettings settings)
    : settings_(settings), absent_(settings.after_sessions ? symbols : 0) {}

void Delistings::count(const Slice& slice) {
    if (slice.day != day_) {
        for (Absence& absence : absent_) {
            absence.sessions = absence.seen != 0 ? 0 : absence.sessions + any_;
            absence.seen = 0;
        }
        day_ = slice.day;
        any_ = 0;
    }
    for (const Bar& bar : slice.bars) {
        if (!bar.synthetic) {
            absent_.at(index(bar.symbol)) = {.sessions = 0, .seen = 1};
            any_ = 1;
        }
    }
}

void Delistings::on_slice(const Slice& slice, Portfolio& portfolio, Broker& broker,
                          std::vector<CorporateAction>& actions, std::vector<LedgerEntry>& ledger,
                          std::vector<Order>& orders, std::vector<Incident>& incidents) {
    if (!settings_.after_sessions) {
        return;
    }
    count(slice);
    for (std::size_t i = 0; i < absent_.size(); ++i) {
        if (absent_[i].sessions >= *settings_.after_sessions) {
            end(symbol_id(i), slice, portfolio, broker, actions, ledger, orders, incidents);
        }
    }
}

void Delistings::end(SymbolId symbol, const Slice& slice, Portfolio& portfolio, Broker& broker,
                     std::vector<CorporateAction>& actions, std::vector<LedgerEntry>& ledger,
                     std::vector<Order>& orders, std::vector<Incident>& incidents) const {
    broker.cancel(symbol, Reason::cancelled_by_delisting, slice.closed_at, orders);
    const Quantity held = portfolio.position(symbol).quantity;
    if (held.raw() == 0) {
        return;
    }
    const Price last = portfolio.mark_price(symbol);
    const Price price = held.raw() > 0 ? less(last, settings_.loss) : last;
    portfolio.end(symbol, CorporateActionKind::delisting, price, actions, ledger);
    incidents.push_back(
        {Severity::warning, "assumed_delisted", symbol,
         fmt::format("{} are held and there was no bar for {} sessions: taken as delisted, and "
                     "settled at {} (the last close is {})",
                     held.text(), absent_[index(symbol)].sessions, price.text(), last.text())});
}

void Delistings::save(BlobWriter& out) const {
    out.put(kSection);
    out.put(static_cast<std::uint64_t>(absent_.size()));
    out.put(day_number(day_));
    out.put(any_);
    for (const Absence& absence : absent_) {
        out.put(absence.sessions);
        out.put(absence.seen);
    }
}

void Delistings::load(BlobReader& in) {
    in.expect(kSection);
    if (in.get<std::uint64_t>() != absent_.size()) {
        in.fail();
        return;
    }
    day_ = day_from_number(in.get<std::int32_t>());
    any_ = in.get<std::uint8_t>();
    for (Absence& absence : absent_) {
        absence.sessions = in.get<std::int32_t>();
        absence.seen = in.get<std::uint8_t>();
    }
}

}  // namespace paperd::execution
