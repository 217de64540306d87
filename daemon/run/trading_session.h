// The loop of a run: a slice from the feed, through the engine, into the journal, durable before
// the next. Live and replayed alike. One thread; the loop suspends only between slices.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "daemon/engine/engine.h"
#include "daemon/engine/stepper.h"
#include "daemon/feeds/feed.h"
#include "daemon/run/commit_retry.h"
#include "storage/journal.h"

namespace paperd::daemon {

struct SessionCounters {
    std::int64_t slices = 0;  // of this process
    std::int64_t bars = 0;
    std::int64_t decisions = 0;
    std::int64_t orders = 0;
    std::int64_t fills = 0;
    std::int64_t incidents = 0;
    std::int64_t in_sample_slices = 0;
};

struct SessionEnd {
    // The run is complete; otherwise it was stopped and goes on another time.
    bool feed_ended = false;
};

class TradingSession {
public:
    // References outlive the session.
    TradingSession(Engine& engine, storage::Journal& journal, Feed& feed, int checkpoint_slices,
                   CommitRetry& retry);

    // Until the feed ends, stop() is called, or something fails. A commit that fails pauses trading
    // where the cause may pass (the feed waits): the same step is tried again until it is stored or
    // stop() is called. Any other failure is the error.
    boost::asio::awaitable<Result<SessionEnd>> run();

    // The slice in hand is finished and committed, then run() returns. A wait for the next one ends
    // with the coroutine's cancellation, which is for a run that has begun: one that was cancelled
    // before would not even return.
    void stop() { stopping_ = true; }

    [[nodiscard]] bool begun() const { return begun_; }

    // Takes effect with the next slice, of this process or, if it ends before, of the next one: the
    // command is stored when this returns its id. At most kWaitingCommandsMax wait.
    Result<std::int64_t> submit(CommandKind kind, Timestamp received_at, std::string note);

    // Called after every committed slice.
    std::function<void(const Slice&, const Step&)> on_committed;

    [[nodiscard]] const SessionCounters& counters() const { return counters_; }

    [[nodiscard]] const Step& last_step() const { return stepper_.last_step(); }

    // Seconds of the last commits (at most kCommitTimesMax), in no order.
    [[nodiscard]] std::vector<double> commit_seconds() const;

    [[nodiscard]] double commit_seconds_total() const { return commit_seconds_total_; }

    static constexpr std::size_t kWaitingCommandsMax = 64;
    static constexpr std::size_t kCommitTimesMax = 1024;

private:
    boost::asio::awaitable<Result<Tried>> process(Slice& slice);
    void count(const Slice& slice, const Step& step);

    storage::Journal& journal_;
    Feed& feed_;
    Stepper stepper_;
    CommitRetry& retry_;
    bool begun_ = false;
    bool stopping_ = false;
    SessionCounters counters_;
    std::array<double, kCommitTimesMax> commit_seconds_{};
    std::size_t commits_ = 0;
    std::chrono::steady_clock::time_point commit_began_;
    double commit_seconds_total_ = 0;
};

}  // namespace paperd::daemon
