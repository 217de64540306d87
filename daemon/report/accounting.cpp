#include "daemon/report/accounting.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "storage/wide.h"
#include "strategy/research/accounting.h"

namespace paperd::daemon {
namespace {

constexpr std::int64_t kChunkSlices = 256;

// What is known of a symbol at the end of the slice before.
struct Held {
    double close = 0;                   // unadjusted; 0 before the first bar
    double adjusted = 0;                // close x factor
    storage::Wide quantity = 0;         // at scale 1e-8
    strategy::ResearchWeight research;  // the last signal, held where there was none
    double settled = 0;                 // the weight that risk and gate let through
};

class Accountant {
public:
    Accountant(std::size_t symbols, double cost_bps)
        : held_(symbols), adjusted_(symbols), gated_(symbols), cost_(cost_bps * 1e-4) {}

    void take(const storage::StoredStep& stored) {
        const Step& step = stored.step;
        if (step.warmup) {
            remember_closes(stored.slice);
            return;
        }
        if (equity_before_ > 0) {
            earn(stored);
        }
        remember_closes(stored.slice);
        decide(step);
    }

    [[nodiscard]] AccountingGap result() const {
        AccountingGap gap = gap_;
        gap.rest =
            gap.difference() + gap.research_cost -
            (gap.delay + gap.spread + gap.slippage + gap.impact + gap.commission + gap.borrow +
             gap.dividends_and_cash + gap.rounding_and_band + gap.risk_and_gate);
        return gap;
    }

private:
    // Where a position ended, research ends at that price, too; a split leaves what both are worth.
    void take_actions(const Slice& slice, const Step& step) {
        for (const Split& split : slice.splits) {
            Held& h = held_[index(split.symbol)];
            h.close *= split.price_factor();
            h.adjusted *= split.price_factor();
        }
        for (const CorporateAction& action : step.corporate_actions) {
            Held& h = held_[index(action.symbol)];
            if (action.kind == CorporateActionKind::settlement ||
                action.kind == CorporateActionKind::delisting) {
                const double loss = action.per_share.to_double() / h.close - 1;
                move(h, loss, loss);
                h.research.cut();
                h.settled = 0;
            }
            h.quantity += action.held_after.raw() - action.held.raw();
        }
    }

    // A symbol's return, of its price and with its dividend, on what research and the engine held.
    void move(const Held& h, double price_return, double full_return) {
        const double weight = static_cast<double>(h.quantity) / static_cast<double>(kScale) *
                              h.close / equity_before_;
        gap_.research_gross += h.research.earned(full_return);
        gap_.risk_and_gate += (h.research.weight() - h.settled) * full_return;
        gap_.rounding_and_band += (h.settled - weight) * full_return;
        gap_.dividends_and_cash += weight * (full_return - price_return);
    }

    // From the slice before to this one.
    void earn(const storage::StoredStep& stored) {
        const Step& step = stored.step;
        const double e = equity_before_;
        take_actions(stored.slice, step);
        gap_.engine += step.equity.equity.to_double() / e - 1;
        for (const Fill& fill : step.fills) {
            Held& h = held_[index(fill.symbol)];
            h.quantity += fill.quantity.raw();
            // What an order that works over several bars missed on the earlier ones was counted
            // there, as target against holding. It was delay: since the close before is the rest.
            const double delay = fill.delay_cost.to_double() / e;
            const double since_close_before =
                (fill.reference_price.to_double() - h.close) * fill.quantity.to_double() / e;
            gap_.delay += delay;
            gap_.rounding_and_band -= delay - since_close_before;
            gap_.spread += fill.spread_cost.to_double() / e;
            gap_.slippage += fill.slippage_cost.to_double() / e;
            gap_.impact += fill.impact_cost.to_double() / e;
            gap_.commission += fill.commission.to_double() / e;
        }
        for (const LedgerEntry& entry : step.ledger) {
            const double amount = entry.amount.to_double() / e;
            if (entry.kind == LedgerKind::borrow) {
                gap_.borrow -= amount;
            } else if (entry.kind == LedgerKind::dividend ||
                       entry.kind == LedgerKind::dividend_reversal ||
                       entry.kind == LedgerKind::interest ||
                       entry.kind == LedgerKind::margin_interest ||
                       entry.kind == LedgerKind::short_rebate) {
                gap_.dividends_and_cash -= amount;
            }
        }
        for (const Bar& bar : stored.slice.bars) {
            const Held& h = held_[index(bar.symbol)];
            if (h.close == 0 || bar.synthetic) {
                continue;
            }
            move(h, bar.close.to_double() / h.close - 1,
                 bar.close.to_double() * bar.factor() / h.adjusted - 1);
        }
    }

