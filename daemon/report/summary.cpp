#include "daemon/report/summary.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "config/loader.h"
#include "daemon/engine/benchmark.h"
#include "daemon/process/progress.h"
#include "daemon/report/accounting.h"
#include "daemon/report/figures.h"
#include "daemon/report/month_table.h"
#include "daemon/report/verdict.h"
#include "storage/stored_run.h"

namespace paperd::daemon {
namespace {

constexpr std::int64_t kTripsForRates = 20;

// "1,234.50".
std::string money_text(double amount) {
    const std::string digits = fmt::format("{:.2f}", std::abs(amount));
    const std::size_t point = digits.find('.');
    std::string grouped = digits.substr(point);
    for (std::size_t end = point; end > 0;) {
        const std::size_t begin = end > 3 ? end - 3 : 0;
        grouped.insert(0, (begin > 0 ? "," : "") + digits.substr(begin, end - begin));
        end = begin;
    }
    return (amount < 0 && digits.find_first_not_of("0.") != std::string::npos ? "-" : "") + grouped;
}

// The lines of the summary, as they come.
class Lines {
public:
    template <class... Args>
    void row(const char* label, fmt::format_string<Args...> text, Args&&... args) {
        fmt::format_to(std::back_inserter(text_), "{:<24}", label);
        fmt::format_to(std::back_inserter(text_), text, std::forward<Args>(args)...);
        text_ += '\n';
    }

    void line(const std::string& text) { text_ += text + "\n"; }

    void counts(const char* label, const storage::Counts& counts) {
        if (counts.empty()) {
            row(label, "none");
        }
        for (const auto& [name, count] : counts) {
            row(label, "{:<26}{:>12}", name, grouped_text(count));
            label = "";
        }
    }

