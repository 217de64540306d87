// The process around a run: doors, journal, recovery, engine and feed on one io_context and one
// thread; signals, the watchdog, the API and progress take their turns between slices.
#pragma once

#include <chrono>
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
    bool serve = false;          // doors (daemon/run/doors.h) and systemd notifications
    std::string progress_label;  // empty: no progress
    // Slices that were made within so long are stored together (daemon/run/trading_session.h).
    std::chrono::milliseconds group{0};
    // At least so often a simulated feed yields a slice; nothing: its time is the world's.
    std::optional<double> slice_every_s = 0;
};

using FeedMaker = std::function<Result<std::unique_ptr<Feed>>()>;

struct LoopEnd {
    bool already_complete = false;  // nothing was left to do
    bool complete = false;          // the feed ended; false: stopped by a signal
    std::int64_t resumed_after_slice = 0;
    SessionCounters counters;
    double seconds = 0;
};

// Opens the doors, opens or creates the database, recovers, and trades until the feed ends or a
// signal comes (SIGINT, SIGTERM: the slice in hand is finished, of recovery as well, and what was
// made is stored). `make_feed` is called after recovery. What cannot be stored for a reason that
// may pass (a lock, a full disk) pauses all of it until it can; what cannot be stored for another
// ends it.
Result<LoopEnd> run_loop(const RunPlan& plan, const LoopOptions& options,
                         const FeedMaker& make_feed);

}  // namespace paperd::daemon
