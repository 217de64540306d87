#include "daemon/api/metrics.h"

#include <cmath>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace paperd::daemon {

namespace {

constexpr double kSecondsPerDay = 86'400;

std::string number(double value) {
    if (std::isnan(value)) {
        return "NaN";
    }
    if (std::isinf(value)) {
        return value > 0 ? "+Inf" : "-Inf";
    }
    return fmt::format("{}", value);
}

// A label's value: backslash, quote and line break are escaped.
std::string label(std::string_view value) {
    std::string out;
    for (const char c : value) {
        if (c == '\\' || c == '"') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else {
            out += c;
        }
    }
    return out;
}

// Families one after the other. Samples follow the family they belong to.
class Page {
public:
    void family(std::string_view name, std::string_view type, std::string_view help) {
        name_ = name;
        text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
    }

    void sample(std::string_view labels, std::string_view value, std::string_view suffix = "") {
        text_ += labels.empty() ? fmt::format("{}{} {}\n", name_, suffix, value)
                                : fmt::format("{}{}{{{}}} {}\n", name_, suffix, labels, value);
    }

    void gauge(std::string_view name, std::string_view help, double value) {
        family(name, "gauge", help);
        sample("", number(value));
    }

    void counter(std::string_view name, std::string_view help, std::int64_t value) {
        family(name, "counter", help);
        sample("", std::to_string(value));
    }

    void money(std::string_view name, std::string_view help, const std::string& currency,
               Money value) {
        family(name, "gauge", help);
        sample(fmt::format("currency=\"{}\"", label(currency)), value.text());
    }

    std::string take() { return std::move(text_); }

private:
    std::string text_;
    std::string name_;
};

void add_process(const Status& status, Page& page) {
    page.family("paperd_build_info", "gauge", "The version that runs; always 1.");
    page.sample(fmt::format("version=\"{}\"", label(status.version)), "1");
    page.family("paperd_run_info", "gauge", "The run; always 1.");
    page.sample(fmt::format("title=\"{}\",mode=\"{}\"", label(status.title), label(status.mode)),
                "1");
    page.gauge("paperd_ready", "1 when the daemon is ready, 0 while it starts or stops.",
               status.state == ProcessState::ready ? 1 : 0);
    page.gauge("paperd_paused", "1 while trading waits for its database.",
               status.paused_because.empty() ? 0 : 1);
    page.gauge("paperd_uptime_seconds", "Time since the process started.", status.uptime_s);
    page.gauge("paperd_resident_memory_bytes", "Resident memory of the process.",
               static_cast<double>(status.resident_bytes));
    page.counter("paperd_log_lines_dropped_total", "Log lines that could not be written.",
                 status.log_lines_dropped);
    page.counter("paperd_incidents_total", "Incidents of this process, every severity.",
                 status.incidents);
    page.counter("paperd_errors_total",
                 "Those of severity error; the last one is last_error of /api/v1/status.",
                 status.errors);
}

void add_data(const Status& status, Page& page) {
    page.counter("paperd_slices_total", "Slices of the run.", status.slices);
    page.counter("paperd_bars_total", "Bars of this process.", status.bars);
    page.counter("paperd_in_sample_slices_total",
                 "Slices of this process inside the model's training days.",
                 status.in_sample_slices);
    if (status.last_slice_at) {
        page.gauge("paperd_last_slice_timestamp_seconds",
                   "When the last slice closed, since 1970-01-01 UTC.",
                   static_cast<double>(to_ns(*status.last_slice_at)) * 1e-9);
    }
    page.gauge("paperd_data_age_seconds",
               "Time since the newest slice closed; for simulated time since it came.",
               status.data_age_s);
}

void add_trading(const Status& status, Page& page) {
    page.family("paperd_trading_state", "gauge",
                "1 for the state trading is in, 0 for the others.");
    for (const auto state : {TradingState::active, TradingState::reducing, TradingState::halted}) {
        page.sample(fmt::format("state=\"{}\"", trading_state_name(state)),
                    status.trading_state == state ? "1" : "0");
    }
    page.counter("paperd_decisions_total", "Decisions of this process, one a symbol and slice.",
                 status.decisions);
    page.counter("paperd_fills_total", "Fills of this process.", status.fills);
    page.gauge("paperd_orders_working", "Orders that wait to be filled.",
               static_cast<double>(status.orders_working));
}

void add_account(const Status& status, Page& page) {
    page.money("paperd_equity", "Cash and positions at the last closes.", status.currency,
               status.equity);
    page.money("paperd_cash", "Cash.", status.currency, status.cash);
    page.money("paperd_gross_exposure", "Sum of the positions' absolute values.", status.currency,
               status.gross);
    page.gauge("paperd_drawdown_ratio", "Equity over its peak, less 1.", status.drawdown);
    page.family("paperd_position_quantity", "gauge", "Shares or coins held; negative when short.");
    for (const PositionStatus& position : status.positions) {
        page.sample(fmt::format("symbol=\"{}\"", label(position.symbol)), position.quantity.text());
    }
    page.family("paperd_position_value", "gauge", "Quantity at the last close.");
    for (const PositionStatus& position : status.positions) {
        page.sample(fmt::format("symbol=\"{}\",currency=\"{}\"", label(position.symbol),
                                label(status.currency)),
                    position.value.text());
    }
}

void add_model(const Status& status, Page& page) {
    if (!status.model) {
        return;
    }
    page.gauge("paperd_model_age_seconds", "Last slice less the model's last training day.",
               status.model->age_days * kSecondsPerDay);
    page.gauge("paperd_model_expired", "1 when the model is past its expiry.",
               status.model->expired ? 1 : 0);
}

void add_database(const Status& status, Page& page) {
    page.gauge("paperd_database_size_bytes", "The trade database and its write-ahead log.",
               static_cast<double>(status.database_bytes));
    if (status.commits.count == 0) {
        return;
    }
    page.family("paperd_commit_duration_seconds", "summary",
                "Time to commit a slice; quantiles over the recent ones.");
    page.sample("quantile=\"0.5\"", number(status.commits.p50_s));
    page.sample("quantile=\"0.99\"", number(status.commits.p99_s));
    page.sample("", number(status.commits.total_s), "_sum");
    page.sample("", std::to_string(status.commits.count), "_count");
}

}  // namespace

std::string metrics_text(const Status& status) {
    Page page;
    add_process(status, page);
    add_data(status, page);
    add_trading(status, page);
    add_account(status, page);
    add_model(status, page);
    add_database(status, page);
    return page.take();
}

}  // namespace paperd::daemon
