// The database's file deleted, replaced or given a second name while it is written to, and a second
// writer that comes by another name.
#include "storage/file_claim.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "storage/database.h"
#include "storage/journal.h"
#include "storage/stored_run.h"
#include "tests/storage/random_run.h"
#include "tests/storage/temporary_file.h"

namespace paperd::storage {
namespace {

namespace fs = std::filesystem;

class FileClaimTest : public testing::Test {
protected:
    FileClaimTest() : run_(random_run(31, 4, 3)), journal_(open(directory_.file())) {
        EXPECT_FALSE(commit(0).has_error());
    }

    [[nodiscard]] std::unique_ptr<Journal> open(const std::string& path) const {
        auto opened = Journal::open(path, run_.header, {});
        EXPECT_FALSE(opened.has_error()) << opened.error().text;
        return opened.has_error() ? nullptr : std::move(*opened);
    }

    Result<void> commit(std::size_t slice) {
        return journal_->commit(run_.slices[slice].slice, run_.slices[slice].step,
                                run_.slices[slice].slice.closed_at, nullptr);
    }

    // Nothing is stored any more, and nobody is told to try again.
    void expect_lost(const std::string& words) {
        const auto ours = journal_->still_ours();
        ASSERT_TRUE(ours.has_error());
        const auto refused = commit(1);
        ASSERT_TRUE(refused.has_error());
        for (const Error& error : {ours.error(), refused.error()}) {
            EXPECT_EQ(error.kind, ErrorKind::lost);
            EXPECT_NE(error.text.find(words), std::string::npos) << error.text;
        }
        EXPECT_EQ(journal_->state().last_slice_id, 1);
    }

    // The same, of what the name leads to no more: the journal is closed, which changes nothing.
    void expect_gone(const std::string& words) {
        const auto ours = journal_->still_ours();
        ASSERT_TRUE(ours.has_error());
        EXPECT_EQ(ours.error().kind, ErrorKind::lost);
        EXPECT_NE(ours.error().text.find(words), std::string::npos) << ours.error().text;
        journal_.reset();
    }

    [[nodiscard]] std::int64_t stored_slices(const std::string& path) const {
        const auto stored = StoredRun::open(path);
        EXPECT_FALSE(stored.has_error()) << stored.error().text;
        return (*stored)->state().last_slice_id;
    }

