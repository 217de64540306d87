// What a stop must not lose: commands that were accepted and whose slice had not come, and a
// recovery that a signal ends half way.
#include <gtest/gtest.h>

#include "storage/database.h"
#include "tests/daemon/running_paperd.h"
#include "tests/daemon/said.h"
#include "tests/support/jobs.h"

namespace paperd {
namespace {

using support::RunningPaperd;

std::int64_t integer(const std::string& db, const std::string& sql) {
    auto database = storage::Database::open(db, storage::OpenMode::read_only, 1000);
    EXPECT_FALSE(database.has_error()) << database.error().text;
    const auto value = database->integer(sql, -1);
    EXPECT_FALSE(value.has_error()) << value.error().text;
    return *value;
}

class AcceptedCommand : public testing::TestWithParam<bool> {};

TEST_P(AcceptedCommand, TakesEffectAfterTheProcessThatTookItIsGone) {
    const support::TempDir dir;
    const std::string db = dir.path("a.db");
    support::write_file(
        dir.path("job.yaml"),
        support::exchanged(support::synthetic_job(0), "  enabled: false\n", "  enabled: true\n"));
    const auto run_at = [&](const char* speed) -> std::vector<std::string> {
        return {"run", "-c", dir.path("job.yaml"), "--db", db, "--speed", speed};
    };
    std::int64_t slices = 0;
    {
        RunningPaperd daemon(run_at("1"), dir.path("log"));  // a slice a minute
        const auto ready = support::status_when(
            db, [](const boost::json::object& s) { return s.at("slices").as_int64() > 0; });
        ASSERT_TRUE(ready) << support::read_file(dir.path("log"));
        for (const char* command : {"reduce", "halt"}) {
            const auto taken =
                support::run_paperd({"ctl", command, "--db", db, "--note", "before the end"});
            ASSERT_EQ(taken.exit_code, 0) << taken.err;
        }
        slices = integer(db, "SELECT max(slice_id) FROM slices");
        if (GetParam()) {
            daemon.kill();
        } else {
            EXPECT_EQ(daemon.stop(), 0);
        }
    }
    ASSERT_EQ(integer(db, "SELECT count(*) FROM commands WHERE slice_id IS NULL"), 2);
    const auto waiting = support::run_paperd({"verify", "--db", db, "--replay"});
    EXPECT_EQ(waiting.exit_code, 0) << waiting.out << waiting.err;

    RunningPaperd again(run_at("1200"), dir.path("log2"));
    const auto halted = support::status_when(
        db, [&](const boost::json::object& s) { return s.at("slices").as_int64() > slices + 3; });
    ASSERT_TRUE(halted) << support::read_file(dir.path("log2"));
    EXPECT_EQ(halted->at("trading_state").as_string(), "halted");
    // A third gets an id of its own.
    EXPECT_EQ(support::run_paperd({"ctl", "resume", "--db", db}).exit_code, 0);
    EXPECT_TRUE(support::status_when(db, [](const boost::json::object& s) {
        return s.at("trading_state").as_string() == "active";
    }));
    EXPECT_EQ(again.stop(), 0);
    EXPECT_EQ(integer(db, "SELECT count(*) FROM commands"), 3);
    EXPECT_EQ(integer(db,
                      "SELECT count(*) FROM commands WHERE kind < 2 AND note = "
                      "'before the end' AND slice_id = " +
                          std::to_string(slices + 1)),
              2);
    const auto verified = support::run_paperd({"verify", "--db", db, "--replay"});
    EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
}

INSTANTIATE_TEST_SUITE_P(KilledOrStopped, AcceptedCommand, testing::Bool(),
                         [](const auto& how) { return how.param ? "killed" : "stopped"; });

TEST(Recovery, EndsCleanlyOnASignal) {
    const support::TempDir dir;
    const std::string db = dir.path("a.db");
    const std::string job = support::exchanged(support::synthetic_job(0), "checkpoint_slices: 50",
                                               "checkpoint_slices: 1000000");
    support::write_file(dir.path("job.yaml"), job);
    const std::vector<std::string> run = {"run", "-c", dir.path("job.yaml"), "--db", db};
    const auto said = [&](const char* words) {
        return support::read_file(dir.path("log")).find(words) != std::string::npos;
    };
    {
        RunningPaperd daemon(run, dir.path("log"));
        ASSERT_TRUE(support::becomes_true([&] {
            const auto some = support::run_paperd({"equity", "--db", db, "--format", "csv"});
            return some.exit_code == 0 && integer(db, "SELECT max(slice_id) FROM slices") > 4000;
        })) << support::read_file(dir.path("log"));
        daemon.kill();
    }
    const std::int64_t slices = integer(db, "SELECT max(slice_id) FROM slices");
    // A recovery may be done before the signal comes: another try then.
    bool stopped_within = false;
    for (int attempt = 0; attempt < 10 && !stopped_within; ++attempt) {
        RunningPaperd daemon(run, dir.path("log"));
        ASSERT_TRUE(support::becomes_true([&] { return said("recovering"); }));
        ASSERT_EQ(daemon.stop(), 0) << support::read_file(dir.path("log"));
        stopped_within = !said("recovered");
    }
    EXPECT_TRUE(stopped_within);
    EXPECT_GE(integer(db, "SELECT max(slice_id) FROM slices"), slices);
    const auto verified = support::run_paperd({"verify", "--db", db, "--replay"});
    EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
}

}  // namespace
}  // namespace paperd
