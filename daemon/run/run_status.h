// The running daemon as the API sees it: gathered from the engine and the session when asked.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "daemon/api/status.h"
#include "daemon/api/status_source.h"
#include "daemon/engine/run_plan.h"
#include "daemon/process/wall_clock.h"
#include "daemon/run/trading_session.h"

namespace paperd::daemon {

// What a process says of its connections and its data.
struct RunFacts {
    std::string db_path;
    // A simulated feed yields a slice at least every so many seconds; nothing: its time is the
    // world's.
    std::optional<double> slice_every_s = 0;
};

class RunStatus final : public StatusSource {
public:
    // `plan` outlives the status.
    RunStatus(const RunPlan& plan, RunFacts facts);

    // From now on the run is there to be asked; both outlive the status, or detach() comes first.
    void attach(const Engine& engine, TradingSession& session);
    void detach();

    void on_committed(const Slice& slice, const Step& step);

    // What went wrong around the engine; incidents of slices come with on_committed.
    void note_error(Timestamp at, const std::string& text);

    // Trading waits for something; empty: no longer.
    void set_paused(std::string why) { paused_because_ = std::move(why); }

    void set_state(ProcessState state) { state_ = state; }

    void set_doors(int port, std::string socket);

    [[nodiscard]] Status gather() const;

    // One line for `systemctl status`.
    [[nodiscard]] std::string line() const;

    [[nodiscard]] std::string status_json() const override;
    [[nodiscard]] std::string metrics_text() const override;
    bool healthy(std::string& why) const override;
    Result<std::int64_t> submit(CommandKind kind, std::string note) override;

private:
    void gather_run(Status& status) const;
    void gather_account(Status& status) const;
    void gather_model(Status& status) const;
    [[nodiscard]] double data_age_s() const;
    [[nodiscard]] std::optional<std::string> why_stale() const;

    const RunPlan& plan_;
    RunFacts facts_;
    const Engine* engine_ = nullptr;  // null: not yet, or no longer
    TradingSession* session_ = nullptr;
    std::optional<Calendar> calendar_;  // where data are the world's
    int port_ = 0;
    std::string socket_;
    std::string paused_because_;
    Stopwatch uptime_;
    ProcessState state_ = ProcessState::starting;
    Day last_day_{};
    std::optional<Timestamp> newest_closed_at_;
    std::int64_t stored_slice_id_ = 0;  // the engine is ahead of it while a commit is waited for
    Timestamp stored_slice_at_;
    Stopwatch since_slice_;  // came, or since the run was attached
    double slice_late_s_ = 0;
    std::string last_error_;
    std::int64_t errors_ = 0;
};

}  // namespace paperd::daemon
