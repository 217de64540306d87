// The daemon's state as people and dashboards see it: a plain value that the daemon fills in and
// two renderings of it, JSON here and Prometheus in daemon/api/metrics.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "execution/types/fixed.h"
#include "execution/types/reason.h"
#include "execution/types/step.h"
#include "execution/types/timestamp.h"

namespace paperd::daemon {

enum class ProcessState : std::uint8_t { starting, ready, stopping };

constexpr const char* process_state_name(ProcessState state) {
    constexpr const char* kNames[] = {"starting", "ready", "stopping"};
    return kNames[static_cast<std::size_t>(state)];
}

struct PositionStatus {
    std::string symbol;
    Quantity quantity;
    Money value;  // quantity x last close
    Money unrealized;
};

struct ModelStatus {
    std::string architecture;
    std::string sha256;  // of the bundle
    Day trained_until{};
    int age_days = 0;  // of the last slice, in calendar days since trained_until
    bool expired = false;
};

// How long the database took to commit a slice, over the recent ones.
struct CommitTimes {
    std::int64_t count = 0;  // since the process started; 0: the rest means nothing
    double total_s = 0;      // since the process started
    double p50_s = 0;
    double p99_s = 0;
};

struct Status {
    std::string version;
    std::string title;
    std::string mode;  // "run", "replay"
    ProcessState state = ProcessState::starting;
    std::string paused_because;  // trading waits for this; empty: it does not
    int port = 0;                // TCP, on loopback; 0: none
    std::string socket;          // Unix; empty: none
    double uptime_s = 0;
    std::int64_t resident_bytes = 0;  // daemon/process/machine.h
    std::int64_t log_lines_dropped = 0;
    // Of this process: the last incident of severity error, or what went wrong around the engine,
    // with its time. Empty: none.
    std::string last_error;
    std::int64_t incidents = 0;  // of this process, every severity
    std::int64_t errors = 0;     // those of severity error, and the ones around the engine

    // Data
    std::int64_t last_slice_id = 0;          // 0: none yet
    std::optional<Timestamp> last_slice_at;  // when it closed
    // Time since the newest slice closed: how late it came, and the wall time since. A slice of a
    // feed whose time is not the world's (files, the synthetic market) comes when it comes, never
    // late: then it is the wall time since it came. Before the first slice of this process, since
    // the process started.
    double data_age_s = 0;
    std::int64_t slices = 0;            // of the run, over all its starts
    std::int64_t bars = 0;              // this and the counts below: of this process
    std::int64_t in_sample_slices = 0;  // inside the model's training days

    // Trading
    TradingState trading_state = TradingState::active;
    Reason trading_state_reason = Reason::none;
    std::int64_t decisions = 0;
    std::int64_t orders_working = 0;
    std::int64_t fills = 0;

    // Account
    std::string currency;
    Money equity;
    Money cash;
    Money gross;
    double drawdown = 0;                    // equity / peak - 1: zero or negative
    std::vector<PositionStatus> positions;  // those that are not flat

    std::optional<ModelStatus> model;  // none: a model-free strategy
    std::string database_path;
    std::int64_t database_bytes = 0;  // the file and its write-ahead log
    CommitTimes commits;
};

// One JSON object; unknown values are null, money is a decimal number with all its digits.
std::string status_json(const Status& status);

}  // namespace paperd::daemon
