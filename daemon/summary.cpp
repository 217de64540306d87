#include "daemon/summary.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "daemon/accounting.h"
#include "daemon/process/progress.h"
#include "storage/queries.h"
#include "storage/stored_run.h"

namespace paperd::daemon {
namespace {

void print_counts(const char* title,
                  const std::vector<std::pair<std::string, std::int64_t>>& counts,
                  std::ostream& out) {
    if (counts.empty()) {
        fmt::print(out, "{:<24}none\n", title);
        return;
    }
    bool first = true;
    for (const auto& [name, count] : counts) {
        fmt::print(out, "{:<24}{:<26}{:>12}\n", first ? title : "", name, grouped_text(count));
        first = false;
    }
}

void print_money(const char* name, double amount, const std::string& currency, std::ostream& out) {
    fmt::print(out, "  {:<22}{:>16.2f} {}\n", name, amount, currency);
}

}  // namespace

Result<void> print_summary(const std::string& db_path, const config::Config& config,
                           bool accounting, std::ostream& out) {
    auto summary = storage::summarise(db_path);
    if (summary.has_error()) {
        return summary.error();
    }
    const storage::RunSummary& s = *summary;
    fmt::print(out, "\n{}\n", config.title.empty() ? db_path : config.title);
    fmt::print(out, "{:<24}{:.2f} {} (began with {:.2f})\n", "equity", s.equity, config.currency,
               s.starting_equity);
    fmt::print(out, "{:<24}{:+.2f} %, buy-and-hold of the same symbols {:+.2f} %\n", "return",
               s.return_fraction * 100, s.buy_and_hold_fraction * 100);
    fmt::print(out, "{:<24}{:.2f} %\n", "worst drawdown", s.drawdown_worst * 100);
    fmt::print(out, "{:<24}{} fills of {} orders, {} decisions in {} slices and {} of warm-up\n",
               "trades", grouped_text(s.fills), grouped_text(s.orders), grouped_text(s.decisions),
               grouped_text(s.slices_traded), grouped_text(s.slices - s.slices_traded));
    if (s.in_sample_slices > 0) {
        fmt::print(out,
                   "{:<24}{} of {} slices lie inside the model's training span: their result is no "
                   "evidence\n",
                   "WARNING", grouped_text(s.in_sample_slices), grouped_text(s.slices_traded));
    }
    fmt::print(out, "costs (+ hurts)\n");
    print_money("delay", s.delay_cost, config.currency, out);
    print_money("spread", s.spread_cost, config.currency, out);
    print_money("slippage", s.slippage_cost, config.currency, out);
    print_money("impact", s.impact_cost, config.currency, out);
    print_money("commission", s.commission, config.currency, out);
    print_money("borrow", s.borrow, config.currency, out);
    fmt::print(out, "income\n");
    print_money("dividends", s.dividends, config.currency, out);
    print_money("interest", s.interest, config.currency, out);
    print_counts("denied by risk", s.denied, out);
    print_counts("reduced by risk", s.reduced, out);
    print_counts("decisions by reason", s.reasons, out);
    if (accounting) {
        auto run = storage::StoredRun::open(db_path);
        if (run.has_error()) {
            return run.error();
        }
        auto gap = research_against_engine(**run, config.research_cost_bps);
        if (gap.has_error()) {
            return gap.error();
        }
        print_accounting(*gap, config.research_cost_bps, out);
    }
    return {};
}

}  // namespace paperd::daemon
