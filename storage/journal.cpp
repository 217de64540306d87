#include "storage/journal.h"

#include <algorithm>
#include <utility>

#include "execution/types/check.h"
#include "storage/database.h"
#include "storage/file_claim.h"
#include "storage/file_lock.h"
#include "storage/keys.h"
#include "storage/run_row.h"
#include "storage/schema.h"
#include "storage/step_reader.h"
#include "storage/step_writer.h"

namespace paperd::storage {
namespace {

// Durable commits (FULL syncs the write-ahead log at each). The log is folded into the file every
// 4,000 pages (16 MB): measured at 505 symbols a slice, the fold takes about 16 ms, and at 1,000
// pages it would be every 75th commit and its 99th percentile (5 ms instead of 1.3).
constexpr const char* kSettings =
    "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864; "
    "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY";

Result<void> set_up(Database& database, const Journal::Options& options) {
    TRY(bring_schema_up_to_date(database, migrations()));
    TRY_LET(const auto mode, database.text("PRAGMA journal_mode=WAL"));
    if (mode != "wal") {
        return fail(database.path() +
                    ": the file system does not allow a write-ahead log (no shared memory); put "
                    "the database on a local disk");
    }
    TRY(database.execute(kSettings));
    if (options.pages_max > 0) {
        return database.execute("PRAGMA max_page_count=" + std::to_string(options.pages_max));
    }
    return {};
}

// The run row of a new file, or the comparison with the one that is there.
Result<void> claim_run(Database& database, const RunHeader& run) {
    TRY_LET(auto transaction, Transaction::begin(database, Transaction::Kind::write));
    TRY(add_missing_reasons(database));
    TRY_LET(const auto stored, read_run(database, false));
    if (!stored.has_value()) {
        TRY(write_run(database, run));
    } else if (stored->run_key != run.run_key) {
        return fail(database.path() +
                        ": holds another run; name another file with --db, or ask for the same "
                        "run. What differs:\n" +
                        differences(*stored, run),
                    ErrorKind::usage);
    }
    return transaction.commit();
}

std::string named(const Slice& slice) {
    return "slice " + std::to_string(slice.id) + " (" + timestamp_text(slice.closed_at) + ")";
}

// "slice 7 (...) was", "slice 7 (...) to slice 9 (...) were"
std::string named(std::span<const JournalEntry> group) {
    const std::string first = named(group.front().slice);
    return group.size() == 1 ? first + " was"
                             : first + " to " + named(group.back().slice) + " were";
}

}  // namespace

struct Journal::Rep {
    FileLock lock;    // first, so that it outlives the database's closing,
    FileClaim claim;  // as does this
    Database database;
    StepWriter writer;
    Statement insert_checkpoint;
    Statement drop_checkpoints;
    RunState state;
    std::int64_t last_command_id = 0;
    std::vector<Command> waiting;

    // The last step of the group whose commit failed: until that is stored, no other is taken.
    struct Refused {
        std::int64_t slice_id = 0;
        std::uint64_t state_hash = 0;

        bool operator==(const Refused&) const = default;
    };

    std::optional<Refused> refused;

