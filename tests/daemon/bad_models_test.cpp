// Models that are missing, damaged, or made for something else.
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/daemon/said.h"
#include "tests/support/jobs.h"
#include "tests/support/paths.h"

#ifdef PAPERD_WITH_TORCH
namespace paperd {
namespace {

using support::exchanged;
using support::expect_said;
using support::golden_path;
using support::run_paperd;

class BadModel : public testing::Test {
protected:
    // What `replay` says, which is what `check` says.
    [[nodiscard]] support::ProcessResult replay(const std::string& job) const {
        support::write_file(dir_.path("job.yaml"), job);
        const auto checked = run_paperd({"check", "-c", dir_.path("job.yaml")});
        auto replayed = run_paperd({"replay", "-c", dir_.path("job.yaml"), "--from", "2019-01-02",
                                    "--db", dir_.path("a.db")});
        EXPECT_EQ(checked.exit_code, replayed.exit_code) << checked.out << checked.err;
        // The log says it too, before.
        EXPECT_TRUE(replayed.err.ends_with(checked.err)) << replayed.err << checked.err;
        return replayed;
    }

    // The hybrid job with another model.
    static std::string job_with(const std::string& model) {
        return exchanged(support::hybrid_job(), golden_path("synthetic/module_hybrid.ts"), model);
    }

    [[nodiscard]] support::ProcessResult predict(const std::string& model) const {
        return run_paperd({"predict", "--model", model, "--bars", golden_path("synthetic"),
                           "--symbols", "SYNTH_A"});
    }

    // A copy of the golden module whose YAML says otherwise.
    [[nodiscard]] std::string module_saying(const std::string& old, const std::string& now) const {
        support::write_file(dir_.path("m.ts"),
                            support::read_file(golden_path("synthetic/module_hybrid.ts")));
        support::write_file(
            dir_.path("m.yaml"),
            exchanged(support::read_file(golden_path("synthetic/module_hybrid.yaml")), old, now));
        return dir_.path("m.ts");
    }

    support::TempDir dir_;
};

TEST_F(BadModel, AMissingOneIsSaid) {
    const std::pair<const char*, const char*> cases[] = {{"none.ts", "name a TorchScript module"},
                                                         {"none.pmb", "write a bundle with"}};
    for (const auto& [name, remedy] : cases) {
        const std::string path = dir_.path(name);
        expect_said(predict(path), 2, {path + ":", "there is no such file", remedy});
        expect_said(
            replay(job_with(path)), 2,
            {dir_.path("job.yaml") + ":", "model.path is '" + path + "', which is not there",
             "train it with 'paperd train'"});
    }
}

TEST_F(BadModel, AModuleWithoutItsFactsIsRefused) {
    support::write_file(dir_.path("m.ts"),
                        support::read_file(golden_path("synthetic/module_hybrid.ts")));
    expect_said(predict(dir_.path("m.ts")), 2, {dir_.path("m.yaml"), "", ""});
}

TEST_F(BadModel, OutputsThatThePositionRuleMissesAreRefused) {
    const std::string path = golden_path("synthetic/module_attention.ts");
    expect_said(
        replay(
            exchanged(job_with(path), "  kind: model\n", "  kind: model\n  positions: hybrid\n")),
        2,
        {path + ":", "the position rule 'hybrid' reads uncertainty, and the model gives return_1",
         "set strategy.positions to another rule"});
}

TEST_F(BadModel, AnIntervalShorterThanTheJobsIsRefused) {
    const std::string path = module_saying("interval: \"1d\"", "interval: \"1m\"");
    expect_said(replay(job_with(path)), 2,
                {path + ":", "was trained on bars of 1m, and this job trades longer ones, of 1d",
                 "train another, or set market.interval to 1m"});
}

TEST_F(BadModel, ColumnsThatItsFeatureSetHasNotAreRefused) {
    const std::string path = module_saying("features: \"attention\"", "features: \"indicators\"");
    expect_said(replay(job_with(path)), 2,
                {path + ":", "'volatility_30' is not one that the feature set 'indicators' gives",
                 "train it on other columns"});
}

TEST_F(BadModel, AnUnknownFeatureSetIsRefused) {
    const std::string path = module_saying("features: \"attention\"", "features: \"astrology\"");
    expect_said(replay(job_with(path)), 2, {path + ":", "astrology", "train it anew"});
    const auto predicted = predict(path);
    expect_said(predicted, 2, {path + ":", "astrology", ""});
    EXPECT_EQ(predicted.out, "");
}

TEST_F(BadModel, AScalerOfAnotherSizeIsRefused) {
    const std::string path = module_saying("0.010732368439871083, ", "");
    expect_said(predict(path), 2, {dir_.path("m.yaml"), "feature_mean", ""});
}

TEST_F(BadModel, ATruncatedOrAlteredBundleIsRefused) {
    const std::string whole =
        support::read_file(support::source_path("config/models/hybrid-daily.pmb"));
    ASSERT_GT(whole.size(), 10'000U);
    const std::string path = dir_.path("m.pmb");
    support::write_file(path, whole.substr(0, 5000));
    expect_said(predict(path), 2, {path + ":", "truncated", "copy it again from its source"});
    std::string altered = whole;
    altered[5000] = static_cast<char>(altered[5000] ^ 1);
    support::write_file(path, altered);
    expect_said(predict(path), 2, {path + ":", "altered", "copy it again from its source"});
    support::write_file(path, "no bundle at all");
    expect_said(predict(path), 2, {path + ":", "not a", ""});
}

TEST_F(BadModel, ATorchScriptFileThatIsNoneIsRefused) {
    const std::string path = module_saying("heads: 4", "heads: 4");
    support::write_file(path, "no module at all");
    const support::Sentence sentence{path + ":", "the TorchScript module does not run",
                                     "check that it was saved whole"};
    const auto predicted = predict(path);
    expect_said(predicted, 2, sentence);
    EXPECT_EQ(predicted.out, "");
    expect_said(replay(job_with(path)), 2, sentence);
    EXPECT_FALSE(std::filesystem::exists(dir_.path("a.db"))) << "a run that never was";
}

TEST_F(BadModel, PairsForAModelThatSpeaksOfNoneAreRefused) {
    const std::string job = exchanged(support::hybrid_job(), "  gross_budget: 2\n",
                                      "  gross_budget: 2\n  pairs: [SYNTH_A/SYNTH_B]\n");
    expect_said(replay(job), 2,
                {dir_.path("job.yaml") + ":", "strategy.pairs is given", "name a model of pairs"});
}

}  // namespace
}  // namespace paperd
#endif