    void remember_closes(const Slice& slice) {
        for (const Bar& bar : slice.bars) {
            if (bar.synthetic) {
                continue;  // it knows no price, and marks nothing
            }
            Held& h = held_[index(bar.symbol)];
            h.close = bar.close.to_double();
            h.adjusted = h.close * bar.factor();
        }
    }

    void decide(const Step& step) {
        equity_before_ = step.equity.equity.to_double();
        std::fill(adjusted_.begin(), adjusted_.end(), std::uint8_t{0});
        std::fill(gated_.begin(), gated_.end(), std::uint8_t{0});
        for (const RiskAdjustment& adjustment : step.adjustments) {
            if (adjustment.symbol != kNoSymbol) {
                adjusted_[index(adjustment.symbol)] = 1;
                // Of a reversal whose close was ordered the reason is that; the row has the gate.
                gated_[index(adjustment.symbol)] |=
                    adjustment.rule == Reason::edge_below_cost ? 1 : 0;
            }
        }
        const bool active = step.trading_state == TradingState::active;
        for (const Decision& decision : step.decisions) {
            Held& h = held_[index(decision.symbol)];
            if (!std::isnan(decision.signal.weight)) {
                gap_.research_cost += h.research.change_to(decision.signal.weight, cost_);
            } else if (active && adjusted_[index(decision.symbol)] == 0) {
                // No opinion, and no rule took a part: what was let through before is still on its
                // way, or held. The row's approved weight is only what is held by now.
                continue;
            }
            const double target = decision.target_quantity.to_double() * h.close / equity_before_;
            // Inside the band and below a lot nothing was forbidden: that belongs to rounding.
            const bool gated =
                decision.reason == Reason::edge_below_cost || gated_[index(decision.symbol)] != 0;
            h.settled =
                gated || std::isnan(decision.approved_weight) ? target : decision.approved_weight;
        }
    }

    std::vector<Held> held_;
    std::vector<std::uint8_t> adjusted_;  // by a rule in the slice in hand
    std::vector<std::uint8_t> gated_;     // its increase, by cost
    double cost_;
    double equity_before_ = 0;
    AccountingGap gap_;
};

}  // namespace

Result<AccountingGap> research_against_engine(storage::StoredRun& run, double research_cost_bps) {
    Accountant accountant(run.header().symbols.size(), research_cost_bps);
    const std::int64_t last = run.state().last_slice_id;
    for (std::int64_t first = 1; first <= last; first += kChunkSlices) {
        TRY_LET(auto steps, run.steps(first, std::min(first + kChunkSlices - 1, last)));
        for (const storage::StoredStep& step : steps) {
            accountant.take(step);
        }
    }
    return accountant.result();
}

void print_accounting(const AccountingGap& gap, double research_cost_bps, std::ostream& out) {
    const auto row = [&](const char* name, double value) {
        fmt::print(out, "  {:<28}{:>+10.3f} %\n", name, value * 100);
    };
    fmt::print(out, "Research accounting and the engine (sums of one-slice returns)\n");
    row("research, before cost", gap.research_gross);
    fmt::print(out, "  {:<28}{:>+10.3f} %  ({:g} bp of turnover)\n", "research's own cost",
               -gap.research_cost * 100, research_cost_bps);
    row("research, net", gap.research_net());
    row("engine", gap.engine);
    fmt::print(out, "  {:<28}{:>+10.3f} %  = the parts below\n", "research less engine",
               gap.difference() * 100);
    row("  research's own cost", -gap.research_cost);
    row("  delay", gap.delay);
    row("  spread", gap.spread);
    row("  slippage", gap.slippage);
    row("  impact", gap.impact);
    row("  commission", gap.commission);
    row("  borrow", gap.borrow);
    row("  dividends and cash", gap.dividends_and_cash);
    row("  rounding and band", gap.rounding_and_band);
    row("  risk and gate", gap.risk_and_gate);
    row("  rest", gap.rest);
}

}  // namespace paperd::daemon
