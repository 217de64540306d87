#include "strategy/models/model_outputs.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "strategy/output_names.h"

namespace paperd::strategy {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(ModelOutputs, AreFoundByNameSlotAndMember) {
    ModelOutputs out = ModelOutputs::make({"return_1", "p_up"}, 3, 2);
    EXPECT_EQ(out.width(), 6U);
    EXPECT_EQ(out.states, std::vector<OutputState>(2, OutputState::warming_up));
    EXPECT_TRUE(std::isnan(out.value(1, "p_up", 2)));
    for (std::size_t i = 0; i < 6; ++i) {
        out.of(1)[i] = static_cast<double>(i) / 10;
    }
    out.note_numbers(1);
    EXPECT_TRUE(out.defined(1));
    EXPECT_FALSE(out.defined(0));
    EXPECT_EQ(out.value(1, "return_1"), 0.0);
    EXPECT_EQ(out.value(1, "p_up", 2), 0.5);
    EXPECT_TRUE(std::isnan(out.value(1, "p_down")));
    EXPECT_FALSE(out.place("p_down"));
}

TEST(ModelOutputs, OfANumberThatIsNotFiniteAreNotFiniteAsAWhole) {
    ModelOutputs out = ModelOutputs::make({"a", "b"}, 1, 1);
    out.of(0)[0] = 1;
    out.of(0)[1] = std::numeric_limits<double>::infinity();
    out.note_numbers(0);
    EXPECT_EQ(out.states[0], OutputState::not_finite);
    EXPECT_TRUE(std::isnan(out.of(0)[0]));
}

TEST(ModelOutputs, NameReturnsByTheBarsAhead) {
    EXPECT_EQ(bars_ahead("return_1"), 1);
    EXPECT_EQ(bars_ahead("return_12"), 12);
    for (const char* other : {"return_", "return_0", "return_-1", "return_1x", "returns", "p_up",
                              "my_return_1", "return_99999999999999999999"}) {
        EXPECT_EQ(bars_ahead(other), 0) << other;
    }
}

TEST(ModelOutputs, BeyondWhatABarCanMoveAreImplausible) {
    ModelOutputs out = ModelOutputs::make({"p_up", "return_1", "return_5"}, 1, 5);
    const double rows[5][3] = {
        {8e30, 0.5, 0.5}, {0, 0.51, 0}, {0, 0, -0.5}, {0, 0, -0.51}, {0, kNaN, 8e30}};
    for (std::size_t slot = 0; slot < 5; ++slot) {
        std::copy_n(rows[slot], 3, out.of(slot).begin());
        out.states[slot] = OutputState::defined;
    }
    out.states[4] = OutputState::no_row;
    judge_returns(0.5, out);
    EXPECT_EQ(out.states,
              (std::vector{OutputState::defined, OutputState::implausible, OutputState::defined,
                           OutputState::implausible, OutputState::no_row}));
    EXPECT_EQ(out.of(3)[2], -0.51) << "the number stays to be seen";
}

// A number that an adopted one turned into none is the position rules' to refuse, not hidden here.
TEST(ModelOutputs, ThatAreNoNumberAreNotJudged) {
    ModelOutputs out = ModelOutputs::make({"return_1"}, 1, 1);
    out.states[0] = OutputState::defined;
    judge_returns(1, out);
    EXPECT_TRUE(out.defined(0));
}

TEST(ModelOutputs, OfOneImplausibleMemberAreImplausibleForTheUniverse) {
    ModelOutputs out = ModelOutputs::make({"return_1"}, 3, 1);
    out.of(0)[0] = 0.01;
    out.of(0)[1] = 0.02;
    out.of(0)[2] = -1.2;
    out.note_numbers(0);
    judge_returns(1, out);
    EXPECT_EQ(out.states[0], OutputState::implausible);
}

}  // namespace
}  // namespace paperd::strategy
