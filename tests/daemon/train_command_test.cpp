// `paperd train`, as a user runs it: a bundle that the other commands take, and what it says where
// none can be made.
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/daemon/said.h"
#include "tests/support/jobs.h"
#include "tests/support/paths.h"

#ifdef PAPERD_WITH_TORCH
namespace paperd {
namespace {

namespace fs = std::filesystem;
using support::expect_said;
using support::run_paperd;

class TrainCommand : public testing::Test {
protected:
    // An attention job over the golden bars, small enough to train in a second. A window lies
    // within a week: with this calendar the weekends are missing sessions.
    void SetUp() override {
        std::string text = support::hybrid_job(
            "training:\n  architecture: attention\n  hidden: 4\n  sequence_length: 3\n"
            "  epochs_max: 2\n  to: 2020-12-31\n");
        text = support::exchanged(text, support::golden_path("synthetic/module_hybrid.ts"),
                                  dir_.path("made.pmb"));
        support::write_file(dir_.path("job.yaml"), text);
    }

    support::ProcessResult train(const std::string& out, std::vector<std::string> more = {}) {
        std::vector<std::string> arguments = {"train", "-c", dir_.path("job.yaml"), "--out",
                                              dir_.path(out)};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run_paperd(arguments);
    }

    std::string predictions(const std::string& bundle) {
        const auto result =
            run_paperd({"predict", "--model", dir_.path(bundle), "--bars",
                        support::golden_path("synthetic"), "--symbols", "SYNTH_A,SYNTH_B"});
        EXPECT_EQ(result.exit_code, 0) << result.err;
        return result.out;
    }

    support::TempDir dir_;
};

}  // namespace

TEST_F(TrainCommand, MakesABundleThatPredictsAndReplays) {
    const auto trained = train("made.pmb");
    ASSERT_EQ(trained.exit_code, 0) << trained.err;
    EXPECT_NE(trained.out.find(dir_.path("made.pmb") + ": attention trained on 2018-"),
              std::string::npos)
        << trained.out;
    EXPECT_NE(trained.out.find(" to 2020-12-3"), std::string::npos) << trained.out;
    EXPECT_NE(trained.err.find("epoch   2: training loss "), std::string::npos) << trained.err;
    EXPECT_EQ(trained.err.find("epoch   3"), std::string::npos) << trained.err;
    EXPECT_FALSE(fs::exists(dir_.path("made.pmb.part")));

    const std::string rows = predictions("made.pmb");
    EXPECT_GT(std::count(rows.begin(), rows.end(), '\n'), 2'000);

    const std::vector<std::string> replay = {"replay",     "-c",         dir_.path("job.yaml"),
                                             "--from",     "2020-11-02", "--to",
                                             "2021-02-26", "--db",       dir_.path("a.db")};
    const auto replayed = run_paperd(replay);
    EXPECT_EQ(replayed.exit_code, 0) << replayed.err;
    // Its training days are among those replayed, and said to be.
    EXPECT_NE(replayed.err.find("in_sample"), std::string::npos) << replayed.err;
    EXPECT_NE(replayed.err.find("trained_until=2020-12-3"), std::string::npos) << replayed.err;
}

TEST_F(TrainCommand, TheSeedDecidesTheBits) {
    ASSERT_EQ(train("one.pmb").exit_code, 0);
    ASSERT_EQ(train("same.pmb").exit_code, 0);
    // A bundle's hash is of its bytes: where it was written is not among them.
    EXPECT_EQ(support::read_file(dir_.path("one.pmb")), support::read_file(dir_.path("same.pmb")));
    ASSERT_EQ(train("other.pmb", {"--seed", "2"}).exit_code, 0);
    const std::string one = predictions("one.pmb");
    EXPECT_EQ(one, predictions("same.pmb"));
    EXPECT_NE(one, predictions("other.pmb"));
}

TEST_F(TrainCommand, TheCommandLineGoesBeforeTheJob) {
    const auto trained =
        train("made.pmb", {"--from", "2018-06-01", "--to", "2019-12-31", "--symbols", "SYNTH_B"});
    ASSERT_EQ(trained.exit_code, 0) << trained.err;
    EXPECT_NE(trained.out.find("trained on 2018-06-01 to 2019-12-3"), std::string::npos)
        << trained.out;
}

TEST_F(TrainCommand, WithoutBarsSaysHowToNameThem) {
    const std::string job = support::read_file(dir_.path("job.yaml"));
    support::write_file(
        dir_.path("job.yaml"),
        support::exchanged(job, "  bars: " + support::golden_path("synthetic"), "  bars: \"\""));
    expect_said(train("made.pmb"), 2, {"", "no bars to train on", "--bars DIR"});
    expect_said(train("made.pmb", {"--bars", dir_.path("nowhere")}), 2,
                {dir_.path("nowhere"), "", ""});
}

TEST_F(TrainCommand, TooFewBarsAreSaid) {
    expect_said(train("made.pmb", {"--from", "2018-01-02", "--to", "2018-01-12"}), 1,
                {"too little to train on", "windows", "give more bars"});
    EXPECT_FALSE(fs::exists(dir_.path("made.pmb")));
}

// Found out before hours of training, not after.
TEST_F(TrainCommand, AFileThatCannotBeWrittenIsSaidBeforeTraining) {
    const auto result = train("no/such/folder/made.pmb");
    expect_said(result, 1, {dir_.path("no/such/folder/made.pmb"), "cannot be written", "folder"});
    EXPECT_EQ(result.err.find("epoch"), std::string::npos) << result.err;
}

}  // namespace paperd
#endif
