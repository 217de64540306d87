#include "storage/journal.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "storage/database.h"
#include "storage/reading.h"
#include "storage/run_rows.h"
#include "storage/stored_run.h"
#include "tests/storage/equal_steps.h"
#include "tests/storage/insert_text.h"
#include "tests/storage/random_run.h"
#include "tests/storage/temporary_file.h"
#include "tests/storage/without_privileges.h"
#include "tests/support/small_disk.h"

namespace paperd::storage {
namespace {

std::unique_ptr<Journal> open(const std::string& path, const RunHeader& header,
                              Journal::Options options = {}) {
    auto journal = Journal::open(path, header, options);
    EXPECT_FALSE(journal.has_error()) << journal.error().text;
    return journal.has_error() ? nullptr : std::move(*journal);
}

Result<void> commit(Journal& journal, const RandomSlice& made) {
    return journal.commit(made.slice, made.step, made.slice.closed_at, nullptr);
}

// Every row of every trading table, as one text: what two runs are compared by.
std::string trading_tables(const std::string& path) {
    auto database = Database::open(path, OpenMode::read_only, 100);
    EXPECT_FALSE(database.has_error());
    std::string text;
    for (const char* table :
         {"instruments", "slices", "bars", "decisions", "warmup_predictions", "model_outputs",
          "risk_adjustments", "orders", "fills", "ledger", "positions", "equity",
          "corporate_actions", "commands", "checkpoints"}) {
        auto columns = database->text(
            std::string("SELECT group_concat('quote(' || name || ')', '||'',''||') FROM "
                        "pragma_table_xinfo('") +
            table + "')");
        auto rows = database->prepare("SELECT " + *columns + " FROM " + table + " ORDER BY rowid");
        EXPECT_FALSE(rows.has_error()) << rows.error().text;
        while (*rows->step()) {
            text.append(table).append(":").append(rows->column_text(0)).append("\n");
        }
    }
    return text;
}

TEST(Journal, GivesBackEverythingThatRandomStepsPutIn) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        const TemporaryDirectory directory;
        const RandomRun run = random_run(seed, 37, 30);
        {
            const auto journal = open(directory.file(), run.header);
            ASSERT_NE(journal, nullptr);
            const auto stored = store(*journal, run);
            ASSERT_FALSE(stored.has_error()) << stored.error().text;
        }
        const auto stored = StoredRun::open(directory.file());
        ASSERT_FALSE(stored.has_error()) << stored.error().text;
        const auto some = (*stored)->steps(4, 9);
        ASSERT_EQ(some->size(), 6U);
        for (std::size_t i = 0; i < some->size(); ++i) {
            expect_same((*some)[i].slice, run.slices[i + 3].slice);
        }
        const auto steps = (*stored)->steps(1, 1'000'000);
        ASSERT_FALSE(steps.has_error()) << steps.error().text;
        ASSERT_EQ(steps->size(), run.slices.size());
        std::size_t fills = 0;
        for (std::size_t i = 0; i < steps->size(); ++i) {
            expect_same((*steps)[i].slice, run.slices[i].slice);
            expect_same((*steps)[i].step, run.slices[i].step);
            fills += run.slices[i].step.fills.size();
        }
        EXPECT_GT(fills, 20U);
        EXPECT_TRUE(*(*stored)->orders() == run.orders);
        EXPECT_TRUE((*stored)->state().complete);
    }
}

TEST(Journal, GivesBackTheRunsHeaderAndModel) {
    const TemporaryDirectory directory;
    const RunHeader header = random_header(9, 3);
    open(directory.file(), header);
    const auto stored = StoredRun::open(directory.file());
    ASSERT_FALSE(stored.has_error());
    const RunHeader& read = (*stored)->header();
    EXPECT_EQ(read.symbols, header.symbols);
    ASSERT_EQ(read.models.size(), 2U);
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(kModels.difference(header.models[i], read.models[i]), "");
    }
    EXPECT_EQ(kRuns.difference(header, read), "");
}

