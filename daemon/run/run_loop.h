// The process around a run: journal, recovery, engine and feed on one io_context and one thread;
// signals, the watchdog, the loopback API and progress take their turns between slices.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "daemon/engine/run_plan.h"
#include "daemon/feeds/feed.h"
#include "daemon/run/trading_session.h"

namespace paperd::daemon {

struct LoopOptions {
    std::string db_path;
    bool serve = false;          // loopback API and systemd notifications
    std::string progress_label;  // empty: no progress
};

struct LoopEnd {
    bool already_complete = false;  // nothing was left to do
    bool complete = false;          // the feed ended; false: stopped by a signal
    std::int64_t resumed_after_slice = 0;
    SessionCounters counters;
    double seconds = 0;
};

// Opens or creates the database, recovers, and trades until the feed ends or a signal comes
// (SIGINT, SIGTERM: the slice in hand is finished, of recovery as well). `make_feed` is called
// after recovery.
Result<LoopEnd> run_loop(const RunPlan& plan, const LoopOptions& options,
                         const std::function<Result<std::unique_ptr<Feed>>()>& make_feed);

}  // namespace paperd::daemon
