#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "strategy/models/bundle.h"
#include "strategy/models/model.h"
#include "strategy/models/module_yaml.h"
#include "tests/strategy/models/golden_model.h"
#include "tests/support/paths.h"

namespace paperd::strategy {
namespace {

namespace fs = std::filesystem;
using test::made_up_feature;
using test::StepBuffers;

// A golden file's model as the script the reference saved beside it.
Bundle scripted(const std::string& name) {
    Bundle bundle = test::golden_model(name).bundle;
    bundle.weights.clear();
    std::ifstream in(support::golden_path("synthetic/model_" + name + ".ts"), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    for (const char c : bytes) {
        bundle.module.push_back(static_cast<std::byte>(c));
    }
    return bundle;
}

// The script and the native form of the same weights walk through the same rows, with gaps, a
// slot forgotten and a restart on the way.
void expect_same_as_native(const std::string& name) {
    const Bundle script_bundle = scripted(name);
    const auto native = test::built(test::golden_model(name).bundle, 16);
    auto script = test::built(script_bundle, 16);
    StepBuffers a(*native);
    StepBuffers b(*script);
    const std::size_t columns = native->facts().columns.size();
    std::size_t compared = 0;
    for (std::size_t t = 0; t < 60; ++t) {
        for (std::size_t slot = 0; slot < 16; ++slot) {
            a.defined[slot] = (t + slot) % (slot + 2) != 0 ? 1 : 0;
            for (std::size_t c = 0; c < columns; ++c) {
                a.features[slot * columns + c] = made_up_feature(t, slot, c);
            }
        }
        b.defined = a.defined;
        b.features = a.features;
        a.step(*native);
        b.step(*script);
        for (std::size_t slot = 0; slot < 16; ++slot) {
            SCOPED_TRACE(testing::Message() << "t " << t << " slot " << slot);
            ASSERT_EQ(a.out[slot].defined, b.out[slot].defined);
            ASSERT_EQ(a.out[slot].enough_rows, b.out[slot].enough_rows);
            ASSERT_NEAR(a.out[slot].prediction, b.out[slot].prediction, 1e-5);
            ASSERT_NEAR(a.out[slot].direction, b.out[slot].direction, 1e-5);
            ASSERT_NEAR(a.out[slot].magnitude, b.out[slot].magnitude, 1e-5);
            ASSERT_NEAR(a.out[slot].uncertainty, b.out[slot].uncertainty, 1e-5);
            compared += a.out[slot].defined ? 1U : 0U;
        }
        if (t == 20) {
            native->forget(3);
            script->forget(3);
        }
        if (t == 40) {
            BlobWriter blob;
            script->save(blob);
            auto again = test::built(script_bundle, 16);
            BlobReader reader(blob.bytes());
            again->load(reader);
            ASSERT_FALSE(reader.failed());
            ASSERT_TRUE(reader.at_end());
            EXPECT_EQ(again->state_digest(), script->state_digest());
            script = std::move(again);
        }
    }
    EXPECT_GT(compared, 250U);
}

TEST(ScriptModel, AttentionGivesWhatTheNativeModelGives) { expect_same_as_native("attention"); }

TEST(ScriptModel, HybridSteppedInGroupsGivesWhatTheNativeModelGives) {
    expect_same_as_native("hybrid");
}

TEST(ScriptModel, GivesTheSameBitsInItsFirstRunsAsLater) {
    const Bundle bundle = scripted("attention");
    const auto model = test::built(bundle, 16);
    StepBuffers buffers(*model);
    std::ranges::fill(buffers.defined, std::uint8_t{1});
    std::vector<double> first;
    for (int round = 0; round < 4; ++round) {
        for (std::size_t t = 0; t < 30; ++t) {
            for (std::size_t i = 0; i < buffers.features.size(); ++i) {
                buffers.features[i] = made_up_feature(t, i / 5, i % 5);
            }
            buffers.step(*model);
        }
        std::vector<double> predictions;
        for (const ModelOutput& out : buffers.out) {
            predictions.push_back(out.prediction);
        }
        if (round == 0) {
            first = predictions;
        }
        EXPECT_EQ(predictions, first) << round;
    }
}

TEST(ScriptModel, IsRefusedWhereItDoesNotFitItsFacts) {
    const auto refusal = [](const Bundle& bundle) {
        const auto model = make_model(encode_bundle(bundle), 16);
        return model.has_error() ? model.error().text : std::string("accepted");
    };
    Bundle bundle = scripted("attention");
    EXPECT_EQ(refusal(bundle), "accepted");
    bundle.facts.columns.pop_back();
    bundle.facts.feature_mean.pop_back();
    bundle.facts.feature_std.pop_back();
    EXPECT_NE(refusal(bundle).find("does not run as its facts say"), std::string::npos);
    bundle = scripted("attention");
    bundle.module.resize(bundle.module.size() / 2);
    EXPECT_NE(refusal(bundle).find("saved whole"), std::string::npos);
    bundle = scripted("attention");
    bundle.facts.architecture = Architecture::hybrid;
    EXPECT_NE(refusal(bundle).find("no exported method 'step'"), std::string::npos);
    bundle = scripted("hybrid");
    bundle.facts.state = 9;
    EXPECT_NE(refusal(bundle).find("does not run as its facts say"), std::string::npos);
}

TEST(ModuleYaml, ReadsTheReferencesFiles) {
    const auto attention = read_bundle(support::golden_path("synthetic/module_attention.ts"));
    ASSERT_FALSE(attention.has_error()) << attention.error().text;
    const auto facts = bundle_facts(*attention);
    ASSERT_FALSE(facts.has_error()) << facts.error().text;
    EXPECT_EQ(facts->architecture, Architecture::attention);
    EXPECT_EQ(facts->interval, "1d");
    EXPECT_EQ(facts->feature_set, "attention");
    EXPECT_EQ(facts->columns.size(), 5U);
    EXPECT_EQ(facts->feature_mean[0], 0.010732368439871083);
    EXPECT_EQ(facts->target_std, 0.01209865754561432);
    EXPECT_EQ(facts->trained_symbols, std::vector<std::string>{"SYNTH_A"});
    EXPECT_EQ(day_text(facts->trained_days.at(0).first), "2018-04-23");
    EXPECT_EQ(day_text(facts->trained_until()), "2021-11-02");
    EXPECT_TRUE(decode_bundle(*attention)->is_module());
    const auto hybrid = read_bundle(support::golden_path("synthetic/module_hybrid.ts"));
    ASSERT_FALSE(hybrid.has_error()) << hybrid.error().text;
    EXPECT_EQ(bundle_facts(*hybrid)->window, 16);
    EXPECT_EQ(bundle_facts(*hybrid)->state, 8);
}

constexpr const char* kYaml =
    "---\n# facts\narchitecture: \"attention\"\ninterval: \"1d\"\nfeatures: \"attention\"\n"
    "columns: [\"volatility_10\"]\nsequence_length: 30\r\nfeature_mean: [0]\nfeature_std: [1.5]\n"
    "target_mean: 0\ntarget_std: 0.01\ntrained_symbols: []\n\ntrained_from: \"2018-04-23\"\n"
    "trained_until: \"2021-11-02\"\n";

std::string complaint(std::string text) {
    const auto facts = facts_from_module_yaml(text, "m.yaml");
    return facts.has_error() ? facts.error().text : "accepted";
}

TEST(ModuleYaml, SaysWhichLineDoesNotFitAndWhy) {
    EXPECT_EQ(complaint(kYaml), "accepted");
    const std::string yaml = kYaml;
    EXPECT_EQ(complaint(yaml + "  - item\n").rfind("m.yaml:16: not a line `key: JSON value`", 0),
              0U)
        << complaint(yaml + "  - item\n");
    EXPECT_NE(complaint(yaml + "dt: 'x'\n").find("m.yaml:16: the value of 'dt'"),
              std::string::npos);
    EXPECT_NE(complaint(yaml + "interval: \"1m\"\n").find("given twice"), std::string::npos);
    EXPECT_NE(complaint(yaml + "sequence_lenght: 3\n").find("'sequence_lenght' is not a key"),
              std::string::npos);
    EXPECT_NE(complaint("interval: \"1d\"\n").find("'architecture' is missing"), std::string::npos);
    EXPECT_NE(complaint("").find("m.yaml: the model's facts"), std::string::npos);
}

class ModelFiles : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::temp_directory_path() /
                  ("paperd_models_" +
                   std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        fs::remove_all(folder_);
        fs::create_directories(folder_);
    }

    void TearDown() override { fs::remove_all(folder_); }

    std::string write(const std::string& name, std::span<const std::byte> bytes) {
        const fs::path path = folder_ / name;
        std::ofstream out(path, std::ios::binary);
        out.write(reinterpret_cast<const char*>(bytes.data()),
                  static_cast<std::streamsize>(bytes.size()));
        return path.string();
    }

    static std::string refusal(const std::string& path) {
        const auto bytes = read_bundle(path);
        return bytes.has_error() ? bytes.error().text : "accepted";
    }

    fs::path folder_;
};

TEST_F(ModelFiles, AreReadBackByteForByte) {
    const BundleBytes bytes = encode_bundle(test::golden_model("hybrid").bundle);
    const std::string path = write("hybrid.model", bytes);
    const auto read = read_bundle(path);
    ASSERT_FALSE(read.has_error()) << read.error().text;
    EXPECT_EQ(*read, bytes);
}

TEST_F(ModelFiles, AreRefusedWithTheirPathAndARemedy) {
    const std::string missing = (folder_ / "none.model").string();
    EXPECT_EQ(refusal(missing).rfind(missing + ": there is no such file", 0), 0U);
    EXPECT_NE(refusal(folder_.string()).find("directory"), std::string::npos);
    BundleBytes bytes = encode_bundle(test::golden_model("attention").bundle);
    bytes.resize(bytes.size() - 5);
    const std::string cut = write("cut.model", bytes);
    EXPECT_EQ(refusal(cut).rfind(cut + ": this bundle is truncated", 0), 0U) << refusal(cut);
    const std::string module = write("alone.ts", bytes);
    EXPECT_NE(refusal(module).find("alone.yaml: there is no such file"), std::string::npos)
        << refusal(module);
}

}  // namespace
}  // namespace paperd::strategy