TEST(Journal, KnowsWhereItStandsWhenItIsOpenedAgain) {
    const TemporaryDirectory directory;
    const RandomRun run = random_run(3, 5, 23);
    {
        const auto journal = open(directory.file(), run.header);
        EXPECT_TRUE(journal->state().fresh);
        EXPECT_FALSE(journal->state().checkpoint.has_value());
        ASSERT_FALSE(store(*journal, run).has_error());
    }
    const auto journal = open(directory.file(), run.header);
    const RunState& state = journal->state();
    EXPECT_FALSE(state.fresh);
    EXPECT_TRUE(state.complete);
    EXPECT_EQ(state.last_slice_id, 23);
    EXPECT_EQ(state.last_closed_at, run.slices.back().slice.closed_at);
    EXPECT_EQ(state.last_state_hash, run.slices.back().step.state_hash);
    ASSERT_TRUE(state.checkpoint.has_value());
    EXPECT_EQ(state.checkpoint->slice_id, 20);
    EXPECT_EQ(state.checkpoint->blob, (std::vector<std::byte>{std::byte{1}, std::byte{2}}));
    std::int64_t last_command = 0;
    for (const RandomSlice& made : run.slices) {
        for (const Command& command : made.slice.commands) {
            last_command = command.id;
        }
    }
    EXPECT_GT(last_command, 0);
    EXPECT_EQ(journal->last_command_id(), last_command);
    auto database = Database::open(directory.file(), OpenMode::read_only, 100);
    EXPECT_EQ(*database->text("SELECT group_concat(slice_id) FROM checkpoints"), "15,20");
}

TEST(Journal, EndsWithTheSameRowsHoweverOftenTheProcessDies) {
    const TemporaryDirectory directory;
    const RandomRun run = random_run(11, 8, 20);
    ASSERT_FALSE(store(*open(directory.file("whole.db"), run.header), run).has_error());
    for (std::size_t i = 0; i < run.slices.size(); ++i) {
        const auto journal = open(directory.file("pieces.db"), run.header);
        ASSERT_EQ(journal->state().last_slice_id, static_cast<std::int64_t>(i));
        ASSERT_FALSE(
            journal
                ->record_process_start(from_ns(5), "0.1.0", "here", journal->state().last_slice_id)
                .has_error());
        Checkpoint checkpoint{run.slices[i].slice.id, {std::byte{1}, std::byte{2}}};
        ASSERT_FALSE(journal
                         ->commit(run.slices[i].slice, run.slices[i].step,
                                  run.slices[i].slice.closed_at,
                                  (i + 1) % 5 == 0 ? &checkpoint : nullptr)
                         .has_error());
    }
    EXPECT_EQ(trading_tables(directory.file("pieces.db")),
              trading_tables(directory.file("whole.db")));
}

TEST(Journal, KeepsACommandFromItsTakingToItsSlice) {
    const TemporaryDirectory directory;
    RandomRun run = random_run(12, 3, 4);
    for (RandomSlice& made : run.slices) {
        made.slice.commands.clear();
    }
    const std::vector<Command> commands = {
        {1, CommandKind::halt, from_ns(5), "first"},
        {2, CommandKind::resume, from_ns(6), "second"},
    };
    {
        const auto journal = open(directory.file(), run.header);
        ASSERT_FALSE(commit(*journal, run.slices[0]).has_error());
        for (const Command& command : commands) {
            ASSERT_FALSE(journal->record_command(command).has_error());
        }
    }
    {
        const auto journal = open(directory.file(), run.header);
        EXPECT_EQ(journal->last_command_id(), 2);
        ASSERT_EQ(journal->waiting_commands().size(), 2U);
        // A slice that does not take them up leaves them waiting.
        ASSERT_FALSE(commit(*journal, run.slices[1]).has_error());
        EXPECT_EQ(journal->waiting_commands().size(), 2U);
        run.slices[2].slice.commands = journal->waiting_commands();
        ASSERT_FALSE(commit(*journal, run.slices[2]).has_error());
        EXPECT_TRUE(journal->waiting_commands().empty());
        EXPECT_EQ(journal->last_command_id(), 2);
    }
    const auto journal = open(directory.file(), run.header);
    EXPECT_TRUE(journal->waiting_commands().empty());
    const auto stored_run = StoredRun::open(directory.file());
    const auto slices = (*stored_run)->slices(1, 3);
    EXPECT_TRUE((*slices)[0].commands.empty());
    EXPECT_TRUE((*slices)[1].commands.empty());
    ASSERT_EQ((*slices)[2].commands.size(), 2U);
    for (std::size_t i = 0; i < 2; ++i) {
        const Command& stored = (*slices)[2].commands[i];
        EXPECT_EQ(stored.id, commands[i].id);
        EXPECT_EQ(stored.kind, commands[i].kind);
        EXPECT_EQ(stored.received_at, commands[i].received_at);
        EXPECT_EQ(stored.note, commands[i].note);
    }
    // One that took effect does not do so again.
    run.slices[3].slice.commands = {commands[0]};
    EXPECT_TRUE(commit(*journal, run.slices[3]).has_error());
}