    [[nodiscard]] const std::string& text() const { return text_; }

private:
    std::string text_;
};

std::string plural(std::int64_t count, const char* one) {
    return fmt::format("{} {}{}", grouped_text(count), one, count == 1 ? "" : "s");
}

std::string too_few(std::size_t days) {
    return fmt::format("n < {}: not shown for {}", kDaysForRatios,
                       plural(static_cast<std::int64_t>(days), "day"));
}

// "0.55 +- 0.32 a year".
std::string ratio_text(double ratio, double error) {
    return std::isfinite(ratio) ? fmt::format("{:.2f} +- {:.2f} a year", ratio, error)
                                : "has no meaning: no day lost, or none moved";
}

// The run in hand, and what is computed of it.
struct Page {
    const storage::RunSummary& s;
    const config::Config& config;
    int days_a_year;
    std::vector<strategy::DayValue> days;
    ReturnFigures own;
    std::optional<Comparison> comparison;
};

Page page_of(const storage::RunSummary& summary, const config::Config& config,
             std::span<const strategy::DayValue> benchmark) {
    Page page{.s = summary,
              .config = config,
              .days_a_year = days_per_year(config.calendar),
              .days = {},
              .own = {},
              .comparison = {}};
    for (const storage::AccountDay& day : summary.curve.days) {
        page.days.push_back({.day = day.day, .equity = day.equity});
    }
    page.own =
        figures_of(strategy::day_returns(summary.starting_equity, page.days), page.days_a_year);
    // After everything is lost no return means anything, and no alpha.
    const bool lost = std::any_of(page.days.begin(), page.days.end(),
                                  [](const auto& day) { return day.equity <= 0; });
    if (!benchmark.empty() && !lost) {
        page.comparison = compare(summary.starting_equity, page.days, benchmark, page.days_a_year);
    }
    return page;
}

void say_what_can_be_said(const Page& page, Lines& out) {
    const storage::RunSummary& s = page.s;
    Evidence evidence{.fills = s.fills,
                      .own = page.own,
                      .comparison = page.comparison ? &*page.comparison : nullptr};
    const auto lost = std::find_if(page.days.begin(), page.days.end(),
                                   [](const strategy::DayValue& day) { return day.equity <= 0; });
    if (lost != page.days.end()) {
        evidence.lost = *lost;
    }
    if (s.slices_traded > 0) {
        evidence.in_sample =
            static_cast<double>(s.in_sample_slices) / static_cast<double>(s.slices_traded);
    }
    out.line(verdict(evidence));
    out.line("");
}

void say_what_it_ran_on(const Page& page, Lines& out) {
    const storage::RunSummary& s = page.s;
    if (page.days.empty()) {
        out.row("period", "none: {} of warm-up", plural(s.slices, "slice"));
        return;
    }
    const auto days = static_cast<std::int64_t>(page.days.size());
    out.row("period", "{} to {}: {}", day_text(page.days.front().day),
            day_text(page.days.back().day), plural(days, "day"));
    if (!s.complete) {
        out.row("", "the run is not complete: this is where it stands");
    }
    out.row("data", "{}, {} of {}",
            plural(static_cast<std::int64_t>(s.run.symbols.size()), "symbol"),
            plural(s.holes.stored, "bar"), bar_interval_name(page.config.interval));
    out.row("", "{} traded and {} of warm-up before them", plural(s.slices_traded, "slice"),
            grouped_text(s.slices - s.slices_traded));
    if (s.in_sample_slices > 0) {
        out.row("in-sample", "{} of {} lie on the model's training days: no evidence of skill",
                grouped_text(s.in_sample_slices), plural(s.slices_traded, "slice"));
    }
    if (s.bad_rows > 0 || !s.out_of_session.empty()) {
        out.row("rows read", "{}{}{}", plural(s.bad_rows, "bad row"),
                s.out_of_session.empty() ? "" : "; ", s.out_of_session);
    }
    const storage::DataHoles& holes = s.holes;
    if (holes.missing > 0) {
        out.row("missing bars", "{} of {} ({:.2f} %) in {}", grouped_text(holes.missing),
                grouped_text(holes.bars + holes.missing),
                100.0 * static_cast<double>(holes.missing) /
                    static_cast<double>(holes.bars + holes.missing),
                plural(holes.holes, "hole"));
        out.row("", "the longest is {}, of {} after {}", grouped_text(holes.longest), holes.symbol,
                timestamp_text(holes.after));
    }
}

void say_what_came_of_it(const Page& page, Lines& out) {
    const storage::RunSummary& s = page.s;
    const ReturnFigures& own = page.own;
    out.row("equity", "{} -> {} {}", money_text(s.starting_equity), money_text(s.curve.equity),
            s.run.currency);
    out.row("return", "{:+.2f} %", s.return_fraction * 100);
    if (own.days < kDaysForRatios) {
        out.row("figures of a year", "{}", too_few(own.days));
    } else {
        out.row("CAGR", "{}",
                std::isfinite(own.cagr) ? fmt::format("{:+.2f} % a year", own.cagr * 100)
                                        : "not shown: less than a year, or nothing is left");
        out.row("volatility", "{:.2f} % a year", own.volatility * 100);
        out.row("Sharpe ratio", "{}", ratio_text(own.sharpe, own.sharpe_error));
        out.row("Sortino ratio", "{}", ratio_text(own.sortino, own.sortino_error));
    }
    const storage::Drawdown& worst = s.curve.drawdown;
    if (worst.fraction < 0) {
        out.row("worst drawdown", "{:.2f} %: from {} to {}, {}", worst.fraction * 100,
                day_text(worst.peak), day_text(worst.trough),
                worst.recovered ? "recovered on " + day_text(*worst.recovered) : "not recovered");
    } else {
        out.row("worst drawdown", "none");
    }
}

void say_what_it_held(const Page& page, Lines& out) {
    const storage::RunSummary& s = page.s;
    const auto days = static_cast<double>(page.days.size());
    if (page.days.empty()) {
        return;
    }
    out.row("exposure", "gross {:.1f} %, net {:+.1f} % of equity on average",
            s.curve.gross_mean * 100, s.curve.net_mean * 100);
    out.row("", "in the market on {} of {} ({:.1f} %)", grouped_text(s.curve.days_in_market),
            plural(static_cast<std::int64_t>(page.days.size()), "day"),
            100.0 * static_cast<double>(s.curve.days_in_market) / days);
    if (s.curve.equity_mean > 0) {
        const double turned = s.traded_notional / s.curve.equity_mean;
        const bool long_enough = page.days.size() >= kDaysForRatios;
        out.row("turnover", "{:.2f} times the mean equity {}",
                long_enough ? turned * page.days_a_year / days : turned,
                long_enough ? "a year" : "in all");
    }
    if (s.round_trips.open > 0) {
        out.row("stale prices", "{:.1f} % of the equity is held without a bar on the last day",
                s.stale_fraction * 100);
    }
    out.row("trades", "{} of {}", plural(s.fills, "fill"), plural(s.orders, "order"));
    const storage::RoundTrips& trips = s.round_trips;
    out.row("round trips", "{} closed, {} open", grouped_text(trips.closed),
            plural(trips.open, "position"));
    if (trips.closed == 0) {
        return;
    }
    if (trips.closed < kTripsForRates) {
        out.row("", "n < {}: no rates", kTripsForRates);
        return;
    }
    out.row("", "{:.1f} % won, profit factor {}, held {:.1f} slices on average",
            100.0 * static_cast<double>(trips.won) / static_cast<double>(trips.closed),
            trips.losses > 0 ? fmt::format("{:.2f}", trips.gains / trips.losses)
                             : "without meaning (none lost)",
            trips.slices_mean);
}

void say_what_months_brought(const Page& page, Lines& out) {
    const auto months = strategy::month_returns(page.s.starting_equity, page.days);
    if (months.size() < 2) {
        return;
    }
    const auto [worst, best] =
        std::minmax_element(months.begin(), months.end(),
                            [](const auto& a, const auto& b) { return a.value < b.value; });
    const auto named = [](const strategy::MonthReturn& month) {
        return fmt::format("{:+.2f} % ({}-{:02})", month.value * 100,
                           static_cast<int>(month.month.year()),
                           static_cast<unsigned>(month.month.month()));
    };
    out.row("months", "best {}, worst {}, of {}", named(*best), named(*worst), months.size());
    out.line("");
    out.line("Returns by month, %");
    out.line(month_table(months));
}

void say_what_the_benchmark_did(const Page& page, Lines& out) {
    if (!page.comparison) {
        return;
    }
    const Comparison& beside = *page.comparison;
    const ReturnFigures& held = beside.benchmark;
    out.line(fmt::format("Beside buy-and-hold of the same symbols ({} of both)",
                         plural(static_cast<std::int64_t>(held.days), "day")));
    if (held.days == 0) {
        return;
    }
    const auto account = [&](const char* label, const ReturnFigures& figures) {
        out.row(
            label, "{:>+10.2f} %{}", figures.total * 100,
            std::isfinite(figures.cagr) ? fmt::format("  CAGR {:+.2f} %", figures.cagr * 100) : "");
        out.row("", "drawdown {:.2f} %{}", figures.max_drawdown * 100,
                std::isfinite(figures.sharpe)
                    ? fmt::format(", volatility {:.2f} %, Sharpe {:.2f} +- {:.2f} a year",
                                  figures.volatility * 100, figures.sharpe, figures.sharpe_error)
                    : "");
    };
    account("the strategy", beside.own);
    account("buy-and-hold", held);
    if (held.days < kDaysForRatios) {
        out.row("alpha and beta", "{}", too_few(held.days));
        return;
    }
    if (std::isfinite(beside.share)) {
        account("at equal volatility", beside.at_own_volatility);
        out.row("", "with {:.1f} % of the equity in it, the rest earning nothing",
                beside.share * 100);
    }
    if (!std::isfinite(beside.fit.beta)) {
        out.row("alpha and beta", "have no meaning: the benchmark did not move");
        return;
    }
    out.row("beta", "{:.3f}", beside.fit.beta);
    out.row("alpha", "{:+.2f} % a year, {}", beside.alpha * 100,
            std::isfinite(beside.fit.alpha_t)
                ? fmt::format("t {:+.2f} (daily returns, Newey-West errors of {} lags)",
                              beside.fit.alpha_t, beside.lags)
                : "t has no meaning: nothing is left beside the benchmark");
}

void say_what_it_cost(const Page& page, Lines& out) {
    const storage::RunSummary& s = page.s;
    out.line(fmt::format("Costs of trading, {} (+ hurts), and in basis points of what was traded",
                         s.run.currency));
    const auto cost = [&](const char* name, double amount) {
        out.row(name, "{:>16}{}", money_text(amount),
                s.traded_notional > 0
                    ? fmt::format("{:>10.2f} bp", 1e4 * amount / s.traded_notional)
                    : "");
    };
    cost("  delay", s.costs.delay);
    cost("  spread", s.costs.spread);
    cost("  slippage", s.costs.slippage);
    cost("  impact", s.costs.impact);
    cost("  commission", s.costs.commission);
    out.row("  traded", "{:>16}", money_text(s.traded_notional));
    out.line(fmt::format("Dividends, interest and fees of holding, {} (+ helps)", s.run.currency));
    for (const auto& [kind, amount] : s.booked) {
        std::string name = "  " + kind;
        std::replace(name.begin(), name.end(), '_', ' ');
        out.row(name.c_str(), "{:>16}", money_text(amount));
    }
    if (s.booked.empty()) {
        out.line("  none");
    }
}

void say_what_was_decided(const Page& page, Lines& out) {
    const storage::DecisionCounts& decisions = page.s.decisions;
    out.line(fmt::format("{} by reason", plural(decisions.decisions, "decision")));
    out.counts("", decisions.reasons);
    out.counts("denied by risk", decisions.denied);
    out.counts("reduced by risk", decisions.reduced);
    if (!decisions.cut_short.empty()) {
        out.counts("orders cut short", decisions.cut_short);
    }
    const storage::GateCount& gate = decisions.gate;
    if (gate.increases > 0) {
        out.row("cost gate", "{} of {} by a forecast had less edge than their round trip costs:",
                grouped_text(gate.below_cost), plural(gate.increases, "increase"));
        out.row("", "edge_to_cost_min 1 stops those ({:.1f} %)",
                100.0 * static_cast<double>(gate.below_cost) / static_cast<double>(gate.increases));
    }
    out.counts("incidents by kind", page.s.incidents);
}

}  // namespace

std::string summary_text(const storage::RunSummary& summary, const config::Config& config,
                         std::span<const strategy::DayValue> benchmark) {
    const Page page = page_of(summary, config, benchmark);
    Lines out;
    for (const auto part : {say_what_can_be_said, say_what_it_ran_on, say_what_came_of_it,
                            say_what_it_held, say_what_months_brought, say_what_the_benchmark_did,
                            say_what_it_cost, say_what_was_decided}) {
        part(page, out);
    }
    return out.text();
}

Result<void> print_report(const std::string& db_path, std::ostream& out) {
    TRY_LET(const auto summary, storage::summarise(db_path));
    TRY_LET(const auto config, config::parse_config(summary.run.config_text, "the stored config",
                                                    {.check_files = false}));
    out << '\n' << (config.title.empty() ? db_path : config.title) << '\n';
    TRY_LET(const auto held, run_benchmark(db_path));
    std::vector<strategy::DayValue> benchmark;
    benchmark.reserve(held.size());
    for (const DayEquity& day : held) {
        benchmark.push_back({day.day, day.equity.to_double()});
    }
    out << summary_text(summary, config, benchmark);
    TRY_LET(auto run, storage::StoredRun::open(db_path));
    TRY_LET(const auto gap, research_against_engine(*run, config.research_cost_bps));
    print_accounting(gap, config.research_cost_bps, out);
    return {};
}

}  // namespace paperd::daemon
