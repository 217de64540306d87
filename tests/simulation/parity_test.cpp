// The same bars, config, model and seed give the same tables: twice, in another time zone, another
// locale, paced, and with the files and the model out of reach when verified.
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/support/jobs.h"
#include "tests/support/locale.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"

namespace paperd {
namespace {

namespace fs = std::filesystem;

class Parity : public testing::Test {
protected:
    // The golden bars and module in a folder of their own, so that they can be taken away.
    void SetUp() override {
        for (const char* name :
             {"SYNTH_A.csv", "SYNTH_B.csv", "module_hybrid.ts", "module_hybrid.yaml"}) {
            fs::copy(support::golden_path(std::string("synthetic/") + name), dir_.path(name));
        }
        std::string job = support::hybrid_job();
        const std::string golden = support::golden_path("synthetic");
        for (auto at = job.find(golden); at != std::string::npos; at = job.find(golden)) {
            job.replace(at, golden.size(), dir_.root());
        }
        support::write_file(dir_.path("job.yaml"), job);
    }

    std::string replay(const std::string& db, const std::vector<std::string>& environment,
                       const std::vector<std::string>& more = {}) {
        std::vector<std::string> arguments = {"replay",     "-c",         dir_.path("job.yaml"),
                                              "--from",     "2019-01-02", "--to",
                                              "2019-12-31", "--db",       dir_.path(db)};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const auto result = support::run_paperd(arguments, environment);
        EXPECT_EQ(result.exit_code, 0) << result.err;
        return support::trading_tables(dir_.path(db));
    }

    support::TempDir dir_;
};

}  // namespace

#ifdef PAPERD_WITH_TORCH
TEST_F(Parity, TimeZoneAndSpeedChangeNothing) {
    const std::string first = replay("a.db", {});
    EXPECT_GT(first.size(), 20'000U);
    EXPECT_EQ(first, replay("again.db", {}));
    EXPECT_EQ(first, replay("tz.db", {"TZ=Asia/Kathmandu"}));
    EXPECT_EQ(first, replay("speed.db", {}, {"--speed", "1000"}));
}

TEST_F(Parity, TheLocaleChangesNothing) {
    PAPERD_NEEDS_COMMA_LOCALE();
    const std::string locale = support::kCommaLocale;
    EXPECT_EQ(replay("a.db", {}), replay("locale.db", {"LC_ALL=" + locale, "LANG=" + locale}));
}

TEST_F(Parity, VerifyNeedsTheDatabaseAlone) {
    replay("a.db", {});
    for (const char* name :
         {"SYNTH_A.csv", "SYNTH_B.csv", "module_hybrid.ts", "module_hybrid.yaml", "job.yaml"}) {
        fs::remove(dir_.path(name));
    }
    const auto verified = support::run_paperd({"verify", "--db", dir_.path("a.db"), "--replay"});
    EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
    EXPECT_NE(verified.out.find("identical"), std::string::npos) << verified.out;
}

TEST_F(Parity, ACompleteRunSaysSoAndAnotherRunsDatabaseIsRefused) {
    const std::string first = replay("a.db", {});
    EXPECT_EQ(first, replay("a.db", {}));
    const auto other =
        support::run_paperd({"replay", "-c", dir_.path("job.yaml"), "--from", "2019-01-02", "--to",
                             "2020-01-31", "--db", dir_.path("a.db")});
    EXPECT_EQ(other.exit_code, 2) << other.err;
    EXPECT_EQ(first, support::trading_tables(dir_.path("a.db")));
}

TEST_F(Parity, AChangedRowIsFoundByVerify) {
    replay("a.db", {});
    ASSERT_EQ(
        std::system(("sqlite3 " + dir_.path("a.db") +
                     " 'UPDATE decisions SET target_quantity_e8 = target_quantity_e8 + 100000000 "
                     "WHERE decision_id = (SELECT max(decision_id) FROM decisions)'")
                        .c_str()),
        0);
    const auto verified = support::run_paperd({"verify", "--db", dir_.path("a.db"), "--replay"});
    EXPECT_EQ(verified.exit_code, 3) << verified.out;
}
#endif

}  // namespace paperd