TEST(Journal, RefusesAWaitingCommandThatIsNone) {
    const TemporaryDirectory directory;
    const RunHeader header = random_header(1, 2);
    open(directory.file(), header);
    {
        auto database = Database::open(directory.file(), OpenMode::read_write, 100);
        ASSERT_FALSE(database
                         ->execute("INSERT INTO commands (command_id, kind, received_at_ns, note) "
                                   "VALUES (7, 9, 0, '')")
                         .has_error());
    }
    const auto journal = Journal::open(directory.file(), header, {});
    ASSERT_TRUE(journal.has_error());
    EXPECT_EQ(journal.error().kind, ErrorKind::difference);
    EXPECT_NE(journal.error().text.find("commands row 7: kind is 9, which stands for nothing"),
              std::string::npos)
        << journal.error().text;
}

TEST(Journal, IsTheOnlyWriterOfItsFile) {
    const TemporaryDirectory directory;
    const RandomRun run = random_run(13, 3, 3);
    {
        const auto journal = open(directory.file(), run.header);
        const auto second = Journal::open(directory.file(), run.header, {});
        ASSERT_TRUE(second.has_error());
        EXPECT_EQ(second.error().kind, ErrorKind::usage);
        EXPECT_NE(second.error().text.find(directory.file() + ": another paperd (process " +
                                           std::to_string(::getpid()) + ") is writing to it"),
                  std::string::npos)
            << second.error().text;
        EXPECT_FALSE(commit(*journal, run.slices[0]).has_error());
    }
    EXPECT_FALSE(std::filesystem::exists(directory.file() + "-lock"));
    // Left behind by a process that is no more.
    std::ofstream(directory.file() + "-lock") << "1\n";
    EXPECT_EQ(open(directory.file(), run.header)->state().last_slice_id, 1);
}

TEST(Journal, RefusesASliceThatDoesNotFollowAndOneThatIsThere) {
    const TemporaryDirectory directory;
    const RandomRun run = random_run(4, 4, 6);
    const auto journal = open(directory.file(), run.header);
    ASSERT_FALSE(commit(*journal, run.slices[0]).has_error());
    for (const std::size_t wrong : {std::size_t{0}, std::size_t{2}}) {
        const auto r = commit(*journal, run.slices[wrong]);
        ASSERT_TRUE(r.has_error());
        EXPECT_NE(r.error().text.find("does not follow slice 1, the last one stored"),
                  std::string::npos);
    }
}

// A step like `made` in everything but its hash.
RandomSlice another_step(RandomSlice made) {
    made.step.state_hash += 1;
    return made;
}

