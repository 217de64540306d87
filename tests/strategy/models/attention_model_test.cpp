#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "strategy/models/model.h"
#include "tests/strategy/models/golden_model.h"

namespace paperd::strategy {
namespace {

using test::built;
using test::expect_the_same_after_save_and_load;
using test::golden_model;
using test::GoldenModel;
using test::made_up_feature;
using test::StepBuffers;

TEST(AttentionModel, AgreesWithTheReferenceFromGivenWeights) {
    const GoldenModel golden = golden_model("attention");
    const auto model = built(golden.bundle, 16);
    StepBuffers buffers(*model);
    const auto batch = static_cast<std::size_t>(golden.input.shape[0]);
    const auto steps = static_cast<std::size_t>(golden.input.shape[1]);
    const auto columns = static_cast<std::size_t>(golden.input.shape[2]);
    for (std::size_t t = 0; t < steps; ++t) {
        for (std::size_t b = 0; b < batch; ++b) {
            buffers.defined[b] = 1;
            for (std::size_t c = 0; c < columns; ++c) {
                buffers.features[b * columns + c] =
                    golden.input.data[(b * steps + t) * columns + c];
            }
        }
        buffers.step(*model);
        for (std::size_t slot = 0; slot < 16; ++slot) {
            EXPECT_EQ(buffers.out.defined(slot), slot < batch && t + 1 == steps);
            EXPECT_EQ(buffers.enough_rows(slot), slot < batch && t + 1 == steps);
        }
    }
    for (std::size_t b = 0; b < batch; ++b) {
        EXPECT_NEAR(buffers.prediction(b), golden.outputs[0].data[b], 1e-5);
    }
}

TEST(AttentionModel, ScalesInputsAndOutputs) {
    const GoldenModel golden = golden_model("attention");
    Bundle scaled = golden.bundle;
    scaled.facts.feature_mean = {1, 2, 3, 4, 5};
    scaled.facts.feature_std = {2, 2, 2, 4, 4};
    scaled.facts.target_mean = 0.25;
    scaled.facts.target_std = 0.5;
    const auto plain = built(golden.bundle, 16);
    const auto model = built(scaled, 16);
    StepBuffers a(*plain);
    StepBuffers b(*model);
    a.defined[0] = b.defined[0] = 1;
    for (std::size_t t = 0; t < 30; ++t) {
        for (std::size_t c = 0; c < 5; ++c) {
            a.features[c] = made_up_feature(t, 0, c);
            b.features[c] =
                a.features[c] * scaled.facts.feature_std[c] + scaled.facts.feature_mean[c];
        }
        a.step(*plain);
        b.step(*model);
    }
    EXPECT_NEAR(b.prediction(0), a.prediction(0) * 0.5 + 0.25, 1e-6);
}

// Each slot misses bars of its own; alone in a model it must give the same.
TEST(AttentionModel, PaddedBatchesGiveWhatEachSlotGivesAlone) {
    const GoldenModel golden = golden_model("attention");
    const auto together = built(golden.bundle, 32);
    StepBuffers all(*together);
    std::vector<std::unique_ptr<Model>> alone;
    for (std::size_t slot = 0; slot < 32; ++slot) {
        alone.push_back(built(golden.bundle, 1));
    }
    std::size_t compared = 0;
    for (std::size_t t = 0; t < 60; ++t) {
        all.make_up(t);
        for (std::size_t slot = 0; slot < 32; ++slot) {
            all.defined[slot] = (t + slot) % (slot + 2) != 0 ? 1 : 0;
        }
        all.step(*together);
        for (std::size_t slot = 0; slot < 32; ++slot) {
            StepBuffers one(*alone[slot]);
            std::copy_n(all.features.begin() + static_cast<std::ptrdiff_t>(slot * 5), 5,
                        one.features.begin());
            one.defined[0] = all.defined[slot];
            one.step(*alone[slot]);
            ASSERT_EQ(one.out.defined(0), all.out.defined(slot));
            ASSERT_EQ(one.enough_rows(0), all.enough_rows(slot));
            if (one.out.defined(0)) {
                ASSERT_NEAR(one.prediction(0), all.prediction(slot), 1e-6);
            }
            compared += one.out.defined(0) ? 1U : 0U;
        }
    }
    EXPECT_GT(compared, 500U);
}

TEST(AttentionModel, TakesANonFiniteRowForAnUndefinedOne) {
    const auto model = built(golden_model("attention").bundle, 16);
    StepBuffers buffers(*model);
    for (std::size_t t = 0; t < 30; ++t) {
        buffers.make_up(t);
        std::ranges::fill(buffers.defined, std::uint8_t{1});
        buffers.step(*model);
    }
    ASSERT_TRUE(buffers.out.defined(3));
    const std::uint64_t before = model->state_digest();
    std::ranges::fill(buffers.defined, std::uint8_t{0});
    buffers.defined[3] = 1;
    buffers.features[3 * 5 + 2] = std::numeric_limits<double>::quiet_NaN();
    buffers.step(*model);
    EXPECT_FALSE(buffers.out.defined(3));
    EXPECT_TRUE(buffers.enough_rows(3));
    EXPECT_EQ(model->state_digest(), before);
}

TEST(AttentionModel, GivesNothingWhileAnAbsurdRowIsInTheWindow) {
    const auto model = built(golden_model("attention").bundle, 16);
    StepBuffers buffers(*model);
    std::ranges::fill(buffers.defined, std::uint8_t{1});
    for (std::size_t t = 0; t < 80; ++t) {
        buffers.make_up(t);
        if (t == 40) {
            std::fill_n(buffers.features.begin() + 3 * 5, 5, 3e38);
        }
        buffers.step(*model);
        ASSERT_TRUE(t < 29 || buffers.out.defined(2));
        ASSERT_EQ(buffers.enough_rows(3), t >= 29);
        ASSERT_TRUE(!buffers.out.defined(3) || std::isfinite(buffers.prediction(3)));
    }
    EXPECT_TRUE(buffers.out.defined(3));
}

TEST(AttentionModel, GoesOnBitForBitAfterSaveAndLoad) {
    expect_the_same_after_save_and_load(
        golden_model("attention").bundle, 45, 60,
        [](std::size_t t, std::size_t slot) { return (t * 7 + slot) % 5 != 0; });
}

TEST(AttentionModel, RefusesToLoadWhatAnotherSizeSaved) {
    const Bundle bundle = golden_model("attention").bundle;
    const auto wide = built(bundle, 32);
    BlobWriter blob;
    wide->save(blob);
    const auto narrow = built(bundle, 16);
    BlobReader reader(blob.bytes());
    narrow->load(reader);
    EXPECT_TRUE(reader.failed());
}

TEST(AttentionModel, WarmsUpAnewAfterForgetting) {
    const auto model = built(golden_model("attention").bundle, 16);
    StepBuffers buffers(*model);
    std::ranges::fill(buffers.defined, std::uint8_t{1});
    for (std::size_t t = 0; t < 70; ++t) {
        if (t == 35) {
            model->forget(4);
        }
        buffers.make_up(t);
        buffers.step(*model);
        EXPECT_EQ(buffers.out.defined(4), (t >= 29 && t < 35) || t >= 64) << t;
        EXPECT_EQ(buffers.out.defined(5), t >= 29) << t;
    }
}

TEST(AttentionModel, GivesTheSameBitsTwice) {
    const Bundle bundle = golden_model("attention").bundle;
    const auto one = built(bundle, 48);
    const auto two = built(bundle, 48);
    StepBuffers a(*one);
    StepBuffers b(*two);
    std::ranges::fill(a.defined, std::uint8_t{1});
    std::ranges::fill(b.defined, std::uint8_t{1});
    for (std::size_t t = 0; t < 40; ++t) {
        a.make_up(t);
        b.make_up(t);
        a.step(*one);
        b.step(*two);
        for (std::size_t slot = 0; slot < 48; ++slot) {
            ASSERT_EQ(a.out.states[slot], b.out.states[slot]);
            ASSERT_TRUE(!a.out.defined(slot) || a.prediction(slot) == b.prediction(slot));
        }
    }
}

TEST(MakeModel, RefusesWeightsThatDoNotFit) {
    const auto refusal = [](const Bundle& bundle) {
        const auto model = make_model(encode_bundle(bundle), 16);
        return model.has_error() ? model.error().text : std::string("accepted");
    };
    Bundle bundle = golden_model("attention").bundle;
    EXPECT_EQ(refusal(bundle), "accepted");
    bundle.facts.sizes = {{"hidden", 31}};
    EXPECT_NE(refusal(bundle).find("shape"), std::string::npos);
    bundle = golden_model("attention").bundle;
    bundle.facts.architecture = "hybrid";
    bundle.facts.sizes = golden_model("hybrid").bundle.facts.sizes;
    EXPECT_NE(refusal(bundle).find("lack 'dynamics.weight'"), std::string::npos);
    bundle = golden_model("attention").bundle;
    bundle.weights[2].values[5] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_NE(refusal(bundle).find("not finite"), std::string::npos);
    bundle = golden_model("attention").bundle;
    bundle.weights.push_back({"fc2.bias", {1}, {0}});
    EXPECT_NE(refusal(bundle).find("holds 8 weights"), std::string::npos);
    bundle = golden_model("attention").bundle;
    bundle.weights[0].values.pop_back();
    EXPECT_NE(refusal(bundle).find("639 values"), std::string::npos);
}

TEST(Fingerprint, NamesTheLibrariesAndOneThread) {
    const std::string text = inference_fingerprint();
    EXPECT_EQ(text.rfind("libtorch ", 0), 0U) << text;
    EXPECT_NE(text.find("; cpu "), std::string::npos) << text;
    EXPECT_NE(text.find("; threads 1"), std::string::npos) << text;
    EXPECT_EQ(text.find("unknown"), std::string::npos) << text;
    EXPECT_EQ(text, inference_fingerprint());
}

}  // namespace
}  // namespace paperd::strategy
