#include "execution/types/random.h"

#include <bit>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

namespace paperd {
namespace {

// SplitMix64's published sequence from seed 0: the state advances by the golden gamma, so the n-th
// output is the mix of n gammas.
TEST(Random, MixesAsSplitMix64Does) {
    EXPECT_EQ(mix64(0), 0xE220A8397B1DCDAFULL);
    EXPECT_EQ(mix64(0x9E3779B97F4A7C15ULL), 0x6E789E6AA1B965F4ULL);
    EXPECT_EQ(mix64(2 * 0x9E3779B97F4A7C15ULL), 0x06C45D188009454FULL);
}

TEST(Random, ADrawDependsOnSeedIdAndPurposeAndNothingElse) {
    static_assert(draw64(1, 2, 3) == draw64(1, 2, 3));
    std::set<std::uint64_t> draws;
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        for (std::uint64_t id = 0; id < 10; ++id) {
            for (std::uint64_t purpose = 0; purpose < 10; ++purpose) {
                draws.insert(draw64(seed, id, purpose));
            }
        }
    }
    EXPECT_EQ(draws.size(), 1'000U);
}

TEST(Random, UniformDrawsFillTheUnitIntervalEvenly) {
    constexpr int kDraws = 100'000;
    double sum = 0;
    double squares = 0;
    for (std::uint64_t id = 0; id < kDraws; ++id) {
        const double u = draw_uniform(42, id, 1);
        ASSERT_GE(u, 0.0);
        ASSERT_LT(u, 1.0);
        sum += u;
        squares += u * u;
    }
    // Five standard errors of the mean and of the mean square.
    EXPECT_NEAR(sum / kDraws, 0.5, 5 * std::sqrt(1.0 / 12 / kDraws));
    EXPECT_NEAR(squares / kDraws, 1.0 / 3, 5 * std::sqrt(4.0 / 45 / kDraws));
}

TEST(Random, OneBitOfTheIdTurnsHalfTheBitsOfTheDraw) {
    int turned = 0;
    constexpr int kPairs = 1'000;
    for (std::uint64_t id = 0; id < kPairs; ++id) {
        turned += std::popcount(draw64(7, id, 0) ^ draw64(7, id ^ 1, 0));
    }
    EXPECT_NEAR(static_cast<double>(turned) / kPairs, 32, 1);
}

}  // namespace
}  // namespace paperd