TEST(Journal, TakesTheStepThatItCouldNotStoreAndNoOther) {
    const TemporaryDirectory directory;
    const RandomRun run = random_run(21, 4, 3);
    const auto journal = open(directory.file(), run.header, {.busy_timeout_ms = 1});
    ASSERT_FALSE(commit(*journal, run.slices[0]).has_error());
    auto shell = *Database::open(directory.file(), OpenMode::read_write, 0);
    ASSERT_FALSE(shell.execute("BEGIN IMMEDIATE").has_error());
    const auto locked = commit(*journal, run.slices[1]);
    ASSERT_TRUE(locked.has_error());
    EXPECT_EQ(locked.error().kind, ErrorKind::transient) << locked.error().text;
    ASSERT_FALSE(shell.execute("ROLLBACK").has_error());
    const auto other = commit(*journal, another_step(run.slices[1]));
    ASSERT_TRUE(other.has_error());
    EXPECT_EQ(other.error().kind, ErrorKind::failed);
    EXPECT_NE(other.error().text.find("another step than the one that could not be stored"),
              std::string::npos)
        << other.error().text;
    EXPECT_EQ(journal->state().last_slice_id, 1);
    EXPECT_FALSE(commit(*journal, run.slices[1]).has_error());
    EXPECT_FALSE(commit(*journal, run.slices[2]).has_error());
}

TEST(Journal, CallsALockOnOpeningTransient) {
    const TemporaryDirectory directory;
    const RandomRun run = random_run(22, 4, 1);
    open(directory.file(), run.header);
    auto shell = *Database::open(directory.file(), OpenMode::read_write, 0);
    ASSERT_FALSE(shell.execute("BEGIN IMMEDIATE").has_error());
    const auto locked = Journal::open(directory.file(), run.header, {.busy_timeout_ms = 1});
    ASSERT_TRUE(locked.has_error());
    EXPECT_EQ(locked.error().kind, ErrorKind::transient) << locked.error().text;
    ASSERT_FALSE(shell.execute("ROLLBACK").has_error());
    EXPECT_NE(open(directory.file(), run.header), nullptr);
}

TEST(Journal, IsReadInOneViewWhileItIsWritten) {
    const TemporaryDirectory directory;
    const RandomRun run = random_run(23, 4, 2);
    const auto journal = open(directory.file(), run.header);
    ASSERT_FALSE(commit(*journal, run.slices[0]).has_error());
    const auto read = read_in_one_view(
        directory.file(), [&](Database& database, const RunHeader&) -> Result<void> {
            const char* const kCount = "SELECT count(*) FROM slices";
            EXPECT_EQ(*database.integer(kCount), 1);
            EXPECT_FALSE(commit(*journal, run.slices[1]).has_error());
            EXPECT_EQ(*database.integer(kCount), 1) << "of the moment when reading began";
            return {};
        });
    EXPECT_FALSE(read.has_error());
}

TEST(Journal, StoresASliceWholeOrNotAtAllWhereverTheDiskIsFull) {
    const RandomRun run = random_run(5, 300, 8);
    std::size_t failures = 0;
    for (std::int64_t pages = 44; pages < 200; pages += 9) {
        SCOPED_TRACE("pages " + std::to_string(pages));
        const TemporaryDirectory directory;
        std::size_t stored = 0;
        {
            const auto journal = open(directory.file(), run.header, {.pages_max = pages});
            ASSERT_NE(journal, nullptr);
            for (; stored < run.slices.size(); ++stored) {
                const auto r = commit(*journal, run.slices[stored]);
                if (r.has_error()) {
                    ++failures;
                    EXPECT_NE(r.error().text.find("slice " + std::to_string(stored + 1)),
                              std::string::npos);
                    EXPECT_NE(r.error().text.find("database or disk is full; the disk or the "
                                                  "file's size limit is full: free space"),
                              std::string::npos)
                        << r.error().text;
                    EXPECT_EQ(r.error().kind, ErrorKind::transient);
                    // Still full, still whole.
                    EXPECT_TRUE(commit(*journal, run.slices[stored]).has_error());
                    EXPECT_EQ(journal->state().last_slice_id, static_cast<std::int64_t>(stored));
                    break;
                }
            }
        }
        const auto read = StoredRun::open(directory.file());
        const auto steps = (*read)->steps(1, 100);
        ASSERT_EQ(steps->size(), stored);
        for (std::size_t i = 0; i < stored; ++i) {
            expect_same((*steps)[i].step, run.slices[i].step);
        }
        EXPECT_TRUE((*read)->check_laws(10)->empty());
        // With space again the run goes on where it stopped.
        const auto journal = open(directory.file(), run.header);
        for (std::size_t i = stored; i < run.slices.size(); ++i) {
            ASSERT_FALSE(commit(*journal, run.slices[i]).has_error());
        }
    }
    EXPECT_GT(failures, 10U);
}

