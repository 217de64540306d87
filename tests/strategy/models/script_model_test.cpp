#include <fstream>

#include <gtest/gtest.h>

#include "strategy/models/bundle.h"
#include "strategy/models/model.h"
#include "tests/strategy/models/golden_model.h"
#include "tests/strategy/models/script_modules.h"
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
            ASSERT_EQ(a.out.defined(slot), b.out.defined(slot));
            ASSERT_EQ(a.enough_rows(slot), b.enough_rows(slot));
            for (std::size_t i = 0; a.out.defined(slot) && i < a.out.width(); ++i) {
                ASSERT_NEAR(a.out.of(slot)[i], b.out.of(slot)[i], 1e-5) << a.out.names[i];
            }
            compared += a.out.defined(slot) ? 1U : 0U;
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
        for (std::size_t slot = 0; slot < buffers.out.slots(); ++slot) {
            predictions.push_back(buffers.prediction(slot));
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
    bundle.facts.architecture = "hybrid";
    bundle.facts.sizes = test::golden_model("hybrid").bundle.facts.sizes;
    EXPECT_NE(refusal(bundle).find("no exported method 'step'"), std::string::npos);
    bundle = scripted("hybrid");
    bundle.facts.sizes[0].second = 9;  // its state
    EXPECT_NE(refusal(bundle).find("does not run as its facts say"), std::string::npos);
}

// A hybrid's module whose heads keep their shape while it is tried and lose it at a row of a size
// that no try has.
Bundle shrinking_hybrid(const std::string& shrunk) {
    Bundle bundle = test::golden_model("hybrid").bundle;
    bundle.weights.clear();
    bundle.module = test::script_module(
        "def step(self, x: Tensor, h: Tensor, history: Tensor, dt: float) -> "
        "Tuple[Tensor, Tensor, Tensor, Tensor]:\n"
        "    heads = x[:, 0]\n"
        "    if bool((x > 5).any()):\n"
        "        heads = " +
        shrunk +
        "\n"
        "    return heads, heads, heads.exp(), h\n");
    return bundle;
}

Bundle attention_module(const std::string& forward) {
    Bundle bundle = test::golden_model("attention").bundle;
    bundle.weights.clear();
    bundle.module = test::script_module("def forward(self, x: Tensor):\n" + forward);
    return bundle;
}

// What the model's step says of a row of sixes after `before` usual ones.
std::string error_at_sixes(const Bundle& bundle, std::size_t before) {
    const auto model = test::built(bundle, 16);
    StepBuffers buffers(*model);
    std::ranges::fill(buffers.defined, std::uint8_t{1});
    for (std::size_t t = 0; t < before; ++t) {
        buffers.make_up(t);
        buffers.step(*model);
    }
    std::ranges::fill(buffers.features, 6.0);
    const auto done = model->step(buffers.features, buffers.defined, buffers.out);
    return done.has_error() ? done.error().text : std::string("no error");
}

// Its first number was read as sixteen, the other fifteen from beyond its end.
TEST(ScriptModel, WhoseOutputShrinksAfterLoadingStops) {
    for (const char* shrunk : {"x.mean().reshape([1])", "x[:3, 0]", "x.mean()", "x[:, :2]"}) {
        const std::string error = error_at_sixes(shrinking_hybrid(shrunk), 3);
        EXPECT_NE(error.find("its step's direction has the shape ["), std::string::npos) << error;
        EXPECT_NE(error.find("where 16 rows of 1 numbers belong"), std::string::npos) << error;
    }
    const std::string shrinks =
        "    y = x[:, -1, 0]\n"
        "    if bool((x > 5).any()):\n"
        "        y = x.mean().reshape([1])\n"
        "    return y\n";
    const std::string error = error_at_sixes(attention_module(shrinks), 30);
    EXPECT_NE(error.find("what its forward gives has the shape [1]"), std::string::npos) << error;
}

TEST(ScriptModel, ThatThrowsIsAnErrorWithItsReasonAndARemedy) {
    const std::string throws =
        "    assert not bool((x > 5).any()), \"no sixes\"\n"
        "    return x[:, -1, 0]\n";
    const std::string error = error_at_sixes(attention_module(throws), 30);
    EXPECT_NE(error.find("failed while it ran"), std::string::npos) << error;
    EXPECT_NE(error.find("no sixes"), std::string::npos) << error;
    EXPECT_NE(error.find("name another model"), std::string::npos) << error;
}

// Right for one slot, which was all that was tried, and for no larger group.
TEST(ScriptModel, OfTheHybridIsTriedWithSeveralSlotsWhenItIsLoaded) {
    for (const char* heads : {"x.mean().reshape([1])", "x[0:1, 0]"}) {
        Bundle bundle = shrinking_hybrid("heads");
        bundle.module = test::script_module(
            "def step(self, x: Tensor, h: Tensor, history: Tensor, dt: float) -> "
            "Tuple[Tensor, Tensor, Tensor, Tensor]:\n"
            "    heads = " +
            std::string(heads) + "\n    return heads, heads, heads.exp(), h\n");
        EXPECT_FALSE(make_model(encode_bundle(bundle), 1).has_error());
        const auto model = make_model(encode_bundle(bundle), 16);
        ASSERT_TRUE(model.has_error());
        EXPECT_NE(model.error().text.find("[1] where 2 rows of 1"), std::string::npos)
            << model.error().text;
    }
}

TEST(ScriptModel, ThatGivesNoTensorIsRefused) {
    const auto model = make_model(encode_bundle(attention_module("    return \"up\"\n")), 16);
    ASSERT_TRUE(model.has_error());
    EXPECT_NE(model.error().text.find("is no tensor but"), std::string::npos) << model.error().text;
}

}  // namespace
}  // namespace paperd::strategy
