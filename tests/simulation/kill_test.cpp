// kill -9 at random moments of a replay and of a run, restarting each time: the final trading
// tables equal the uninterrupted ones. Ten kills here; the label `long` has a hundred.
#include <chrono>
#include <filesystem>
#include <random>

#include <gtest/gtest.h>

#include "tests/support/jobs.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"
#include "tests/support/tables.h"

namespace paperd {
namespace {

int kills() {
    const char* set = std::getenv("PAPERD_KILLS");
    return set != nullptr ? std::atoi(set) : 10;
}

// `arguments` without the database. The uninterrupted run also tells how long a run takes, so that
// the kills fall all over it.
void compare_killed(std::vector<std::string> arguments) {
    const unsigned seed = 20'191'223;
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    const support::TempDir dir;
    const auto with_db = [&](const std::string& name) {
        std::vector<std::string> all = arguments;
        all.insert(all.end(), {"--db", dir.path(name)});
        return all;
    };
    const auto begin = std::chrono::steady_clock::now();
    const auto whole = support::run_paperd(with_db("whole.db"));
    ASSERT_EQ(whole.exit_code, 0) << whole.err;
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin);
    const std::string expected = support::trading_tables(dir.path("whole.db"));
    int killed = 0;
    int code = -1;
    for (int attempt = 0; killed < kills() && attempt < 20 * kills(); ++attempt) {
        // A completed database would leave nothing to kill: such a round starts anew.
        const int after_ms =
            std::uniform_int_distribution<int>(1, static_cast<int>(took.count()))(random);
        if (support::run_paperd_and_kill(with_db("killed.db"), after_ms, &code)) {
            ++killed;
        } else {
            ASSERT_EQ(code, 0);
            ASSERT_EQ(expected, support::trading_tables(dir.path("killed.db")));
            std::filesystem::remove(dir.path("killed.db"));
        }
    }
    EXPECT_EQ(killed, kills());
    const auto last = support::run_paperd(with_db("killed.db"));
    ASSERT_EQ(last.exit_code, 0) << last.err;
    EXPECT_EQ(expected, support::trading_tables(dir.path("killed.db")));
    EXPECT_EQ(support::differing_tables(dir.path("whole.db"), dir.path("killed.db")), "");
    const auto verified =
        support::run_paperd({"verify", "--db", dir.path("killed.db"), "--replay"});
    EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
}

}  // namespace

TEST(Kill, ARunComesOutAsIfItHadNeverDied) {
    const support::TempDir dir;
    support::write_file(dir.path("job.yaml"), support::synthetic_job(8));
    compare_killed({"run", "-c", dir.path("job.yaml")});
}

#ifdef PAPERD_WITH_TORCH
TEST(Kill, AReplayComesOutAsIfItHadNeverDied) {
    const support::TempDir dir;
    support::write_file(dir.path("job.yaml"), support::hybrid_job());
    compare_killed({"replay", "-c", dir.path("job.yaml"), "--from", "2019-01-02"});
}
#endif

}  // namespace paperd
