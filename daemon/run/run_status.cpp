#include "daemon/run/run_status.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <numeric>
#include <utility>

#include "daemon/api/metrics.h"
#include "daemon/process/machine.h"

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

RunStatus::RunStatus(const RunPlan& plan, std::string db_path, const Engine& engine,
                     TradingSession& session)
    : plan_(plan), db_path_(std::move(db_path)), engine_(engine), session_(session) {}

void RunStatus::on_committed(const Slice& slice, const Step& step) {
    last_day_ = slice.day;
    has_slice_ = true;
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

Status RunStatus::gather() const {
    Status status;
    status.version = PAPERD_VERSION;
    status.title = plan_.config.title;
    status.mode = plan_.header.mode;
    status.state = state_;
    status.uptime_s = uptime_.seconds();
    status.resident_bytes = resident_bytes();
    status.last_error = last_error_;
    status.errors = errors_;
    status.data_age_s = slice_late_s_ + since_slice_.seconds();
    status.last_slice_id = engine_.last_slice_id();
    if (status.last_slice_id > 0) {
        status.last_slice_at = engine_.last_closed_at();
    }
    const SessionCounters& here = session_.counters();
    status.slices = engine_.last_slice_id();
    status.bars = here.bars;
    status.incidents = here.incidents;
    status.in_sample_slices = here.in_sample_slices;
    status.decisions = here.decisions;
    status.fills = here.fills;
    status.trading_state = engine_.risk().state();
    status.trading_state_reason = engine_.risk().state_reason();
    status.orders_working = static_cast<std::int64_t>(engine_.broker().working().size());
    gather_account(status);
    gather_model(status);
    status.database_path = db_path_;
    status.database_bytes = file_bytes(db_path_) + file_bytes(db_path_ + "-wal");
    const std::vector<double> commits = session_.commit_seconds();
    status.commits.count = here.slices;
    status.commits.total_s = session_.commit_seconds_total();
    if (!commits.empty()) {
        status.commits.p50_s = quantile(commits, 0.50);
        status.commits.p99_s = quantile(commits, 0.99);
    }
    return status;
}

void RunStatus::gather_account(Status& status) const {
    const Equity& equity = session_.last_step().equity;
    status.currency = plan_.header.currency;
    status.cash = engine_.portfolio().cash();
    status.equity = status.cash;
    if (equity.peak.raw() > 0) {
        status.drawdown = equity.equity.to_double() / equity.peak.to_double() - 1;
    }
    const execution::Portfolio& portfolio = engine_.portfolio();
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
    if (!plan_.facts || plan_.facts->trained_days.empty()) {
        return;
    }
    ModelStatus model;
    model.architecture = plan_.facts->architecture;
    model.sha256 = plan_.header.models.front().sha256;
    model.trained_until = plan_.facts->trained_until();
    model.age_days = has_slice_ ? static_cast<int>((last_day_ - model.trained_until).count()) : 0;
    model.expired = engine_.model_expired();
    status.model = std::move(model);
}

std::string RunStatus::status_json() const { return daemon::status_json(gather()); }

std::string RunStatus::metrics_text() const { return daemon::metrics_text(gather()); }

bool RunStatus::healthy(std::string& why) const {
    if (state_ != ProcessState::ready) {
        why = std::string("the daemon is ") + process_state_name(state_);
        return false;
    }
    return true;
}

Result<std::int64_t> RunStatus::submit(CommandKind kind, std::string note) {
    if (state_ != ProcessState::ready) {
        return fail(std::string("the daemon is ") + process_state_name(state_) +
                    " and takes no commands");
    }
    if (kind == CommandKind::reload) {
        return fail(
            "'reload' is not needed: a job's config is fixed for its run; stop the daemon and "
            "start "
            "it with the new config and a new database");
    }
    return session_.submit(kind, wall_now(), std::move(note));
}

}  // namespace paperd::daemon
