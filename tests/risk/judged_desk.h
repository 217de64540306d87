// Risk and execution together: what is approved is judged by the ExecutionEngine that will order
// it.
#pragma once

#include <vector>

#include "execution/execution_engine.h"
#include "tests/execution/market.h"
#include "tests/risk/risk_support.h"

namespace paperd::risk {

struct JudgedDesk {
    execution::Venue venue;
    execution::ExecutionEngine engine;
    execution::Terms terms;
    std::vector<double> forecasts;  // by symbol; empty: unknown
    std::vector<Approved> approved;
    std::vector<RiskAdjustment> rows;
    std::vector<Quantity> book;  // what results if every order fills

    JudgedDesk(const execution::ExecutionSettings& settings, double share, Quantity lot,
               const execution::CostSettings& costs = execution::free_of_charge())
        : venue({.participation_cap = 0.1, .lot = lot}, costs),
          engine(settings, share, lot, venue.costs, venue.stats) {
        terms.holding_bars_measured = 1e6;
    }

    void decide(RiskManager& risk, const std::vector<Wanted>& wanted, const Equity& equity) {
        terms.equity = equity.equity;
        approved.assign(wanted.size(), {});
        rows.clear();
        const TradeJudge judge{.band = engine.band(equity.equity),
                               .outcome = [&](const execution::Target& target) {
                                   return outcome(target, wanted[index(target.symbol)]);
                               }};
        risk.approve(wanted, equity, false, approved, rows, judge);
        book.clear();
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            const Wanted& wish = wanted[i];
            const bool hold = !wish.has_bar || (wish.hold && !approved[i].risk_action);
            const Quantity ordered = approved[i].drop_orders ? Quantity{} : wish.ordered;
            book.push_back(hold ? wish.position + ordered
                                : outcome({.symbol = wish.symbol,
                                           .position = wish.position,
                                           .ordered = ordered,
                                           .target = approved[i].target,
                                           .risk_action = approved[i].risk_action,
                                           .in_parts = approved[i].in_parts},
                                          wish)
                                      .target);
        }
    }

    [[nodiscard]] execution::TargetOutcome outcome(execution::Target target,
                                                   const Wanted& wanted) const {
        target.prediction = forecasts.empty() ? kUnknown : forecasts[index(target.symbol)];
        return engine.judge(target, wanted.price, terms);
    }

    [[nodiscard]] std::int64_t shares(std::size_t i) const { return book[i].raw() / kScale; }
};

}  // namespace paperd::risk
