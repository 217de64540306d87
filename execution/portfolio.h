// The account: positions and cash as the sums of what was booked. Every change is a LedgerEntry or
// a Fill; check_balance() holds cash, quantities and costs against sums that are kept apart, to the
// last integer.
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
    // close. A reduction takes its share of the cost with it; a fill through zero closes the old
    // position and opens the new one with what is left of the fill's amount.
    void apply(const Fill& fill, Timestamp at, std::vector<LedgerEntry>& ledger);

    // Books a cash amount that changes no position (dividend, reversal, borrow, interest, ...). A
    // zero amount books nothing.
    void book(LedgerKind kind, SymbolId symbol, Money amount, std::vector<LedgerEntry>& ledger);

    // Ends the position, if there is one, at that price, without cost: what is held becomes cash.
    // The action, of that kind (settlement, delisting), and the ledger's entry say so.
    void end(SymbolId symbol, CorporateActionKind kind, Price price,
             std::vector<CorporateAction>& actions, std::vector<LedgerEntry>& ledger);

    // The symbol's position and mark in new shares (execution/splits.h); one action, and an entry
    // for the rest where one is paid.
    void split(const Split& split, Quantity lot, std::vector<CorporateAction>& actions,
               std::vector<LedgerEntry>& ledger);

    // The newest unadjusted close of each symbol with a bar; positions are valued at the last known
    // one. Synthetic bars know no price and mark nothing.
    void mark(const Slice& slice);

    [[nodiscard]] const Position& position(SymbolId symbol) const;
    [[nodiscard]] Price mark_price(SymbolId symbol) const;  // Price{} before the first
    [[nodiscard]] Money cash() const;
    [[nodiscard]] std::size_t symbols() const;

    // Cash, value, gross, net; updates the peak.
    Equity equity();

    // CHECKs cash == sum of all ledger amounts; of each symbol quantity == sum of its fills and of
    // what corporate actions changed, realized - cost == sum of what they brought, and no cost
    // without a quantity.
    void check_balance() const;

    void save(BlobWriter& out) const;
    // Fails the reader when the checkpoint is of another number of symbols.
    void load(BlobReader& in);

private:
    struct Account {
        Position position;
        Price mark;
        // Only added to and compared with: what the ledger, the fills and the corporate actions
        // say by themselves.
        Quantity fill_sum;
        Money trade_sum;
    };

    void enter(LedgerKind kind, SymbolId symbol, std::int64_t fill, Money amount,
               std::vector<LedgerEntry>& ledger);
    // What a corporate action did to quantity and cash; cost and realized are the caller's.
    void change(SymbolId symbol, const CorporateAction& action, LedgerKind kind,
                std::vector<CorporateAction>& actions, std::vector<LedgerEntry>& ledger);

    std::vector<Account> accounts_;
    Money cash_;
    Money ledger_sum_;
    Money peak_;
};

}  // namespace paperd::execution
