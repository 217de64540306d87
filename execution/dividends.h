// Dividends from the steps of adj_close / close: D = c0 (1 - f0/f1), credited on the ex-date,
// before fills, to the quantity held at the close before. With `step` = f1/f0 - 1 of a bar against
// the symbol's bar before:
//   step_min <= step <= step_max  a dividend, unless it undoes a step down of the bar before
//   step > step_max               credited only when an event confirms it; else an incident with
//                                 its amount
//   step < 0                      ignored, unless it undoes the credit of the bar before: that
//                                 credit is taken back, with an incident
// A step undoes the one before when both together leave no more than undo_tolerance of it:
// |(1 + step)(1 + step before) - 1| <= undo_tolerance x |step before|. A step down counts for the
// bar after it also where it took a credit back, and in warm-up.
#pragma once

#include <vector>

#include "execution/portfolio.h"
#include "execution/types/blob.h"
#include "execution/types/corporate_action.h"
#include "execution/types/incident.h"
#include "execution/types/slice.h"

namespace paperd::execution {

struct DividendSettings {
    double step_min = 0.0003;
    double step_max = 0.25;
    double undo_tolerance = 0.10;
};

class Dividends {
public:
    Dividends(std::size_t symbols, DividendSettings settings);

    // Reads the slice's steps and books what they mean for the positions held: call it before the
    // slice's fills. Each dividend is an action, also of a symbol that is not held; what is not
    // credited is none. In warm-up it only remembers; synthetic bars are passed over. A reversal
    // takes back the amount that was credited, whatever is held by then.
    void on_slice(const Slice& slice, Portfolio& portfolio, std::vector<CorporateAction>& actions,
                  std::vector<LedgerEntry>& ledger, std::vector<Incident>& incidents);

    // The symbol's prices of the bar before, in new shares.
    void split(const Split& split);

    void save(BlobWriter& out) const;
    // Fails the reader when the checkpoint is of another number of symbols.
    void load(BlobReader& in);

private:
    // What one symbol's bar before said. A close of 0: there was none.
    struct Before {
        Price close;
        Price adj_close;
        double step = 0;  // > 0: it credited that; < 0: it stepped down; 0: neither
        CorporateAction credit;
    };

    // What this bar leaves for the next one to undo.
    double read(const Bar& bar, double step, Before& before, Portfolio& portfolio,
                std::vector<CorporateAction>& actions, std::vector<LedgerEntry>& ledger,
                std::vector<Incident>& incidents) const;
    [[nodiscard]] bool undoes(double step, double before) const;

    DividendSettings settings_;
    std::vector<Before> before_;
};

}  // namespace paperd::execution