    Result<void> store(std::span<const JournalEntry> group) {
        if (database.in_transaction()) {  // the disk failed the last one's rollback too
            TRY(database.execute("ROLLBACK"));
        }
        TRY_LET(auto transaction, Transaction::begin(database, Transaction::Kind::write));
        for (const JournalEntry& entry : group) {
            TRY(writer.write(entry.slice, entry.step, entry.known_at));
            if (entry.checkpoint != nullptr) {
                insert_checkpoint.bind_int(1, entry.checkpoint->slice_id);
                insert_checkpoint.bind_blob(2, entry.checkpoint->blob);
                TRY(insert_checkpoint.run());
                TRY(drop_checkpoints.run());
            }
        }
        if (state.complete) {
            TRY(database.execute(
                "UPDATE runs SET complete = 0, final_slice_id = NULL, final_state_hash = NULL"));
        }
        return transaction.commit();
    }
};

Journal::Journal(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}

// Outside the write-ahead mode a reader leaves no files beside the database. Where one is reading
// now it stays as it is.
Journal::~Journal() {
    // Always asked: a log that lies beside another file than its own must not stay there.
    const bool ours = !still_ours().has_error();
    if (rep_->state.complete && ours) {
        (void)rep_->database.execute("PRAGMA journal_mode=DELETE");
    }
}

Result<void> Journal::still_ours() const { return rep_->claim.check(); }

Result<std::unique_ptr<Journal>> Journal::open(const std::string& path, const RunHeader& run,
                                               const Options& options) {
    TRY(FileClaim::check_names(path));
    std::optional<FileClaim> claim;  // first: it ends after the database's closing
    TRY_LET(auto database, Database::open(path, OpenMode::create, options.busy_timeout_ms));
    TRY_LET(auto lock, FileLock::acquire(path));
    TRY_LET(auto claimed, FileClaim::acquire(path));
    claim.emplace(std::move(claimed));
    if (database.has_moved()) {
        return fail(path + ": the file was replaced while it was opened; start again");
    }
    TRY(set_up(database, options));
    TRY(claim_run(database, run));
    TRY(claim->watch_log());  // which the first transaction made
    TRY_LET(auto state, read_state(database));
    TRY_LET(const auto last_command, database.integer("SELECT max(command_id) FROM commands"));
    TRY_LET(auto waiting, read_waiting_commands(database));
    TRY_LET(auto writer, StepWriter::prepare(database));
    TRY_LET(auto insert, database.prepare("INSERT INTO checkpoints VALUES (?, ?)"));
    TRY_LET(auto drop,
            database.prepare("DELETE FROM checkpoints WHERE slice_id NOT IN "
                             "(SELECT slice_id FROM checkpoints ORDER BY slice_id DESC LIMIT 2)"));
    auto rep = std::make_unique<Rep>(Rep{std::move(lock), std::move(*claim), std::move(database),
                                         std::move(writer), std::move(insert), std::move(drop),
                                         std::move(state), last_command, std::move(waiting),
                                         std::nullopt});
    return std::unique_ptr<Journal>(new Journal(std::move(rep)));
}

const RunState& Journal::state() const { return rep_->state; }

std::int64_t Journal::last_command_id() const { return rep_->last_command_id; }

Result<void> Journal::commit(std::span<const JournalEntry> group) {
    CHECK(!group.empty(), "a group has a slice");
    RunState& state = rep_->state;
    std::int64_t before = state.last_slice_id;
    for (const JournalEntry& entry : group) {
        if (entry.slice.id != before + 1) {
            return fail(rep_->database.path() + ": " + named(entry.slice) +
                        " does not follow slice " + std::to_string(before) +
                        ", the last one stored");
        }
        ++before;
    }
    TRY(still_ours());
    const JournalEntry& last = group.back();
    const Rep::Refused asked{last.slice.id, last.step.state_hash};
    if (rep_->refused && *rep_->refused != asked) {
        return fail(rep_->database.path() + ": " + named(last.slice) +
                    " is another step than the one that could not be stored: only that one may "
                    "follow");
    }
    if (auto r = rep_->store(group); r.has_error()) {
        rep_->refused = asked;
        return fail(named(group) + " not stored: " + r.error().text, r.error().kind);
    }
    rep_->refused.reset();
    state.fresh = false;
    state.complete = false;
    state.last_slice_id = last.slice.id;
    state.last_closed_at = last.slice.closed_at;
    state.last_state_hash = last.step.state_hash;
    for (const JournalEntry& entry : group) {
        if (entry.checkpoint != nullptr) {
            state.checkpoint = *entry.checkpoint;
        }
        for (const Command& command : entry.slice.commands) {
            rep_->last_command_id = std::max(rep_->last_command_id, command.id);
            std::erase_if(rep_->waiting, [&](const Command& w) { return w.id == command.id; });
        }
    }
    return {};
}

const std::vector<Command>& Journal::waiting_commands() const { return rep_->waiting; }

Result<void> Journal::record_command(const Command& command) {
    CHECK(command.id > rep_->last_command_id, "commands have ids of their own, ascending");
    TRY(rep_->writer.write_waiting(command));
    rep_->last_command_id = command.id;
    rep_->waiting.push_back(command);
    return {};
}

Result<void> Journal::record_process_start(Timestamp at, const std::string& version,
                                           const std::string& fingerprint,
                                           std::int64_t resumed_after_slice) {
    TRY_LET(auto insert,
            rep_->database.prepare(
                "INSERT INTO process_starts (at_ns, version, fingerprint, resumed_after_slice) "
                "VALUES (?,?,?,?)"));
    insert.bind_int(1, to_ns(at));
    insert.bind_text(2, version);
    insert.bind_text(3, fingerprint);
    insert.bind_int(4, resumed_after_slice);
    return insert.run();
}

Result<void> Journal::record_incident(Timestamp at, const Incident& incident) {
    return rep_->writer.write_incident(at, incident);
}

Result<void> Journal::finish() {
    const RunState& state = rep_->state;
    TRY_LET(auto update,
            rep_->database.prepare(
                "UPDATE runs SET complete = 1, final_slice_id = ?, final_state_hash = ?"));
    update.bind_int(1, state.last_slice_id);
    update.bind_int(2, static_cast<std::int64_t>(state.last_state_hash));
    TRY(update.run());
    rep_->state.complete = true;
    return {};
}

}  // namespace paperd::storage
