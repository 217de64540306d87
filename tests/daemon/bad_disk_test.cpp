// A full disk and one that may not be written: trading stops with a sentence, nothing half-stored,
// and goes on where it stopped once there is room.
#include <csignal>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/daemon/said.h"
#include "tests/storage/without_privileges.h"
#include "tests/support/jobs.h"
#include "tests/support/small_disk.h"

namespace paperd {
namespace {

using support::expect_said;
using support::run_paperd;
using support::TempDir;

// No file of this process and its children grows beyond this size while it lives.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes) {
        old_handler_ = std::signal(SIGXFSZ, SIG_IGN);
        EXPECT_EQ(getrlimit(RLIMIT_FSIZE, &old_), 0);
        const rlimit limit{bytes, old_.rlim_max};
        EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
    }

    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

    ~FileSizeLimit() {
        EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &old_), 0);
        std::signal(SIGXFSZ, old_handler_);
    }

private:
    rlimit old_{};
    void (*old_handler_)(int) = nullptr;
};

constexpr const char* kStopped = "Trading stops here";

class BadDisk : public testing::Test {
protected:
    void SetUp() override {
        support::write_file(job(), support::synthetic_job(2));
        const auto whole = run_paperd({"run", "-c", job(), "--db", dir_.path("whole.db")});
        ASSERT_EQ(whole.exit_code, 0) << whole.err;
        expected_ = support::trading_tables(dir_.path("whole.db"));
    }

    [[nodiscard]] std::string job() const { return dir_.path("job.yaml"); }

    void expect_goes_on(const std::string& db) const {
        const auto verified = run_paperd({"verify", "--db", db, "--replay"});
        EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
        EXPECT_NE(verified.out.find("not complete"), std::string::npos) << verified.out;
        const auto rest = run_paperd({"run", "-c", job(), "--db", db});
        EXPECT_EQ(rest.exit_code, 0) << rest.err;
        EXPECT_EQ(support::trading_tables(db), expected_);
    }

    TempDir dir_;
    std::string expected_;
};

TEST_F(BadDisk, AFileThatMayGrowNoFurtherStopsTheRunAndLosesNothing) {
    const std::string db = dir_.path("limited.db");
    for (const rlim_t bytes : {rlim_t{250'000}, rlim_t{400'000}}) {
        SCOPED_TRACE(bytes);
        const FileSizeLimit limit(bytes);
        const auto stopped = run_paperd({"run", "-c", job(), "--db", db});
        expect_said(stopped, 1, {db + ":", kStopped, "start again"});
    }
    expect_goes_on(db);
}

TEST_F(BadDisk, NoRoomAtAllIsSaidToo) {
    const std::string db = dir_.path("none.db");
    {
        const FileSizeLimit limit(4096);
        expect_said(run_paperd({"run", "-c", job(), "--db", db}), 1, {db, "", ""});
    }
    const auto rest = run_paperd({"run", "-c", job(), "--db", db});
    EXPECT_EQ(rest.exit_code, 0) << rest.err;
    EXPECT_EQ(support::trading_tables(db), expected_);
}

TEST_F(BadDisk, AFullOneStopsTheRunAndLosesNothing) {
    support::SmallDisk disk(dir_.path("disk"), "400k");
    if (!disk.mounted()) {
        GTEST_SKIP() << "a disk to fill needs the right to mount one";
    }
    const std::string db = dir_.path("disk/full.db");
    const auto stopped = run_paperd({"run", "-c", job(), "--db", db});
    expect_said(stopped, 1, {db + ":", "full", "free space and start again"});
    expect_said(stopped, 1, {"was not stored", kStopped, "start again"});
    disk.grow("50m");
    expect_goes_on(db);
}

TEST_F(BadDisk, AFolderThatMayNotBeWrittenIsSaid) {
    namespace fs = std::filesystem;
    fs::permissions(dir_.root(), fs::perms(0755));
    const std::string folder = dir_.path("theirs");
    fs::create_directory(folder);
    fs::permissions(folder, fs::perms(0555));
    const storage::WithoutPrivileges plain;
    if (::geteuid() == 0) {
        GTEST_SKIP() << "this process cannot become another user's";
    }
    const std::string db = folder + "/a.db";
    expect_said(run_paperd({"run", "-c", job(), "--db", db}), 1,
                {db + ":", "", "that this user may use them"});
}

TEST_F(BadDisk, ADatabaseThatMayNotBeWrittenIsSaid) {
    namespace fs = std::filesystem;
    fs::permissions(dir_.root(), fs::perms(0755));
    const std::string folder = dir_.path("theirs");
    fs::create_directory(folder);
    const std::string db = folder + "/a.db";
    {
        const FileSizeLimit limit(400'000);
        ASSERT_EQ(run_paperd({"run", "-c", job(), "--db", db}).exit_code, 1);
    }
    fs::permissions(db, fs::perms(0444));
    fs::permissions(folder, fs::perms(0555));
    {
        const storage::WithoutPrivileges plain;
        if (::geteuid() == 0) {
            GTEST_SKIP() << "this process cannot become another user's";
        }
        expect_said(run_paperd({"run", "-c", job(), "--db", db}), 1, {db, "", "permission"});
    }
    fs::permissions(folder, fs::perms(0755));
    fs::permissions(db, fs::perms(0644));
    expect_goes_on(db);
}

}  // namespace
}  // namespace paperd
