// What the world hears of a run: the status page, systemd, the log, and a person at a terminal.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "daemon/net/timers.h"
#include "daemon/process/progress.h"
#include "daemon/run/run_loop.h"
#include "daemon/run/run_status.h"
#include "daemon/run/service.h"

namespace paperd::daemon {

class Announcer {
public:
    // All of them outlive this.
    Announcer(Timers& timers, const RunPlan& plan, const LoopOptions& options);

    RunStatus& status() { return status_; }

    // Trading begins; `slices`: how many are to come, 0 where that is not known. Both outlive this,
    // or ended() comes first.
    void begun(const Engine& engine, TradingSession& session, std::int64_t slices);

    void committed(const Slice& slice, const Step& step, const SessionCounters& counters);

    // The line for systemd, where it has changed.
    void look();

    // Something waits to be stored, so long already.
    void paused(const Error& why, double paused_s);

    // It is stored. Returns what the database is to remember of it.
    Incident resumed(const Error& why, double paused_s);

    // The database is no longer what was opened: trading stops.
    void lost(const Error& why);

    // The feed is at its end.
    void feed_ended();

    // Nothing more comes, and nothing of it keeps the context busy.
    void ended(const Result<LoopEnd>& end);

private:
    [[nodiscard]] std::string last_words(const Result<LoopEnd>& end) const;

    const RunPlan& plan_;
    const LoopOptions& options_;
    Service service_;
    RunStatus status_;
    std::optional<Progress> progress_;
    std::optional<double> said_paused_at_s_;  // of the pause that goes on
};

}  // namespace paperd::daemon
