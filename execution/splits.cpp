#include "execution/splits.h"

namespace paperd::execution {

void apply_splits(const Slice& slice, Quantity lot, Portfolio& portfolio, Broker& broker,
                  Dividends& dividends, std::vector<CorporateAction>& actions,
                  std::vector<LedgerEntry>& ledger, std::vector<Order>& orders) {
    for (const Split& split : slice.splits) {
        portfolio.split(split, lot, actions, ledger);
        broker.split(split, slice.closed_at, orders);
        dividends.split(split);
    }
}

}  // namespace paperd::execution
