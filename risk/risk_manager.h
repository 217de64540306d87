// The gate between what the strategy wants and what may be ordered. Every target is approved,
// reduced or denied, each effect with rule, limit, before and after (target_rules.h). One
// principle: rules stop or shrink increases of |position|, never a move towards flat; so an
// approved target is never beyond a limit that the wanted one obeyed, whatever is held now. A held
// position that is itself beyond a limit of 7 to 11 is brought back to it; without a bar in the
// slice nothing moves. A position to keep (Wanted::keep) is moved by flatten and a margin call
// alone; the others make room for it.
//
// The order of the checks (each works on what the one before left):
//  1 not_finite   a weight that is not finite, a price that is not above zero: hold that symbol,
//                 latch reducing (the row: the value seen, NULL for a NaN, and the weight held).
//                 Equity not above zero: nothing can be sized, latch flatten
//  2 halted       hold everything
//  3 reducing, model_expired: towards flat only; flatten: target 0. The row and the decision name
//                 the latch's reason (reducing, flatten, daily_loss, drawdown, not_finite)
//  4 margin_call: where equity is below 0.25 L + 0.30 S (the settings' shares; L and S the values
//                 of longs and shorts at this close), every position with a bar, those without an
//                 opinion included, becomes a target of at most position x k, k = equity /
//                 (0.25 L + 0.30 S), towards zero to a lot: nearer flat where the strategy wants
//                 it so, and nothing is opened. An incident when it begins
//  5 stale_data, price_collar: no increase; on stale data also none by an order that still works
//  6 order_to_volume: the increase is cut, so that the order fits
//  7 position_fraction, position_notional
//  8 gross_before_var_known or gross_leverage (all scaled alike)
//  9 VaR and ES: the gross left by 8 is scaled by limit / measure
// 10 turnover_day: increases scaled alike to what the day's fills, this slice's decreases and the
//                 orders at work leave
// 11 net_leverage: the heavier side is scaled down
// short_not_allowed is the strategy's; here a target is taken as it comes. 7 to 11 hold for the
// book that results if every order fills at this close (resulting_book.h): what execution will
// leave alone is asked of it, and counted as it stays. A change that 6, or from flat 7, cut to less
// than the band is traded all the same. Sizing is in whole lots, towards zero. daily_loss and
// drawdown are measured in on_equity and latch the state; a latch is re-armed by `resume` only,
// which makes the last equity the new peak and the day's new start. But a daily loss holds for the
// rest of the venue's day alone, unless daily_loss_latch says otherwise: the first slice of another
// day is active again. Deterministic; no allocation in a slice beyond what `adjustments` needs.
#pragma once

#include <span>
#include <vector>

#include "execution/types/blob.h"
#include "execution/types/command.h"
#include "execution/types/decision.h"
#include "execution/types/incident.h"
#include "execution/types/position.h"
#include "execution/types/step.h"
#include "risk/account_watch.h"
#include "risk/limits.h"
#include "risk/resulting_book.h"
#include "risk/target_rules.h"
#include "risk/targets.h"
#include "risk/trading_latch.h"

namespace paperd::risk {

class RiskManager {
public:
    // CHECKs what the config has made sure of: finite limits >= 0, lot > 0.
    RiskManager(std::size_t symbols, Limits limits, Quantity lot);

    // Commands take effect at the start of a slice.
    void on_command(const Command& command, std::vector<Incident>& incidents);

    // After marking, once a slice and before approve(): returns, peak, day's start, latches,
    // margin. In warm-up not called. The peak is the RiskManager's own, not equity.peak: resume
    // resets it.
    void on_equity(Day day, const Equity& equity, std::vector<Incident>& incidents);

    // Fills of the slice: turnover of the day. The notional's sign does not matter.
    void on_fill(Day day, Money notional);

    // wanted and approved have one entry a symbol. model_expired_stop: the model is past its expiry
    // and must not increase. Appends the effects to `adjustments`.
    void approve(std::span<const Wanted> wanted, const Equity& equity, bool model_expired_stop,
                 std::span<Approved> approved, std::vector<RiskAdjustment>& adjustments,
                 const TradeJudge& judge = {});

    [[nodiscard]] TradingState state() const { return latch_.state(); }

    [[nodiscard]] Reason state_reason() const { return latch_.reason(); }

    [[nodiscard]] bool flattening() const {
        return latch_.level() == TradingLatch::Level::flattening;
    }

    [[nodiscard]] const TailMeasures& tail() const { return watch_.tail(); }

    // load() fails `in` on anything that does not fit these limits.
    void save(BlobWriter& out) const;
    void load(BlobReader& in);

private:
    void prepare(std::span<const Wanted> wanted, Money equity,
                 std::vector<RiskAdjustment>& adjustments);
    // The checks 2 to 11; what they left for the gross.
    double run_checks(std::span<const Wanted> wanted, const Equity& equity, bool model_expired_stop,
                      double band, std::vector<RiskAdjustment>& adjustments);
    // equity / maintenance margin; at most 1 is a margin call. Infinite without positions.
    [[nodiscard]] double margin_cover(const Equity& equity) const;
    // What the slice may trade by turnover_day_max, as a fraction of equity.
    [[nodiscard]] double turnover_left(Money equity) const;
    // The positions that would have been asked for if there were no rules.
    [[nodiscard]] Quantity asked(const Wanted& wanted, const Working& target, Money equity) const;
    void close_without_equity(std::span<const Wanted> wanted,
                              std::vector<RiskAdjustment>& adjustments);

    const Limits limits_;
    const Quantity lot_;
    TradingLatch latch_;
    AccountWatch watch_;
    Day loss_day_{};            // when a daily loss last latched
    bool margin_call_ = false;  // equity was below the maintenance margin in the last slice
    // Of the slice in hand; they carry nothing over.
    std::vector<Working> working_;
    ResultingBook book_;
};

}  // namespace paperd::risk
