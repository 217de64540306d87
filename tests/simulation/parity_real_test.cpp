// Parity of the shipped daily jobs on the real bars: every row of every trading table is the same
// when the run is repeated, in another time zone, in another locale, and paced; and verify needs
// the database alone. Two years here; with the label `long` all of 2015-01-02 to 2024-12-31.
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/support/locale.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"
#include "tests/support/tables.h"

#ifdef PAPERD_WITH_TORCH
namespace paperd {
namespace {

namespace fs = std::filesystem;

bool is_long() { return std::getenv("PAPERD_LONG") != nullptr; }

// The job, its bundle and the bars in a folder of their own, so that they can be taken away.
class ParityReal : public testing::TestWithParam<const char*> {
protected:
    void take_copies(const std::string& bars) {
        const std::string name = GetParam();
        fs::create_directories(dir_.path("job/models"));
        fs::copy(support::source_path("config/" + name + ".yaml"),
                 dir_.path("job/" + name + ".yaml"));
        fs::copy(support::source_path("config/models/" + name + ".pmb"),
                 dir_.path("job/models/" + name + ".pmb"));
        fs::copy(bars, dir_.path("bars"));
    }

    // The database's path.
    std::string replay(const std::string& db, const std::vector<std::string>& environment = {},
                       const std::vector<std::string>& more = {}) {
        std::vector<std::string> arguments = {"replay",
                                              "-c",
                                              dir_.path("job/" + std::string(GetParam()) + ".yaml"),
                                              "--bars",
                                              dir_.path("bars"),
                                              "--from",
                                              "2015-01-02",
                                              "--to",
                                              is_long() ? "2024-12-31" : "2016-12-30",
                                              "--db",
                                              dir_.path(db)};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const auto result = support::run_paperd(arguments, environment);
        EXPECT_EQ(result.exit_code, 0) << result.err;
        return dir_.path(db);
    }

    support::TempDir dir_;
};

std::string name_of(const testing::TestParamInfo<const char*>& test) {
    return test.param == std::string("attention-daily") ? "Attention" : "Hybrid";
}

}  // namespace

TEST_P(ParityReal, ARepeatedRunAnotherTimeZoneAndPacingChangeNoRow) {
    PAPERD_NEEDS_SHARED(bars, "data/daily");
    take_copies(bars);
    const std::string first = replay("first.db");
    EXPECT_EQ(support::row_count(first, "decisions"), 19 * (is_long() ? 2516 : 504));
    EXPECT_GT(support::row_count(first, "fills"), 100);
    EXPECT_EQ(support::differing_tables(first, replay("again.db")), "");
    EXPECT_EQ(support::differing_tables(first, replay("tz.db", {"TZ=Asia/Kathmandu"})), "");
    EXPECT_EQ(support::differing_tables(first, replay("paced.db", {}, {"--speed", "1000"})), "");
}

TEST_P(ParityReal, AnotherLocaleChangesNoRow) {
    PAPERD_NEEDS_SHARED(bars, "data/daily");
    PAPERD_NEEDS_COMMA_LOCALE();
    take_copies(bars);
    const std::string locale = support::kCommaLocale;
    EXPECT_EQ(support::differing_tables(replay("first.db"),
                                        replay("comma.db", {"LC_ALL=" + locale, "LANG=" + locale})),
              "");
}

TEST_P(ParityReal, VerifyNeedsNeitherBarsNorBundleNorJob) {
    PAPERD_NEEDS_SHARED(bars, "data/daily");
    take_copies(bars);
    const std::string db = replay("a.db");
    fs::remove_all(dir_.path("job"));
    fs::remove_all(dir_.path("bars"));
    const auto verified = support::run_paperd({"verify", "--db", db, "--replay"});
    EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
    EXPECT_NE(verified.out.find("identical"), std::string::npos) << verified.out;
    EXPECT_NE(verified.out.find("predictions within 0,"), std::string::npos) << verified.out;
}

INSTANTIATE_TEST_SUITE_P(Jobs, ParityReal, testing::Values("attention-daily", "hybrid-daily"),
                         name_of);

}  // namespace paperd
#endif
