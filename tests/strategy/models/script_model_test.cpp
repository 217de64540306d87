#include <fstream>

#include <gtest/gtest.h>

#include "strategy/models/bundle.h"
#include "strategy/models/model.h"
#include "tests/strategy/models/golden_model.h"
#include "tests/support/paths.h"

namespace paperd::strategy {
namespace {

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

}  // namespace
}  // namespace paperd::strategy
