// One database, one writer: a second one is refused before it touches anything, readers come and
// go, and what a killed writer leaves behind hinders nobody.
#include <filesystem>

#include <gtest/gtest.h>

#include "storage/stored_run.h"
#include "tests/daemon/running_paperd.h"
#include "tests/daemon/said.h"
#include "tests/support/jobs.h"

namespace paperd {
namespace {

using support::RunningPaperd;

class OneWriter : public testing::Test {
protected:
    void SetUp() override { support::write_file(job(), support::synthetic_job(0)); }

    [[nodiscard]] std::string job() const { return dir_.path("job.yaml"); }

    [[nodiscard]] std::string db() const { return dir_.path("a.db"); }

    [[nodiscard]] std::vector<std::string> slow_run() const {
        return {"run", "-c", job(), "--db", db(), "--speed", "1200"};  // 20 slices a second
    }

    [[nodiscard]] std::int64_t slices() const {
        const auto run = storage::StoredRun::open(db());
        return run.has_error() ? 0 : (*run)->state().last_slice_id;
    }

    [[nodiscard]] bool reaches(std::int64_t slice) const {
        return support::becomes_true([&] { return slices() >= slice; });
    }

    support::TempDir dir_;
};

TEST_F(OneWriter, ASecondOneIsRefusedAndTheFirstGoesOn) {
    RunningPaperd first(slow_run(), dir_.path("log"));
    ASSERT_TRUE(reaches(5)) << support::read_file(dir_.path("log"));
    const support::Sentence sentence{
        db() + ": another paperd (process " + std::to_string(first.pid()) + ")",
        "is writing to it, and only one may", "name another file with --db"};
    std::filesystem::create_symlink(db(), dir_.path("link.db"));
    support::expect_said(support::run_paperd(slow_run()), 2, sentence);
    support::Sentence by_link = sentence;
    by_link.where.replace(0, db().size(), dir_.path("link.db"));
    support::expect_said(support::run_paperd({"run", "-c", job(), "--db", dir_.path("link.db")}), 2,
                         by_link);
    // Also where it would be another run: the file is not even looked into.
    support::write_file(dir_.path("other.yaml"), support::synthetic_job(3));
    support::expect_said(support::run_paperd({"run", "-c", dir_.path("other.yaml"), "--db", db()}),
                         2, sentence);
    for (const char* reader : {"trades", "equity", "verify"}) {
        const auto read = support::run_paperd({reader, "--db", db()});
        EXPECT_EQ(read.exit_code, 0) << reader << read.err;
    }
    EXPECT_TRUE(reaches(slices() + 5));
    EXPECT_EQ(first.stop(), 0) << support::read_file(dir_.path("log"));
    EXPECT_FALSE(std::filesystem::exists(db() + "-lock"));
    const auto verified = support::run_paperd({"verify", "--db", db(), "--replay"});
    EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
}

TEST_F(OneWriter, WhatAKilledOneLeftBehindHindersNobody) {
    {
        RunningPaperd first(slow_run(), dir_.path("log"));
        ASSERT_TRUE(reaches(5)) << support::read_file(dir_.path("log"));
        first.kill();
    }
    EXPECT_TRUE(std::filesystem::exists(db() + "-lock"));
    const std::int64_t before = slices();
    RunningPaperd second(slow_run(), dir_.path("log2"));
    EXPECT_TRUE(reaches(before + 5)) << support::read_file(dir_.path("log2"));
    EXPECT_EQ(second.stop(), 0);
}

}  // namespace
}  // namespace paperd
