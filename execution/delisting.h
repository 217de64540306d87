// Holdings whose symbol has no bar any more. A delisting is an event; where none says so a holding
// stays at its last close, and is stale. On request a symbol is taken as delisted when it had no
// bar for so many of the venue's sessions while others traded.
//
// A session is a day with a real bar of any symbol; it counts when the first slice of a later day
// comes. With that slice, before its dividends and fills, the position of each symbol that by then
// missed `after_sessions` of them in a row ends: longs at the last close x (1 - loss), half to even
// (the loss rounded to its eighth decimal), shorts at the last close. A bar in that very slice, or
// in any one before, begins the count anew.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "execution/broker.h"
#include "execution/portfolio.h"
#include "execution/types/blob.h"
#include "execution/types/incident.h"
#include "execution/types/slice.h"

namespace paperd::execution {

struct DelistingSettings {
    std::optional<int> after_sessions;  // >= 1; none: a holding stays
    double loss = 0.3;                  // of a long, 0 to 1
};

class Delistings {
public:
    Delistings(std::size_t symbols, DelistingSettings settings);

    // Counts, then ends what it must: working orders are cancelled (cancelled_by_delisting), the
    // position ends, an incident says so. Call it once a slice, warm-up included.
    void on_slice(const Slice& slice, Portfolio& portfolio, Broker& broker,
                  std::vector<CorporateAction>& actions, std::vector<LedgerEntry>& ledger,
                  std::vector<Order>& orders, std::vector<Incident>& incidents);

    void save(BlobWriter& out) const;
    // Fails the reader when the checkpoint is of another number of symbols.
    void load(BlobReader& in);

private:
    struct Absence {
        std::int32_t sessions = 0;  // in a row without a bar, ended ones
        std::uint8_t seen = 0;      // a bar in the session at hand
    };

    void count(const Slice& slice);
    void end(SymbolId symbol, const Slice& slice, Portfolio& portfolio, Broker& broker,
             std::vector<CorporateAction>& actions, std::vector<LedgerEntry>& ledger,
             std::vector<Order>& orders, std::vector<Incident>& incidents) const;

    DelistingSettings settings_;
    Day day_{};                    // of the session at hand
    std::uint8_t any_ = 0;         // a real bar of any symbol in it
    std::vector<Absence> absent_;  // by symbol; empty where nothing is assumed
};

}  // namespace paperd::execution
