// A database that is deleted, replaced or linked while the daemon runs ends the run within a second
// or so, whether slices come or not.
#include <filesystem>
#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "tests/daemon/running_paperd.h"
#include "tests/daemon/said.h"
#include "tests/support/jobs.h"

namespace paperd {
namespace {

namespace fs = std::filesystem;

void expect_lost(const std::function<void(const support::TempDir&, const std::string&)>& lose) {
    const support::TempDir dir;
    const std::string db = dir.path("a.db");
    support::write_file(
        dir.path("job.yaml"),
        support::exchanged(support::synthetic_job(0), "  enabled: false\n", "  enabled: true\n"));
    support::RunningPaperd daemon({"run", "-c", dir.path("job.yaml"), "--db", db, "--speed", "1"},
                                  dir.path("log"));
    ASSERT_TRUE(support::status_when(db, [](const boost::json::object& s) {
        return s.at("slices").as_int64() > 0;
    })) << support::read_file(dir.path("log"));
    lose(dir, db);  // the next slice is a minute away
    EXPECT_EQ(daemon.wait(), 3) << support::read_file(dir.path("log"));
    const std::string log = support::read_file(dir.path("log"));
    EXPECT_NE(log.find(" error   database_lost at=2"), std::string::npos) << log;
    EXPECT_NE(log.find("\npaperd: "), std::string::npos) << log;
}

TEST(LostDatabase, OneThatIsDeletedEndsTheRun) {
    expect_lost([](const support::TempDir&, const std::string& db) { fs::remove(db); });
}

TEST(LostDatabase, OneThatIsReplacedEndsTheRun) {
    expect_lost([](const support::TempDir& dir, const std::string& db) {
        fs::copy_file(db, dir.path("copy.db"));
        fs::rename(dir.path("copy.db"), db);
    });
}

TEST(LostDatabase, OneWithASecondNameEndsTheRun) {
    expect_lost([](const support::TempDir& dir, const std::string& db) {
        fs::create_hard_link(db, dir.path("link.db"));
    });
}

}  // namespace
}  // namespace paperd
