#include "daemon/report/summary.h"

#include <cmath>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "daemon/process/progress.h"
#include "daemon/report/accounting.h"
#include "storage/run_summary.h"
#include "storage/stored_run.h"
#include "strategy/research/accounting.h"

namespace paperd::daemon {
namespace {

constexpr std::size_t kDaysForRatios = 20;  // with fewer, a ratio a year says nothing

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

// What tells luck from skill needs days, not bars: the ratios are of daily returns. The standard
// error is that of independent returns, sqrt((1 + S^2 / 2) / n) with S of one day (Lo 2002).
void print_ratios(const std::vector<double>& day_returns, int days_a_year, std::ostream& out) {
    const strategy::Metrics metrics = strategy::metrics_of(day_returns, {}, days_a_year);
    if (day_returns.size() < kDaysForRatios || !std::isfinite(metrics.sharpe)) {
        fmt::print(out, "{:<24}not known: {} daily returns, and {} that moved are needed\n",
                   "Sharpe ratio", day_returns.size(), kDaysForRatios);
        return;
    }
    const double of_a_day = metrics.sharpe / std::sqrt(days_a_year);
    const double error = std::sqrt((1 + of_a_day * of_a_day / 2) /
                                   static_cast<double>(day_returns.size()) * days_a_year);
    fmt::print(out, "{:<24}{:.2f} +- {:.2f} a year, of {} daily returns; volatility {:.2f} %\n",
               "Sharpe ratio", metrics.sharpe, error, day_returns.size(), metrics.volatility * 100);
}

void print_data(const storage::RunSummary& s, std::ostream& out) {
    if (s.bad_rows > 0 || !s.out_of_session.empty()) {
        fmt::print(out, "{:<24}{} bad rows{}{}\n", "rows read", grouped_text(s.bad_rows),
                   s.out_of_session.empty() ? "" : "; ", s.out_of_session);
    }
    const storage::DataHoles& holes = s.holes;
    if (holes.missing > 0) {
        fmt::print(
            out, "{:<24}{} of {} ({:.2f} %) in {} holes; the longest is {}, of {} after {}\n",
            "missing bars", grouped_text(holes.missing), grouped_text(holes.bars + holes.missing),
            100.0 * static_cast<double>(holes.missing) /
                static_cast<double>(holes.bars + holes.missing),
            grouped_text(holes.holes), grouped_text(holes.longest), holes.symbol,
            timestamp_text(holes.after));
    }
}

}  // namespace

Result<void> print_summary(const std::string& db_path, const config::Config& config,
                           std::ostream& out) {
    TRY_LET(auto summary, storage::summarise(db_path));
    const storage::RunSummary& s = summary;
    fmt::print(out, "\n{}\n", config.title.empty() ? db_path : config.title);
    fmt::print(out, "{:<24}{:.2f} {} (began with {:.2f})\n", "equity", s.equity, config.currency,
               s.starting_equity);
    fmt::print(out, "{:<24}{:+.2f} %, buy-and-hold of the same symbols {:+.2f} %\n", "return",
               s.return_fraction * 100, s.buy_and_hold_fraction * 100);
    fmt::print(out, "{:<24}{:.2f} %\n", "worst drawdown", s.drawdown_worst * 100);
    print_ratios(s.day_returns, days_per_year(config.calendar), out);
    fmt::print(out, "{:<24}{} fills of {} orders, {} decisions in {} slices and {} of warm-up\n",
               "trades", grouped_text(s.fills), grouped_text(s.orders), grouped_text(s.decisions),
               grouped_text(s.slices_traded), grouped_text(s.slices - s.slices_traded));
    if (s.in_sample_slices > 0) {
        fmt::print(out,
                   "{:<24}{} of {} slices lie inside the model's training span: their result is no "
                   "evidence\n",
                   "WARNING", grouped_text(s.in_sample_slices), grouped_text(s.slices_traded));
    }
    print_data(s, out);
    fmt::print(out, "costs (+ hurts)\n");
    print_money("delay", s.delay_cost, config.currency, out);
    print_money("spread", s.spread_cost, config.currency, out);
    print_money("slippage", s.slippage_cost, config.currency, out);
    print_money("impact", s.impact_cost, config.currency, out);
    print_money("commission", s.commission, config.currency, out);
    print_money("borrow", s.borrow, config.currency, out);
    print_money("margin interest", s.margin_interest, config.currency, out);
    fmt::print(out, "income\n");
    print_money("dividends", s.dividends, config.currency, out);
    print_money("interest", s.interest + s.short_rebate, config.currency, out);
    print_counts("denied by risk", s.denied, out);
    print_counts("reduced by risk", s.reduced, out);
    print_counts("decisions by reason", s.reasons, out);
    print_counts("incidents by kind", s.incidents, out);
    TRY_LET(auto run, storage::StoredRun::open(db_path));
    TRY_LET(const auto gap, research_against_engine(*run, config.research_cost_bps));
    print_accounting(gap, config.research_cost_bps, out);
    return {};
}

}  // namespace paperd::daemon