// Slices [first, first + count), those there are, in one transaction; with the checkpoints of
// store().
Result<void> commit_group(Journal& journal, const RandomRun& run, std::size_t first,
                          std::size_t count) {
    const std::size_t end = std::min(first + count, run.slices.size());
    std::vector<Checkpoint> checkpoints;
    checkpoints.reserve(count);
    std::vector<JournalEntry> group;
    for (std::size_t i = first; i < end; ++i) {
        const RandomSlice& made = run.slices[i];
        const bool fifth = made.slice.id % 5 == 0;
        if (fifth) {
            checkpoints.push_back({made.slice.id, {std::byte{1}, std::byte{2}}});
        }
        group.push_back(
            {made.slice, made.step, made.slice.closed_at, fifth ? &checkpoints.back() : nullptr});
    }
    return journal.commit(group);
}

TEST(Journal, HoldsTheSameRowsHoweverManySlicesATransactionStores) {
    const RandomRun run = random_run(31, 8, 43);
    const TemporaryDirectory directory;
    ASSERT_FALSE(store(*open(directory.file("1.db"), run.header), run).has_error());
    const std::string expected = trading_tables(directory.file("1.db"));
    for (const std::size_t size : {std::size_t{2}, std::size_t{7}, std::size_t{1000}}) {
        SCOPED_TRACE(size);
        const std::string db = directory.file(std::to_string(size) + ".db");
        const auto journal = open(db, run.header);
        for (std::size_t i = 0; i < run.slices.size(); i += size) {
            ASSERT_FALSE(commit_group(*journal, run, i, size).has_error());
        }
        EXPECT_EQ(journal->state().last_slice_id, 43);
        EXPECT_EQ(journal->state().last_state_hash, run.slices.back().step.state_hash);
        EXPECT_EQ(journal->state().checkpoint->slice_id, 40);
        ASSERT_FALSE(journal->finish().has_error());
        EXPECT_EQ(trading_tables(db), expected);
    }
}

TEST(Journal, TakesTheGroupThatItCouldNotStoreAndNoOther) {
    const TemporaryDirectory directory;
    const RandomRun run = random_run(32, 4, 9);
    const auto journal = open(directory.file(), run.header, {.busy_timeout_ms = 1});
    ASSERT_FALSE(commit_group(*journal, run, 0, 2).has_error());
    const RandomSlice& third = run.slices[2];
    const RandomSlice& fifth = run.slices[4];
    const JournalEntry gap[] = {{third.slice, third.step, third.slice.closed_at},
                                {fifth.slice, fifth.step, fifth.slice.closed_at}};
    const auto with_a_gap = journal->commit(gap);
    ASSERT_TRUE(with_a_gap.has_error());
    EXPECT_NE(with_a_gap.error().text.find(") does not follow slice 3,"), std::string::npos)
        << with_a_gap.error().text;
    auto shell = *Database::open(directory.file(), OpenMode::read_write, 0);
    ASSERT_FALSE(shell.execute("BEGIN IMMEDIATE").has_error());
    const auto locked = commit_group(*journal, run, 2, 4);
    ASSERT_TRUE(locked.has_error());
    EXPECT_EQ(locked.error().kind, ErrorKind::transient) << locked.error().text;
    EXPECT_EQ(locked.error().text.find("slice 3 ("), 0U) << locked.error().text;
    EXPECT_NE(locked.error().text.find(") to slice 6 ("), std::string::npos);
    EXPECT_NE(locked.error().text.find(") were not stored: "), std::string::npos);
    ASSERT_FALSE(shell.execute("ROLLBACK").has_error());
    const auto less = commit_group(*journal, run, 2, 3);
    ASSERT_TRUE(less.has_error());
    EXPECT_NE(less.error().text.find("another step than the one that could not be stored"),
              std::string::npos)
        << less.error().text;
    EXPECT_EQ(journal->state().last_slice_id, 2);
    EXPECT_FALSE(commit_group(*journal, run, 2, 4).has_error());
    EXPECT_FALSE(commit_group(*journal, run, 6, 3).has_error());
}