    TemporaryDirectory directory_;
    RandomRun run_;
    std::unique_ptr<Journal> journal_;
};

TEST_F(FileClaimTest, HoldsWhileNothingHappens) {
    EXPECT_FALSE(journal_->still_ours().has_error());
    EXPECT_FALSE(commit(1).has_error());
    EXPECT_FALSE(journal_->still_ours().has_error());
}

TEST_F(FileClaimTest, NoticesThatTheFileWasDeleted) {
    fs::remove(directory_.file());
    expect_lost("the file was deleted or moved away");
}

TEST_F(FileClaimTest, NoticesThatTheFileWasMovedAway) {
    fs::rename(directory_.file(), directory_.file("moved.db"));
    expect_lost("the file was deleted or moved away");
}

TEST_F(FileClaimTest, NoticesThatTheFileWasReplaced) {
    fs::copy_file(directory_.file(), directory_.file("copy.db"));
    fs::rename(directory_.file("copy.db"), directory_.file());
    expect_lost("another file was put in its place");
}

// SQLite takes any log beside a file for that file's own: a backup put over a running database was
// destroyed by the next one to open it.
TEST_F(FileClaimTest, MovesTheLogAwayFromAFileThatWasPutInItsPlace) {
    const std::string backup = directory_.file("backup.db");
    {
        auto reader = *Database::open(directory_.file(), OpenMode::read_only, 1000);
        ASSERT_FALSE(reader.backup(backup).has_error());
    }
    for (std::size_t slice = 1; slice < run_.slices.size(); ++slice) {
        ASSERT_FALSE(commit(slice).has_error());  // in the log, not in the file
    }
    ASSERT_GT(fs::file_size(directory_.file() + "-wal"), 0U);
    fs::rename(backup, directory_.file());
    const auto ours = journal_->still_ours();
    ASSERT_TRUE(ours.has_error());
    for (const char* const part : {"another file was put in its place", "gone with it",
                                   "-wal was renamed to ", "-shm was renamed to "}) {
        EXPECT_NE(ours.error().text.find(part), std::string::npos) << ours.error().text;
    }
    EXPECT_EQ(journal_->still_ours().error().text, ours.error().text) << "for good";
    journal_.reset();
    EXPECT_TRUE(fs::exists(directory_.file() + "-wal.lost"));
    EXPECT_FALSE(fs::exists(directory_.file() + "-wal"));
    EXPECT_FALSE(fs::exists(directory_.file() + "-shm"));
    EXPECT_EQ(stored_slices(directory_.file()), 1) << "the backup's";
    EXPECT_EQ(open(directory_.file())->state().last_slice_id, 1);
}

// Also where nobody looked between the loss and the end.
TEST_F(FileClaimTest, MovesTheLogAwayWhenItCloses) {
    fs::copy_file(directory_.file(), directory_.file("copy.db"));
    fs::rename(directory_.file("copy.db"), directory_.file());
    journal_.reset();
    EXPECT_TRUE(fs::exists(directory_.file() + "-wal.lost"));
    EXPECT_FALSE(fs::exists(directory_.file() + "-wal"));
}

TEST_F(FileClaimTest, OfAMovedFileIsWholeAgainWhenTheLogFollows) {
    ASSERT_FALSE(commit(1).has_error());
    fs::rename(directory_.file(), directory_.file("moved.db"));
    expect_gone("move both back");
    fs::rename(directory_.file("moved.db"), directory_.file());
    fs::rename(directory_.file() + "-wal.lost", directory_.file() + "-wal");
    EXPECT_EQ(open(directory_.file())->state().last_slice_id, 2);
}

TEST_F(FileClaimTest, KeepsWhatAnEarlierLossLeft) {
    std::ofstream(directory_.file() + "-wal.lost") << "before";
    fs::remove(directory_.file());
    expect_gone("-wal was renamed to ");
    EXPECT_TRUE(fs::exists(directory_.file() + "-wal.lost2"));
    EXPECT_EQ(fs::file_size(directory_.file() + "-wal.lost"), 6U);
}

// The link leads elsewhere now; the file and its log are where they were.
TEST_F(FileClaimTest, LeavesTheLogWhereItsFileIs) {
    journal_.reset();
    const std::string link = directory_.file("link.db");
    fs::create_symlink(directory_.file(), link);
    journal_ = open(link);
    fs::remove(link);
    expect_gone("Let the name lead to ");
    EXPECT_FALSE(fs::exists(directory_.file() + "-wal.lost"));
    EXPECT_EQ(open(directory_.file())->state().last_slice_id, 1);
}

TEST_F(FileClaimTest, NoticesASecondNameAndGoesOnWithoutIt) {
    fs::create_hard_link(directory_.file(), directory_.file("second.db"));
    expect_lost("a second name (a hard link)");
    fs::remove(directory_.file("second.db"));
    EXPECT_FALSE(journal_->still_ours().has_error());
    EXPECT_FALSE(commit(1).has_error());
}

TEST_F(FileClaimTest, NoticesThatTheWriteAheadLogWasDeleted) {
    fs::remove(directory_.file() + "-wal");
    expect_lost("its write-ahead log");
}

// Asking opens nothing: closing any descriptor of the file would drop SQLite's own locks, and
// another writer would no longer be kept out.
TEST_F(FileClaimTest, LeavesSqlitesLocksAlone) {
    auto other = *Database::open(directory_.file(), OpenMode::read_write, 0);
    EXPECT_FALSE(journal_->still_ours().has_error());
    ASSERT_FALSE(other.execute("BEGIN IMMEDIATE").has_error());
    EXPECT_FALSE(journal_->still_ours().has_error());
    const auto locked = commit(1);
    ASSERT_TRUE(locked.has_error());
    EXPECT_EQ(locked.error().kind, ErrorKind::transient);
    ASSERT_FALSE(other.execute("ROLLBACK").has_error());
    EXPECT_FALSE(commit(1).has_error());
}

void expect_refused(const Result<std::unique_ptr<Journal>>& second, const std::string& words) {
    ASSERT_TRUE(second.has_error());
    EXPECT_EQ(second.error().kind, ErrorKind::usage);
    EXPECT_NE(second.error().text.find(words), std::string::npos) << second.error().text;
}

TEST_F(FileClaimTest, RefusesASecondWriterByASymbolicLink) {
    fs::create_symlink(directory_.file(), directory_.file("link.db"));
    expect_refused(Journal::open(directory_.file("link.db"), run_.header, {}),
                   "another paperd (process ");
}

TEST_F(FileClaimTest, RefusesASecondWriterByAHardLink) {
    fs::create_hard_link(directory_.file(), directory_.file("second.db"));
    expect_refused(Journal::open(directory_.file("second.db"), run_.header, {}), "a second name");
    // And also where nobody writes to the first one now.
    journal_.reset();
    expect_refused(Journal::open(directory_.file("second.db"), run_.header, {}), "a second name");
    fs::remove(directory_.file("second.db"));
    EXPECT_EQ(open(directory_.file())->state().last_slice_id, 1);
}

TEST_F(FileClaimTest, RefusesASecondWriterWhereSomebodyRemovedTheLocksFile) {
    fs::remove(directory_.file() + "-lock");
    expect_refused(Journal::open(directory_.file(), run_.header, {}), "only one may");
    EXPECT_FALSE(commit(1).has_error());
    EXPECT_EQ(stored_slices(directory_.file()), 2);
}

}  // namespace
}  // namespace paperd::storage
