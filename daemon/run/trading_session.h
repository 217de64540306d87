// The loop of a run: a slice from the feed, through the engine, into the journal. Durable before
// the next or, in a replay at full speed, with the group of those that were made within a while.
// One thread; the loop suspends only between slices.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
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
    // References outlive the session. A commit comes when its first slice was taken `group` ago: 0
    // is each by itself, and anything longer is for a feed that never waits.
    TradingSession(Engine& engine, storage::Journal& journal, Feed& feed, int checkpoint_slices,
                   CommitRetry& retry, std::chrono::nanoseconds group = {});

    // Until the feed ends, stop() is called, or something fails; what was taken before is stored
    // first. A commit that fails pauses trading where the cause may pass (the feed waits): the same
    // steps are tried again until they are stored or stop() is called. Any other failure is the
    // error.
    boost::asio::awaitable<Result<SessionEnd>> run();

    // The slice in hand is finished and committed with its group, then run() returns. A wait for
    // the next one ends with the coroutine's cancellation, which is for a run that has begun: one
    // that was cancelled before would not even return.
    void stop() { stopping_ = true; }

    [[nodiscard]] bool begun() const { return begun_; }

    // Takes effect with the next slice, of this process or, if it ends before, of the next one: the
    // command is stored when this returns its id. At most kWaitingCommandsMax wait.
    Result<std::int64_t> submit(CommandKind kind, Timestamp received_at, std::string note);

    // Called for every slice once it is committed.
    std::function<void(const Slice&, const Step&)> on_committed;

    [[nodiscard]] const SessionCounters& counters() const { return counters_; }

    [[nodiscard]] const Step& last_step() const { return stepper_.last_step(); }

    // Seconds of the last commits (at most kCommitTimesMax), in no order.
    [[nodiscard]] std::vector<double> commit_seconds() const;

    [[nodiscard]] double commit_seconds_total() const { return commit_seconds_total_; }

    [[nodiscard]] std::int64_t commits() const { return commits_; }

    static constexpr std::size_t kWaitingCommandsMax = 64;
    static constexpr std::size_t kCommitTimesMax = 1024;

private:
    boost::asio::awaitable<std::optional<Result<SessionEnd>>> take_next();
    [[nodiscard]] bool due() const;
    boost::asio::awaitable<Result<Tried>> store();
    Result<void> commit();
    void count(const Slice& slice, const Step& step);

    storage::Journal& journal_;
    Feed& feed_;
    Stepper stepper_;
    CommitRetry& retry_;
    std::chrono::nanoseconds group_;
    std::chrono::steady_clock::time_point group_began_;
    bool begun_ = false;
    bool stopping_ = false;
    SessionCounters counters_;
    std::array<double, kCommitTimesMax> commit_seconds_{};
    std::int64_t commits_ = 0;
    double commit_seconds_total_ = 0;
};

}  // namespace paperd::daemon
