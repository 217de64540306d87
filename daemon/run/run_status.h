// The running daemon as the API sees it: gathered from the engine and the session when asked.
#pragma once

#include <string>

#include "daemon/api/status.h"
#include "daemon/api/status_source.h"
#include "daemon/engine/run_plan.h"
#include "daemon/process/wall_clock.h"
#include "daemon/run/trading_session.h"

namespace paperd::daemon {

class RunStatus final : public StatusSource {
public:
    // References outlive the status.
    RunStatus(const RunPlan& plan, std::string db_path, const Engine& engine,
              TradingSession& session);

    void on_committed(const Slice& slice, const Step& step);

    // What went wrong around the engine; incidents of slices come with on_committed.
    void note_error(Timestamp at, const std::string& text);

    void set_state(ProcessState state) { state_ = state; }

    [[nodiscard]] Status gather() const;

    [[nodiscard]] std::string status_json() const override;
    [[nodiscard]] std::string metrics_text() const override;
    bool healthy(std::string& why) const override;
    Result<std::int64_t> submit(CommandKind kind, std::string note) override;

private:
    void gather_account(Status& status) const;
    void gather_model(Status& status) const;

    const RunPlan& plan_;
    std::string db_path_;
    const Engine& engine_;
    TradingSession& session_;
    Stopwatch uptime_;
    ProcessState state_ = ProcessState::starting;
    Day last_day_{};
    bool has_slice_ = false;
    Stopwatch since_slice_;  // came, or since the process started
    double slice_late_s_ = 0;
    std::string last_error_;
    std::int64_t errors_ = 0;
};

}  // namespace paperd::daemon
