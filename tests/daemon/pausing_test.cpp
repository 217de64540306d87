// What cannot be stored now pauses the run and does not end it: somebody's shell holds a lock, the
// disk is full. Once the cause is gone the same slice is stored, and nothing differs.
#include <csignal>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "storage/database.h"
#include "tests/daemon/running_paperd.h"
#include "tests/daemon/said.h"
#include "tests/support/jobs.h"
#include "tests/support/small_disk.h"

namespace paperd {
namespace {

using boost::json::object;
using support::status_when;

class Pausing : public testing::Test {
protected:
    void SetUp() override {
        support::write_file(job(), support::exchanged(support::synthetic_job(1),
                                                      "  enabled: false\n", "  enabled: true\n"));
        const auto whole = support::run_paperd({"run", "-c", job(), "--db", dir_.path("whole.db")});
        ASSERT_EQ(whole.exit_code, 0) << whole.err;
    }

    [[nodiscard]] std::string job() const { return dir_.path("job.yaml"); }

    [[nodiscard]] const std::string& db() const { return db_; }

    [[nodiscard]] std::string log() const { return support::read_file(dir_.path("log")); }

    [[nodiscard]] std::vector<std::string> run_at(const char* speed) const {
        return {"run", "-c", job(), "--db", db(), "--speed", speed};
    }

    // The status page of a run that waits, and why it does.
    void expect_paused(const char* why) {
        const auto paused =
            status_when(db(), [](const object& s) { return s.at("paused_because").is_string(); });
        ASSERT_TRUE(paused) << log();
        EXPECT_NE(paused->at("paused_because").as_string().find(why), std::string::npos)
            << paused->at("paused_because");
        const auto table = support::run_paperd({"ctl", "status", "--db", db()});
        EXPECT_NE(table.out.find("PAUSED"), std::string::npos) << table.out;
    }

    void expect_whole() const {
        EXPECT_EQ(support::trading_tables(db()), support::trading_tables(dir_.path("whole.db")));
        const auto verified = support::run_paperd({"verify", "--db", db(), "--replay"});
        EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
        auto database = storage::Database::open(db(), storage::OpenMode::read_only, 1000);
        ASSERT_FALSE(database.has_error()) << database.error().text;
        const auto told =
            database->integer("SELECT count(*) FROM incidents WHERE kind = 'commit_paused'", -1);
        ASSERT_FALSE(told.has_error()) << told.error().text;
        EXPECT_EQ(*told, incidents_);
    }

