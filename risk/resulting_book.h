// The book that results if every order fills at this close, which is what the caps are for. It is
// not the targets: execution leaves small changes alone and refuses increases that do not pay. So
// the checks are repeated with what is left alone in its place (leave), and then
//  - settle: what a cap would trim by less than the band stays as it is while the whole book obeys
//    the caps; else the largest of these trims is traded, band or not, until it does. Ties in the
//    order of symbols.
//  - hand_out: what the caps of the whole book cut into pieces below the band (or the lot) is given
//    out in pieces of the band, to the largest wishes first, ties in the order of symbols, while
//    there is room; so that no limit and band can starve each other. Those are symbols that are
//    flat, and symbols of which only the day's turnover is cut.
// Deterministic; the repetitions are bounded.
#pragma once

#include <span>
#include <vector>

#include "execution/types/decision.h"
#include "execution/types/fixed.h"
#include "risk/limits.h"
#include "risk/target_rules.h"
#include "risk/targets.h"

namespace paperd::risk {

// Of the resulting book, in fractions of equity.
struct BookSums {
    double gross = 0;
    double net = 0;
    double traded = 0;  // on the way there from the positions
};

class ResultingBook {
public:
    // As many symbols as the spans will have.
    explicit ResultingBook(std::size_t symbols);

    // Of one slice, before the first check; `working` as the checks will find it. Everything
    // outlives the slice. equity > 0.
    void begin(const Limits& limits, std::span<const Wanted> wanted, std::span<Working> working,
               Money equity, Quantity lot, const TradeJudge& judge);

    // After the checks, which wrote rows from `first_row` on. True: some symbols are now left
    // alone, the others stand as before the checks, and the checks are to be run again; of the rows
    // those of the symbols left alone remain. Never more than a few times a slice.
    [[nodiscard]] bool leave(std::vector<RiskAdjustment>& rows, std::size_t first_row);

    // Afterwards, once each and in this order. gross_max: what the checks left for the gross;
    // turnover_max: what the slice may trade; both fractions of equity.
    void settle(double gross_max, std::vector<RiskAdjustment>& rows, std::size_t first_row);
    void hand_out(double gross_max, double turnover_max);

    // What risk approved of the symbol: of one that is left alone, what execution found too little.
    [[nodiscard]] const Working& approved(std::size_t i) const {
        return working_[i].left ? asked_[i] : working_[i];
    }

    // A trim that is not needed: no risk action.
    [[nodiscard]] bool kept(std::size_t i) const { return kept_[i] != 0; }

private:
    [[nodiscard]] execution::TargetOutcome outcome(std::size_t i, Quantity target,
                                                   bool forced) const;
    [[nodiscard]] double weight(std::size_t i, Quantity quantity) const;
    void judge_all();
    void set_result(std::size_t i, Quantity result);
    [[nodiscard]] bool within_caps(double gross_max) const;
    void force(std::size_t i);
    void hand_to(std::size_t i, double gross_max, double turnover_max);

    const Limits* limits_ = nullptr;
    std::span<const Wanted> wanted_;
    std::span<Working> working_;
    Money equity_;
    Quantity lot_;
    const TradeJudge* judge_ = nullptr;
    int rounds_ = 0;
    BookSums sums_;

    // By symbol.
    std::vector<Working> start_;    // before the checks
    std::vector<Working> asked_;    // when it was left alone, and
    std::vector<Reason> left_for_;  // why
    std::vector<Quantity> result_;  // of what the checks said last
    std::vector<Reason> refusal_;   // why the result is not the target; else none
    std::vector<std::uint8_t> kept_;
    std::vector<std::size_t> order_;  // scratch
};

}  // namespace paperd::risk