TEST(Journal, StoresAGroupWholeOrNotAtAllWhereverTheDiskIsFull) {
    const RandomRun run = random_run(33, 300, 9);
    std::size_t failures = 0;
    std::size_t stored_some = 0;
    for (std::int64_t pages = 44; pages < 200; pages += 9) {
        SCOPED_TRACE("pages " + std::to_string(pages));
        const TemporaryDirectory directory;
        std::size_t stored = 0;
        {
            const auto journal = open(directory.file(), run.header, {.pages_max = pages});
            ASSERT_NE(journal, nullptr);
            while (stored < run.slices.size()) {
                if (const auto full = commit_group(*journal, run, stored, 3); full.has_error()) {
                    ++failures;
                    EXPECT_EQ(full.error().kind, ErrorKind::transient) << full.error().text;
                    EXPECT_TRUE(commit_group(*journal, run, stored, 3).has_error()) << "still full";
                    EXPECT_EQ(journal->state().last_slice_id, static_cast<std::int64_t>(stored));
                    break;
                }
                stored += 3;
            }
        }
        stored_some += stored > 0 ? 1 : 0;
        EXPECT_EQ((*StoredRun::open(directory.file()))->steps(1, 100)->size(), stored);
        const auto journal = open(directory.file(), run.header);
        for (; stored < run.slices.size(); stored += 3) {
            ASSERT_FALSE(commit_group(*journal, run, stored, 3).has_error());
        }
        EXPECT_TRUE((*StoredRun::open(directory.file()))->check_laws(10)->empty());
    }
    EXPECT_GT(failures, 10U);
    EXPECT_GT(stored_some, 5U);
}

TEST(Journal, TakesTheSameStepAgainOnceAFullDiskHasRoom) {
    const RandomRun run = random_run(6, 300, 6);
    std::size_t failures = 0;
    for (int kilobytes = 220; kilobytes < 900; kilobytes += 40) {
        SCOPED_TRACE(kilobytes);
        const TemporaryDirectory directory;
        support::SmallDisk disk(directory.file("disk"), std::to_string(kilobytes) + "k");
        if (!disk.mounted()) {
            GTEST_SKIP() << "a disk to fill needs the right to mount one";
        }
        const std::string db = directory.file("disk/run.db");
        {
            auto opened = Journal::open(db, run.header, {});
            if (opened.has_error()) {
                EXPECT_EQ(opened.error().kind, ErrorKind::transient) << opened.error().text;
                disk.grow("50m");
                opened = Journal::open(db, run.header, {});
            }
            ASSERT_FALSE(opened.has_error()) << opened.error().text;
            for (const RandomSlice& made : run.slices) {
                if (const auto full = commit(**opened, made); full.has_error()) {
                    ++failures;
                    EXPECT_EQ(full.error().kind, ErrorKind::transient) << full.error().text;
                    EXPECT_TRUE(commit(**opened, made).has_error()) << "still full";
                    disk.grow("50m");
                    const auto again = commit(**opened, made);
                    ASSERT_FALSE(again.has_error()) << again.error().text;
                }
            }
        }
        const auto stored = StoredRun::open(db);
        const auto steps = (*stored)->steps(1, 100);
        ASSERT_EQ(steps->size(), run.slices.size());
        for (std::size_t i = 0; i < steps->size(); ++i) {
            expect_same((*steps)[i].step, run.slices[i].step);
        }
        EXPECT_TRUE((*stored)->check_laws(10)->empty());
    }
    EXPECT_GT(failures, 5U);
}

