// A slice's splits on everything of the account that is counted in shares: the position, what works
// for it, and what the dividends remember. (The rings are the strategy's business.) In one step,
// before dividends and fills:
//   position  quantity x ratio, towards zero to a lot; the rest is paid in cash at the close before
//             / ratio, as one exact fraction rounded half to even; the cost loses the rest's share,
//             pro rata, half to even; the mark becomes the close before / ratio, half to even
//   orders    execution/broker.h
//   dividends the close and adj_close before / ratio, half to even
#pragma once

#include <vector>

#include "execution/broker.h"
#include "execution/dividends.h"
#include "execution/portfolio.h"
#include "execution/types/slice.h"

namespace paperd::execution {

// In the order of slice.splits; each is an action, also of a symbol that is not held, and in
// warm-up.
void apply_splits(const Slice& slice, Quantity lot, Portfolio& portfolio, Broker& broker,
                  Dividends& dividends, std::vector<CorporateAction>& actions,
                  std::vector<LedgerEntry>& ledger, std::vector<Order>& orders);

}  // namespace paperd::execution