    support::TempDir dir_;
    std::string db_ = dir_.path("a.db");
    std::int64_t incidents_ = 1;
};

TEST_F(Pausing, SomebodysLockIsWaitedForAndTheRunGoesOn) {
    support::RunningPaperd daemon(run_at("2400"), dir_.path("log"));  // 40 slices a second
    ASSERT_TRUE(status_when(db(), [](const object& s) { return s.at("slices").as_int64() > 3; }))
        << log();
    {
        auto shell = storage::Database::open(db(), storage::OpenMode::read_write, 60'000);
        ASSERT_FALSE(shell.has_error()) << shell.error().text;
        ASSERT_FALSE(shell->execute("BEGIN IMMEDIATE").has_error());
        expect_paused("locked");
        ASSERT_FALSE(shell->execute("ROLLBACK").has_error());
    }
    EXPECT_EQ(daemon.wait(), 0) << log();
    expect_whole();
}

TEST_F(Pausing, ALockAtTheStartIsWaitedForToo) {
    {
        support::RunningPaperd first(run_at("1200"), dir_.path("log"));
        ASSERT_TRUE(
            status_when(db(), [](const object& s) { return s.at("slices").as_int64() > 3; }));
        first.kill();
    }
    std::optional<support::RunningPaperd> daemon;
    {
        auto shell = storage::Database::open(db(), storage::OpenMode::read_write, 60'000);
        ASSERT_FALSE(shell.has_error()) << shell.error().text;
        ASSERT_FALSE(shell->execute("BEGIN IMMEDIATE").has_error());
        daemon.emplace(run_at("max"), dir_.path("log"));
        expect_paused("locked");
        ASSERT_FALSE(shell->execute("ROLLBACK").has_error());
    }
    EXPECT_EQ(daemon->wait(), 0) << log();
    expect_whole();
}

TEST_F(Pausing, AnOperatorMayStopARunThatWaits) {
    support::RunningPaperd daemon(run_at("2400"), dir_.path("log"));
    ASSERT_TRUE(status_when(db(), [](const object& s) { return s.at("slices").as_int64() > 3; }))
        << log();
    auto shell = storage::Database::open(db(), storage::OpenMode::read_write, 60'000);
    ASSERT_FALSE(shell.has_error()) << shell.error().text;
    ASSERT_FALSE(shell->execute("BEGIN IMMEDIATE").has_error());
    expect_paused("locked");
    EXPECT_EQ(daemon.stop(), 0) << log();
    ASSERT_FALSE(shell->execute("ROLLBACK").has_error());
    const auto rest = support::run_paperd(run_at("max"));
    EXPECT_EQ(rest.exit_code, 0) << rest.err;
    incidents_ = 0;
    expect_whole();
}

// No file of the daemon grows beyond this size.
void limit_files(pid_t daemon, rlim_t bytes) {
    const rlimit limit{bytes, RLIM_INFINITY};
    EXPECT_EQ(::prlimit(daemon, RLIMIT_FSIZE, &limit, nullptr), 0);
}

TEST_F(Pausing, AFileThatMayGrowNoFurtherIsWaitedFor) {
    auto* const before = std::signal(SIGXFSZ, SIG_IGN);            // the child inherits it
    for (const rlim_t bytes : {rlim_t{4'096}, rlim_t{300'000}}) {  // at the start, and later
        SCOPED_TRACE(bytes);
        std::filesystem::remove(db());
        support::RunningPaperd daemon(run_at("max"), dir_.path("log"));
        limit_files(daemon.pid(), bytes);
        expect_paused("");
        limit_files(daemon.pid(), RLIM_INFINITY);
        EXPECT_EQ(daemon.wait(), 0) << log();
        expect_whole();
    }
    std::signal(SIGXFSZ, before);
}

TEST_F(Pausing, AFullDiskIsWaitedForUntilThereIsRoom) {
    support::SmallDisk disk(dir_.path("disk"), "400k");
    if (!disk.mounted()) {
        GTEST_SKIP() << "a disk to fill needs the right to mount one";
    }
    db_ = dir_.path("disk/a.db");
    support::RunningPaperd daemon(run_at("max"), dir_.path("log"));
    expect_paused("full");
    disk.grow("50m");
    EXPECT_EQ(daemon.wait(), 0) << log();
    expect_whole();
}

TEST_F(Pausing, AReplayWaitsTooAndSaysSo) {
    auto* const before = std::signal(SIGXFSZ, SIG_IGN);
    const std::vector<std::string> replay = {
        "replay",     "-c",   dir_.path("hybrid.yaml"), "--from",
        "2019-01-02", "--db", dir_.path("replay.db")};
    support::write_file(dir_.path("hybrid.yaml"), support::hybrid_job());
    support::RunningPaperd waits(replay, dir_.path("log"));
    limit_files(waits.pid(), 100'000);
    EXPECT_TRUE(support::becomes_true([&] {
        return log().find(" error   paused text=") != std::string::npos;
    })) << log();
    EXPECT_EQ(waits.stop(), 0) << log();
    EXPECT_NE(log().find("the same command goes on from there"), std::string::npos) << log();
    const auto rest = support::run_paperd(replay);
    EXPECT_EQ(rest.exit_code, 0) << rest.err;
    std::signal(SIGXFSZ, before);
}

}  // namespace
}  // namespace paperd