TEST(Journal, RefusesAnotherRunsDatabaseAndShowsWhatDiffers) {
    const TemporaryDirectory directory;
    const RunHeader header = random_header(1, 3);
    open(directory.file(), header);
    RunHeader other = header;
    other.run_key = "another";
    other.seed = 42;
    other.to = "2020-01-31";
    other.symbols = {"S0", "S2", "NEW"};
    other.models.front().sha256 = "def456";
    other.config_text = "title: some\nrisk:\n  gross_leverage_max: 3\nseed: 1\n";
    const auto r = Journal::open(directory.file(), other, {});
    ASSERT_TRUE(r.has_error());
    EXPECT_EQ(r.error().kind, ErrorKind::usage);
    EXPECT_EQ(r.error().text,
              directory.file() +
                  ": holds another run; name another file with --db, or ask for the same run. What "
                  "differs:\n"
                  "  to: (none) stored, 2020-01-31 asked for\n"
                  "  seed: 18446744073709551614 stored, 42 asked for\n"
                  "  models: forecaster abc123, regime_veto def456 stored, forecaster "
                  "def456, regime_veto def456 asked for\n"
                  "  symbols: only stored: S1; only asked for: NEW\n"
                  "  config (- stored, + asked for):\n"
                  "    -   gross_leverage_max: 2\n"
                  "    +   gross_leverage_max: 3\n");
}

TEST(Journal, RefusesFilesItCannotUse) {
    const TemporaryDirectory directory;
    const RunHeader header = random_header(1, 3);
    const auto error_of = [&](const std::string& path) {
        const auto r = Journal::open(path, header, {});
        EXPECT_TRUE(r.has_error()) << path;
        return r.has_error() ? r.error() : fail("");
    };
    EXPECT_NE(error_of(directory.path().string()).text.find("is a directory"), std::string::npos);
    std::ofstream(directory.file("prose.db")) << std::string(5000, 'p');
    EXPECT_NE(error_of(directory.file("prose.db")).text.find("file is not a database"),
              std::string::npos);
    open(directory.file(), header);
    {
        auto database = Database::open(directory.file(), OpenMode::read_write, 100);
        ASSERT_FALSE(database->execute("PRAGMA user_version=1000").has_error());
    }
    const Error newer = error_of(directory.file());
    EXPECT_EQ(newer.kind, ErrorKind::usage);
    EXPECT_NE(newer.text.find("its schema is version 1000"), std::string::npos);
}

TEST(Journal, SaysThatAReadOnlyFileIsReadOnly) {
    const TemporaryDirectory directory;
    const RandomRun run = random_run(2, 4, 5);
    ASSERT_FALSE(store(*open(directory.file(), run.header), run).has_error());
    std::filesystem::permissions(directory.file(), std::filesystem::perms(0444));
    std::filesystem::permissions(directory.path(), std::filesystem::perms(0555));
    const WithoutPrivileges here;
    const auto r = Journal::open(directory.file(), run.header, {});
    ASSERT_TRUE(r.has_error());
    EXPECT_NE(r.error().text.find("read-only"), std::string::npos) << r.error().text;
    const auto reader = StoredRun::open(directory.file());
    ASSERT_FALSE(reader.has_error()) << reader.error().text;
    EXPECT_TRUE((*reader)->check_laws(5)->empty());
}

