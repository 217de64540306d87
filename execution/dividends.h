// Dividends from the steps of adj_close / close: D = c0 (1 - f0/f1), credited on the ex-date,
// before fills, to the quantity held at the close before. A step up of 3 bp to 10% is a dividend; a
// larger one too, with an incident; a step down is ignored, unless it undoes (within 10%) the
// credit of the bar before: then that credit is taken back, with an incident.
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
    double step_usual_max = 0.10;
    double undo_tolerance = 0.10;
};

class Dividends {
public:
    Dividends(std::size_t symbols, DividendSettings settings);

    // Reads the slice's steps and books what they mean for the positions held: call it before the
    // slice's fills. Each dividend is an action, also of a symbol that is not held. In warm-up it
    // only remembers prices; synthetic bars are passed over. A reversal takes back the amount that
    // was credited, whatever is held by then.
    void on_slice(const Slice& slice, Portfolio& portfolio, std::vector<CorporateAction>& actions,
                  std::vector<LedgerEntry>& ledger, std::vector<Incident>& incidents);

    void save(BlobWriter& out) const;
    // Fails the reader when the checkpoint is of another number of symbols.
    void load(BlobReader& in);

private:
    // What one symbol's bar before said. A close of 0: there was none.
    struct Before {
        Price close;
        Price adj_close;
        double step = 0;  // f1/f0 - 1 of the dividend that bar credited; 0: it credited none
        CorporateAction credit;
    };

    [[nodiscard]] bool undoes(double step, double credited) const;
    void credit(const Bar& bar, Before& before, double step, Portfolio& portfolio,
                std::vector<CorporateAction>& actions, std::vector<LedgerEntry>& ledger,
                std::vector<Incident>& incidents) const;
    static void take_back(const Before& before, double step, Portfolio& portfolio,
                          std::vector<CorporateAction>& actions, std::vector<LedgerEntry>& ledger,
                          std::vector<Incident>& incidents);

    DividendSettings settings_;
    std::vector<Before> before_;
};

}  // namespace paperd::execution
