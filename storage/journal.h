// The trade database as the engine sees it: a slice is stored whole or not at all, alone or with
// the group of slices that one transaction holds.
// A single writer, which an advisory lock keeps single (storage/file_lock.h); readers open their
// own read-only connection (storage/queries.h). No commit is retried silently: an error pauses
// trading.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "execution/types/fixed.h"
#include "execution/types/result.h"
#include "execution/types/step.h"

namespace paperd::storage {

// The role of a run's first model.
inline constexpr const char* kForecaster = "forecaster";

// One of the run's models, complete.
struct StoredModel {
    std::string role;        // what it is to the strategy: "forecaster", or an overlay's name
    std::string path;        // for people
    std::string sha256;      // of the bundle
    std::string facts_json;  // architecture, features, training symbols and days, ...
    std::vector<std::byte> bundle{};
};

// What a run is. Two runs with equal run_key give equal trading tables.
struct RunHeader {
    std::string run_key;      // hex digest over everything below that decides results
    std::string mode;         // "replay" or "run"
    std::string version;      // of paperd
    std::string config_path;  // for people
    std::string config_text;  // the effective config, complete: every key
    std::string calendar_version;
    std::uint64_t seed = 0;
    std::string from;  // venue's days or empty
    std::string to;
    std::int64_t interval_ns = 0;
    std::string currency;
    Universe symbols;
    std::string feature_set;
    std::uint64_t feature_set_hash = 0;
    std::string fingerprint;          // of inference; may differ in a later process
    std::vector<StoredModel> models;  // the first one forecasts; empty without a model
};

struct Checkpoint {
    std::int64_t slice_id = 0;
    std::vector<std::byte> blob;
};

// A slice and all that is stored with it; what it refers to outlives the call that takes it.
struct JournalEntry {
    const Slice& slice;
    const Step& step;
    Timestamp known_at;                      // when the slice was known here
    const Checkpoint* checkpoint = nullptr;  // of the engine after it; nullptr: none
};

// Where a stored run stands.
struct RunState {
    bool fresh = true;      // nothing stored yet
    bool complete = false;  // finish() was called
    std::int64_t last_slice_id = 0;
    Timestamp last_closed_at;
    std::uint64_t last_state_hash = 0;
    std::optional<Checkpoint> checkpoint;  // the newest
};

class Journal {
public:
    struct Options {
        int busy_timeout_ms = 5000;
        std::int64_t pages_max = 0;  // of 4 KiB: a limit on the file; 0: the disk's
    };

    // Creates the file with its schema and run row, or opens what is there. Errors, each with the
    // remedy: not a database, corrupt, another process writes to it (usage), newer schema (usage),
    // another run's (usage; says which settings differ), read-only, disk full.
    static Result<std::unique_ptr<Journal>> open(const std::string& path, const RunHeader& run,
                                                 const Options& options);
    // A complete run's database is left as a single file, where no reader holds it.
    ~Journal();

    [[nodiscard]] const RunState& state() const;

    // Bars, decisions, adjustments, orders, fills, ledger, positions, equity, corporate actions,
    // commands, incidents of each slice, and the checkpoint if there is one (the last two are
    // kept): one transaction, durable when it returns. The rows are those of a commit a slice. The
    // slices, one or more, follow the last stored one and each other. On an error nothing of the
    // group is stored and the journal is as before, but that it takes the group that ends with that
    // same step (slice and state hash, which chains) again and no other; the error's kind is
    // `transient` where trying again may help, and `lost` as below. A warm-up slice whose equity is
    // all zeros has no equity row.
    Result<void> commit(std::span<const JournalEntry> group);

    // A group of one.
    Result<void> commit(const Slice& slice, const Step& step, Timestamp known_at,
                        const Checkpoint* checkpoint) {
        const JournalEntry entry{slice, step, known_at, checkpoint};
        return commit({&entry, 1});
    }

    // The error (lost) says why nothing may go on with this database: its file was deleted, moved
    // or replaced, or has got a second name under which another process could write to it. Costs
    // two calls of stat(); nothing is opened. A write-ahead log without its file is moved aside.
    [[nodiscard]] Result<void> still_ours() const;

    // Not part of the trading tables: who ran when, and what happened outside a slice.
    Result<void> record_process_start(Timestamp at, const std::string& version,
                                      const std::string& fingerprint,
                                      std::int64_t resumed_after_slice);
    Result<void> record_incident(Timestamp at, const Incident& incident);

    // A command that was taken, durable when it returns; it waits for the slice it takes effect
    // with. Its id is above every one before.
    Result<void> record_command(const Command& command);

    // Those that no stored slice has taken up yet, ascending.
    [[nodiscard]] const std::vector<Command>& waiting_commands() const;

    // The run's last slice is stored. A later commit makes the run incomplete again.
    Result<void> finish();

    // The greatest id of a command, waiting ones included; 0: none.
    [[nodiscard]] std::int64_t last_command_id() const;

private:
    struct Rep;
    explicit Journal(std::unique_ptr<Rep> rep);
    std::unique_ptr<Rep> rep_;
};

}  // namespace paperd::storage