TEST(Journal, SaysThatADamagedFileIsDamaged) {
    const TemporaryDirectory directory;
    const RandomRun run = random_run(6, 40, 20);
    ASSERT_FALSE(store(*open(directory.file(), run.header), run).has_error());
    const auto whole = std::filesystem::file_size(directory.file());
    std::filesystem::resize_file(directory.file(), whole / 3);
    const auto truncated = StoredRun::open(directory.file());
    std::string text;
    if (truncated.has_error()) {
        text = truncated.error().text;
    } else {
        const auto laws = (*truncated)->check_laws(5);
        text = laws.has_error() ? laws.error().text : laws->empty() ? "" : laws->front();
    }
    EXPECT_TRUE(text.find("malformed") != std::string::npos ||
                text.find("damaged") != std::string::npos)
        << text;
    // A header that says SQLite and pages that say nothing.
    std::fstream file(directory.file(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(100);
    file << std::string(20'000, '\xA5');
    file.close();
    const auto garbled = Journal::open(directory.file(), run.header, {});
    ASSERT_TRUE(garbled.has_error());
    EXPECT_NE(garbled.error().text.find("restore it from a backup"), std::string::npos)
        << garbled.error().text;
}

TEST(Journal, OpensAMillionFillsInNoTime) {
    const TemporaryDirectory directory;
    const RunHeader header = random_header(1, 3);
    open(directory.file(), header);
    {
        auto database = Database::open(directory.file(), OpenMode::read_write, 100);
        const std::string million =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) ";
        const Given fill = {{"fill_id", "i"},     {"slice_id", "i"},
                            {"order_id", "i"},    {"decision_id", "i << 16"},
                            {"quantity_e8", "1"}, {"reference_price_e8", "1"},
                            {"price_e8", "1"}};
        const Given slice = {{"slice_id", "i"},
                             {"closed_at_ns", "i"},
                             {"known_at_ns", "i"},
                             {"day", "i"},
                             {"state_hash", "i"}};
        ASSERT_FALSE(database
                         ->execute("PRAGMA foreign_keys=OFF; PRAGMA synchronous=OFF;" + million +
                                   insert_text("fills", fill, " FROM n") + million +
                                   insert_text("slices", slice, " FROM n"))
                         .has_error());
    }
    const auto begin = std::chrono::steady_clock::now();
    const auto journal = open(directory.file(), header);
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begin;
    ASSERT_NE(journal, nullptr);
    EXPECT_EQ(journal->state().last_slice_id, 1'000'000);
    EXPECT_LT(spent.count(), 0.5);
}

TEST(Journal, KeepsProcessStartsAndIncidentsOutsideSlices) {
    const TemporaryDirectory directory;
    const auto journal = open(directory.file(), random_header(1, 3));
    ASSERT_FALSE(journal->record_process_start(from_ns(7), "0.1.0", "here", 0).has_error());
    ASSERT_FALSE(
        journal->record_incident(from_ns(8), {Severity::error, "feed", kNoSymbol, "it went silent"})
            .has_error());
    ASSERT_FALSE(
        journal->record_incident(from_ns(9), {Severity::info, "bad_row", symbol_id(2), "a row"})
            .has_error());
    auto database = Database::open(directory.file(), OpenMode::read_only, 100);
    EXPECT_EQ(*database->text("SELECT at_ns || version || fingerprint || resumed_after_slice "
                              "FROM process_starts"),
              "70.1.0here0");
    EXPECT_EQ(*database->text("SELECT group_concat(at_ns || kind || text || "
                              "coalesce(symbol_id, '-') || coalesce(slice_id, '-')) "
                              "FROM incidents"),
              "8feedit went silent--,9bad_rowa row2-");
}

TEST(Journal, LeavesASingleFileBehindAFinishedRunAlsoAfterItWasRead) {
    const TemporaryDirectory directory;
    const RandomRun run = random_run(8, 3, 5);
    const auto files = [&] {
        return std::distance(std::filesystem::directory_iterator(directory.path()), {});
    };
    for (int again = 0; again < 2; ++again) {
        {
            const auto journal = open(directory.file(), run.header);
            if (again == 0) {
                ASSERT_FALSE(store(*journal, run).has_error());
            }
            EXPECT_GT(files(), 1);
        }
        EXPECT_EQ(files(), 1);
        const auto stored = StoredRun::open(directory.file());
        EXPECT_EQ((*stored)->steps(1, 100)->size(), 5U);
        EXPECT_EQ(files(), 1);
    }
}

TEST(Journal, GoesOnAfterItWasFinished) {
    const TemporaryDirectory directory;
    const RandomRun run = random_run(7, 3, 10);
    const auto journal = open(directory.file(), run.header);
    for (std::size_t i = 0; i + 1 < run.slices.size(); ++i) {
        ASSERT_FALSE(commit(*journal, run.slices[i]).has_error());
    }
    ASSERT_FALSE(journal->finish().has_error());
    EXPECT_TRUE(journal->state().complete);
    ASSERT_FALSE(commit(*journal, run.slices.back()).has_error());
    EXPECT_FALSE(journal->state().complete);
    const auto stored = StoredRun::open(directory.file());
    EXPECT_FALSE((*stored)->state().complete);
    EXPECT_TRUE((*stored)->check_laws(10)->empty());
}

}  // namespace
}  // namespace paperd::storage
