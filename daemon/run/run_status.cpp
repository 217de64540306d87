#include "daemon/run/run_status.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "daemon/api/metrics.h"
#include "daemon/process/logging.h"
#include "daemon/process/machine.h"
#include "daemon/run/data_age.h"

namespace paperd::daemon {
namespace {

// The q-quantile by rank; `values` not empty.
double quantile(std::vector<double> values, double q) {
    const auto rank = static_cast<std::ptrdiff_t>(q * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + rank, values.end());
    return values[static_cast<std::size_t>(rank)];
}

std::int64_t file_bytes(const std::string& path) {
    std::error_code missing;
    const auto bytes = std::filesystem::file_size(path, missing);
    return missing ? 0 : static_cast<std::int64_t>(bytes);
}

}  // namespace

RunStatus::RunStatus(const RunPlan& plan, RunFacts facts) : plan_(plan), facts_(std::move(facts)) {
    if (!facts_.slice_every_s) {
        if (auto calendar = Calendar::make(plan.config.calendar, plan.config.closures);
            !calendar.has_error()) {
            calendar_ = *std::move(calendar);
        }
    }
}

void RunStatus::attach(const Engine& engine, TradingSession& session) {
    engine_ = &engine;
    session_ = &session;
    stored_slice_id_ = engine.last_slice_id();  // what recovery replayed
    stored_slice_at_ = engine.last_closed_at();
    since_slice_ = Stopwatch();
}

void RunStatus::detach() {
    engine_ = nullptr;
    session_ = nullptr;
}

void RunStatus::set_doors(int port, std::string socket) {
    port_ = port;
    socket_ = std::move(socket);
}

void RunStatus::on_committed(const Slice& slice, const Step& step) {
    stored_slice_id_ = slice.id;
    stored_slice_at_ = slice.closed_at;
    last_day_ = slice.day;
    newest_closed_at_ = slice.closed_at;
    since_slice_ = Stopwatch();
    slice_late_s_ = std::chrono::duration<double>(slice.late).count();
    for (const Incident& incident : step.incidents) {
        if (incident.severity == Severity::error) {
            note_error(slice.closed_at, incident.text);
        }
    }
}

void RunStatus::note_error(Timestamp at, const std::string& text) {
    last_error_ = timestamp_text(at) + ": " + text;
    ++errors_;
}

double RunStatus::data_age_s() const { return slice_late_s_ + since_slice_.seconds(); }

Status RunStatus::gather() const {
    Status status;
    status.version = PAPERD_VERSION;
    status.title = plan_.config.title;
    status.mode = plan_.header.mode;
    status.state = state_;
    status.paused_because = paused_because_;
    status.port = port_;
    status.socket = socket_;
    status.uptime_s = uptime_.seconds();
    status.resident_bytes = resident_bytes();
    status.log_lines_dropped = log_lines_dropped();
    status.last_error = last_error_;
    status.errors = errors_;
    status.data_age_s = data_age_s();
    status.currency = plan_.header.currency;
    status.database_path = facts_.db_path;
    status.database_bytes = file_bytes(facts_.db_path) + file_bytes(facts_.db_path + "-wal");
    if (engine_ != nullptr) {
        gather_run(status);
        gather_account(status);
        gather_model(status);
    }
    return status;
}

void RunStatus::gather_run(Status& status) const {
    status.last_slice_id = stored_slice_id_;
    if (stored_slice_id_ > 0) {
        status.last_slice_at = stored_slice_at_;
    }
    const SessionCounters& here = session_->counters();
    status.slices = stored_slice_id_;
    status.bars = here.bars;
    status.incidents = here.incidents;
    status.in_sample_slices = here.in_sample_slices;
    status.decisions = here.decisions;
    status.fills = here.fills;
    status.trading_state = engine_->risk().state();
    status.trading_state_reason = engine_->risk().state_reason();
    status.orders_working = static_cast<std::int64_t>(engine_->broker().working().size());
    const std::vector<double> commits = session_->commit_seconds();
    status.commits.count = session_->commits();
    status.commits.total_s = session_->commit_seconds_total();
    if (!commits.empty()) {
        status.commits.p50_s = quantile(commits, 0.50);
        status.commits.p99_s = quantile(commits, 0.99);
    }
}

void RunStatus::gather_account(Status& status) const {
    const Equity& equity = session_->last_step().equity;
    status.cash = engine_->portfolio().cash();
    status.equity = status.cash;
    if (equity.peak.raw() > 0) {
        status.drawdown = equity.equity.to_double() / equity.peak.to_double() - 1;
    }
    const execution::Portfolio& portfolio = engine_->portfolio();
    for (std::size_t i = 0; i < portfolio.symbols(); ++i) {
        const Position& position = portfolio.position(symbol_id(i));
        if (position.quantity.raw() != 0) {
            const Money value = portfolio.mark_price(symbol_id(i)) * position.quantity;
            status.equity += value;
            status.gross += abs(value);
            status.positions.push_back(
                {plan_.header.symbols[i], position.quantity, value, value - position.cost});
        }
    }
}

void RunStatus::gather_model(Status& status) const {
    const strategy::ModelFacts* const facts = plan_.forecaster();
    if (facts == nullptr || facts->trained_days.empty()) {
        return;
    }
    ModelStatus model;
    model.architecture = facts->architecture;
    model.sha256 = plan_.models.front().sha256;
    model.trained_until = facts->trained_until();
    model.age_days =
        newest_closed_at_ ? static_cast<int>((last_day_ - model.trained_until).count()) : 0;
    model.expired = engine_->model_expired();
    status.model = std::move(model);
}

std::string RunStatus::status_json() const { return daemon::status_json(gather()); }

std::string RunStatus::metrics_text() const { return daemon::metrics_text(gather()); }

std::string RunStatus::line() const {
    if (!paused_because_.empty()) {
        return "paused: " + paused_because_;
    }
    if (engine_ == nullptr) {
        return process_state_name(state_);
    }
    const Status status = gather();
    if (status.last_slice_id == 0) {
        return fmt::format("no slice yet, {}", trading_state_name(status.trading_state));
    }
    return fmt::format("slice {}{}, equity {:.2f} {}, {}", status.last_slice_id,
                       status.last_slice_at ? " at " + timestamp_text(*status.last_slice_at) : "",
                       status.equity.to_double(), status.currency,
                       trading_state_name(status.trading_state));
}

std::optional<std::string> RunStatus::why_stale() const {
    if (facts_.slice_every_s) {
        return daemon::why_stale(*facts_.slice_every_s, since_slice_.seconds());
    }
    if (!calendar_ || !newest_closed_at_) {
        return std::nullopt;
    }
    return daemon::why_stale(*calendar_, bar_length(plan_.config.interval), *newest_closed_at_,
                             wall_now());
}

bool RunStatus::healthy(std::string& why) const {
    if (!paused_because_.empty()) {
        why = "trading is paused: " + paused_because_;
        return false;
    }
    if (state_ != ProcessState::ready) {
        why = std::string("the daemon is ") + process_state_name(state_);
        return false;
    }
    if (auto stale = why_stale()) {
        why = *std::move(stale);
        return false;
    }
    return true;
}

Result<std::int64_t> RunStatus::submit(CommandKind kind, std::string note) {
    if (state_ != ProcessState::ready || session_ == nullptr) {
        return fail(std::string("the daemon is ") + process_state_name(state_) +
                    " and takes no commands");
    }
    if (kind == CommandKind::reload) {
        return fail(
            "'reload' is not needed: a job's config is fixed for its run; stop the daemon and "
            "start it with the new config and a new database");
    }
    return session_->submit(kind, wall_now(), std::move(note));
}

}  // namespace paperd::daemon
