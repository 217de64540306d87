// Model files on disk: bundles, and modules with their facts beside them.
#include <filesystem>
#include <fstream>
#include <span>

#include <gtest/gtest.h>

#include "strategy/models/bundle.h"
#include "strategy/models/model.h"
#include "strategy/models/module_yaml.h"
#include "strategy/models/weights.h"
#include "tests/strategy/models/golden_model.h"
#include "tests/support/paths.h"

namespace paperd::strategy {
namespace {

namespace fs = std::filesystem;

TEST(ModuleYaml, ReadsTheReferencesFiles) {
    const auto attention = read_bundle(support::golden_path("synthetic/module_attention.ts"));
    ASSERT_FALSE(attention.has_error()) << attention.error().text;
    const auto facts = bundle_facts(*attention);
    ASSERT_FALSE(facts.has_error()) << facts.error().text;
    EXPECT_EQ(facts->architecture, "attention");
    EXPECT_EQ(facts->interval, BarInterval::day_1);
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
    EXPECT_EQ(bundle_facts(*hybrid)->size("window"), 16);
    EXPECT_EQ(bundle_facts(*hybrid)->size("state"), 8);
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

// What the table fixes is not in the file, so that a shipped bundle's hash does not change with it.
TEST(ShippedBundles, AreWrittenAgainByteForByte) {
    std::size_t seen = 0;
    for (const auto& file : fs::directory_iterator(support::source_path("config/models"))) {
        if (file.path().extension() != ".pmb") {
            continue;
        }
        SCOPED_TRACE(file.path().filename());
        const auto bytes = read_bundle(file.path().string());
        ASSERT_FALSE(bytes.has_error()) << bytes.error().text;
        const auto bundle = decode_bundle(*bytes);
        ASSERT_FALSE(bundle.has_error());
        EXPECT_EQ(encode_bundle(*bundle), *bytes);
        EXPECT_FALSE(check_weights(*bundle).has_error());
        ++seen;
    }
    EXPECT_EQ(seen, 6U);
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
