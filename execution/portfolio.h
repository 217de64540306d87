// The account: positions and cash as the sums of what was booked. Every change is a LedgerEntry or
// a Fill; balance() re-derives the cash from the running ledger total and CHECKs it to the last
// integer.
#pragma once

#include <vector>

#include "execution/types/blob.h"
#include "execution/types/corporate_action.h"
#include "execution/types/fill.h"
#include "execution/types/ledger_entry.h"
#include "execution/types/position.h"
#include "execution/types/slice.h"
#include "execution/types/step.h"

namespace paperd::execution {

class Portfolio {
public:
    explicit Portfolio(std::size_t symbols);

    // Books the starting cash.
    void deposit(Money amount, std::vector<LedgerEntry>& ledger);

    // Books a fill: trade and commission entries, position, cost, realized. `at` is the slice's
    // close.
    void apply(const Fill& fill, Timestamp at, std::vector<LedgerEntry>& ledger);

    // Books a cash amount that belongs to no fill (dividend, reversal, borrow, interest). A zero
    // amount books nothing.
    void book(LedgerKind kind, SymbolId symbol, Money amount, std::vector<LedgerEntry>& ledger);

    // The newest unadjusted close of each symbol with a bar; positions are valued at the last known
    // one.
    void mark(const Slice& slice);

    [[nodiscard]] const Position& position(SymbolId symbol) const;
    [[nodiscard]] Price mark_price(SymbolId symbol) const;  // Price{} before the first
    [[nodiscard]] Money cash() const;
    [[nodiscard]] std::size_t symbols() const;

    // Cash, value, gross, net; updates the peak.
    Equity equity();

    // CHECKs cash == sum of all ledger amounts, and each quantity == sum of its fills.
    void check_balance() const;

    void save(BlobWriter& out) const;
    void load(BlobReader& in);

private:
    // (the owner of this file)
};

}  // namespace paperd::execution
