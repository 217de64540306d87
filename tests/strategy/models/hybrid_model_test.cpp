#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/json/value_to.hpp>
#include <gtest/gtest.h>

#include "strategy/models/model.h"
#include "tests/strategy/models/golden_model.h"
#include "tests/support/paths.h"

namespace paperd::strategy {
namespace {

using test::built;
using test::expect_the_same_after_save_and_load;
using test::golden_model;
using test::GoldenModel;
using test::StepBuffers;

TEST(HybridModel, AgreesWithTheReferenceFromGivenWeights) {
    const GoldenModel golden = golden_model("hybrid");
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
        for (std::size_t b = 0; b < batch; ++b) {
            ASSERT_TRUE(buffers.out.defined(b));
            const double direction = buffers.out.value(b, "direction");
            const double magnitude = buffers.out.value(b, "magnitude");
            EXPECT_NEAR(direction, golden.outputs[0].data[b * steps + t], 1e-5);
            EXPECT_NEAR(magnitude, golden.outputs[1].data[b * steps + t], 1e-5);
            EXPECT_NEAR(buffers.out.value(b, "uncertainty"), golden.outputs[2].data[b * steps + t],
                        1e-5);
            EXPECT_NEAR(buffers.prediction(b), std::tanh(direction / 2) * std::max(magnitude, 0.0),
                        1e-12);
        }
        EXPECT_FALSE(buffers.out.defined(batch));
        EXPECT_FALSE(buffers.enough_rows(batch));
    }
}

// The state itself is read back out of a checkpoint: tag, flags, then slots x state floats.
std::vector<float> first_state(const Model& model) {
    BlobWriter blob;
    model.save(blob);
    BlobReader in(blob.bytes());
    static_cast<void>(in.get<std::uint32_t>());
    static_cast<void>(in.get_vector<std::uint8_t>());
    auto states = in.get_vector<float>();
    states.resize(static_cast<std::size_t>(model.facts().size("state")));
    return states;
}

TEST(HybridModel, StaysWithTheReferenceThroughFiveThousandBars) {
    const GoldenModel golden = golden_model("hybrid");
    const auto model = built(golden.bundle, 1);
    StepBuffers buffers(*model);
    buffers.defined[0] = 1;
    const auto json = test::read_json(support::golden_path("synthetic/stream_hybrid.json"));
    int t = 0;
    for (const auto& row : json.at("rows").as_array()) {
        const int bar = row.at("bar").to_number<int>();
        for (; t <= bar; ++t) {
            for (int f = 0; f < 6; ++f) {
                buffers.features[static_cast<std::size_t>(f)] =
                    3 * std::sin(0.37 * (t + 1) * (f + 1));
            }
            buffers.step(*model);
        }
        SCOPED_TRACE(bar);
        EXPECT_NEAR(buffers.out.value(0, "direction"), row.at("direction").to_number<double>(),
                    1e-5);
        EXPECT_NEAR(buffers.out.value(0, "magnitude"), row.at("magnitude").to_number<double>(),
                    1e-5);
        EXPECT_NEAR(buffers.out.value(0, "uncertainty"), row.at("uncertainty").to_number<double>(),
                    1e-5);
        const auto want = boost::json::value_to<std::vector<double>>(row.at("state"));
        const auto got = first_state(*model);
        ASSERT_EQ(got.size(), want.size());
        for (std::size_t i = 0; i < want.size(); ++i) {
            EXPECT_NEAR(static_cast<double>(got[i]), want[i], 1e-5);
        }
    }
    EXPECT_EQ(t, 5000);
}

TEST(HybridModel, PaddedBatchesGiveWhatEachSlotGivesAlone) {
    const GoldenModel golden = golden_model("hybrid");
    const auto together = built(golden.bundle, 32);
    StepBuffers all(*together);
    std::vector<std::unique_ptr<Model>> alone;
    for (std::size_t slot = 0; slot < 32; ++slot) {
        alone.push_back(built(golden.bundle, 1));
    }
    for (std::size_t t = 0; t < 40; ++t) {
        all.make_up(t);
        for (std::size_t slot = 0; slot < 32; ++slot) {
            all.defined[slot] = (t + slot) % (slot + 2) != 0 ? 1 : 0;
        }
        all.step(*together);
        for (std::size_t slot = 0; slot < 32; ++slot) {
            StepBuffers one(*alone[slot]);
            std::copy_n(all.features.begin() + static_cast<std::ptrdiff_t>(slot * 6), 6,
                        one.features.begin());
            one.defined[0] = all.defined[slot];
            one.step(*alone[slot]);
            ASSERT_EQ(one.out.defined(0), all.out.defined(slot));
            ASSERT_EQ(one.enough_rows(0), all.enough_rows(slot));
            for (const char* name : {"direction", "magnitude", "uncertainty"}) {
                const double alone_value = one.out.value(0, name);
                ASSERT_TRUE(!one.out.defined(0) ||
                            std::abs(alone_value - all.out.value(slot, name)) < 1e-6);
            }
        }
    }
}

TEST(HybridModel, LeavesAbsentSlotsUntouched) {
    const auto model = built(golden_model("hybrid").bundle, 16);
    StepBuffers buffers(*model);
    for (std::size_t t = 0; t < 9; ++t) {
        buffers.make_up(t);
        std::ranges::fill(buffers.defined, std::uint8_t{1});
        buffers.step(*model);
    }
    const std::uint64_t before = model->state_digest();
    std::ranges::fill(buffers.defined, std::uint8_t{0});
    buffers.step(*model);
    EXPECT_EQ(model->state_digest(), before);
    EXPECT_FALSE(buffers.out.defined(2));
    EXPECT_TRUE(buffers.enough_rows(2));
    buffers.defined[2] = 1;
    buffers.features[2 * 6] = std::numeric_limits<double>::infinity();
    buffers.step(*model);
    EXPECT_EQ(model->state_digest(), before);
    EXPECT_FALSE(buffers.out.defined(2));
}

// Finite, but so large that the state is not: it would never heal.
TEST(HybridModel, BeginsASlotAnewWhoseStateAnAbsurdRowBroke) {
    const auto model = built(golden_model("hybrid").bundle, 16);
    const auto fresh = built(golden_model("hybrid").bundle, 16);
    StepBuffers a(*model);
    StepBuffers b(*fresh);
    std::ranges::fill(a.defined, std::uint8_t{1});
    b.defined[2] = 1;
    for (std::size_t t = 0; t < 10; ++t) {
        a.make_up(t);
        a.step(*model);
    }
    std::fill_n(a.features.begin() + 2 * 6, 6, 3e38);
    a.step(*model);
    std::size_t t = 11;
    for (; a.enough_rows(2) && t < 20; ++t) {  // it may take a bar or two to break
        a.make_up(t);
        a.step(*model);
    }
    ASSERT_LT(t, 20U);
    EXPECT_FALSE(a.out.defined(2));
    EXPECT_TRUE(a.out.defined(3));
    for (; t < 30; ++t) {
        a.make_up(t);
        b.features = a.features;
        a.step(*model);
        b.step(*fresh);
        ASSERT_TRUE(a.out.defined(2));
        ASSERT_EQ(a.prediction(2), b.prediction(2));
    }
}

TEST(HybridModel, GoesOnBitForBitAfterSaveAndLoad) {
    // Slot 0 is still filling its window when it is saved, slot 1 has never begun.
    expect_the_same_after_save_and_load(
        golden_model("hybrid").bundle, 38, 60, [](std::size_t t, std::size_t slot) {
            return slot == 0 ? t % 10 == 3 : slot != 1 && (t * 7 + slot) % 5 != 0;
        });
}

TEST(HybridModel, BeginsAnewAfterForgetting) {
    const Bundle bundle = golden_model("hybrid").bundle;
    const auto model = built(bundle, 16);
    const auto fresh = built(bundle, 16);
    StepBuffers a(*model);
    StepBuffers b(*fresh);
    std::ranges::fill(a.defined, std::uint8_t{1});
    for (std::size_t t = 0; t < 20; ++t) {
        a.make_up(t);
        a.step(*model);
    }
    for (std::size_t slot = 0; slot < 16; ++slot) {
        model->forget(slot);
    }
    EXPECT_EQ(model->state_digest(), fresh->state_digest());
    for (std::size_t t = 0; t < 8; ++t) {
        a.make_up(t);
        b.features = a.features;
        b.defined = a.defined;
        a.step(*model);
        b.step(*fresh);
        ASSERT_EQ(a.prediction(7), b.prediction(7));
    }
}

// However long it runs, a checkpoint (all that is carried) keeps its size once the window is full.
TEST(HybridModel, CarriesNoMoreAfterAThousandBarsThanAfterItsWindow) {
    const auto model = built(golden_model("hybrid").bundle, 16);
    StepBuffers buffers(*model);
    std::ranges::fill(buffers.defined, std::uint8_t{1});
    std::size_t full = 0;
    for (std::size_t t = 0; t < 1000; ++t) {
        buffers.make_up(t);
        buffers.step(*model);
        if (t + 1 == 5 || t == 999) {
            BlobWriter blob;
            model->save(blob);
            if (full == 0) {
                full = blob.bytes().size();
            }
            EXPECT_EQ(blob.bytes().size(), full);
        }
    }
    EXPECT_GT(full, 0U);
}

}  // namespace
}  // namespace paperd::strategy
