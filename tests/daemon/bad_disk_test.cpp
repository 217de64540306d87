// A disk that may not be written: no waiting mends that, so it is said, and nothing is lost. What
// waiting does mend: pausing_test.cpp.
#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/daemon/running_paperd.h"
#include "tests/daemon/said.h"
#include "tests/storage/without_privileges.h"
#include "tests/support/jobs.h"
#include "tests/support/small_disk.h"

namespace paperd {
namespace {

using support::expect_said;
using support::run_paperd;
using support::TempDir;

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
        support::RunningPaperd daemon({"run", "-c", job(), "--db", db, "--speed", "1200"},
                                      dir_.path("log"));
        ASSERT_TRUE(support::becomes_true([&] {
            return run_paperd({"equity", "--db", db}).out.find("USD") != std::string::npos;
        })) << support::read_file(dir_.path("log"));
        ASSERT_EQ(daemon.stop(), 0);
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
