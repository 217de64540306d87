#include "execution/types/decision_numbers.h"

#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace paperd {
namespace {

TEST(DecisionNumbers, AreAsTheyWereSetInWhateverOrder) {
    constexpr unsigned kSeed = 11;
    std::mt19937 random(kSeed);
    for (int round = 0; round < 500; ++round) {
        std::array<double, DecisionNumbers::kCount> expected{};
        expected.fill(std::numeric_limits<double>::quiet_NaN());
        DecisionNumbers numbers;
        for (int change = 0; change < 40; ++change) {
            const auto at = random() % expected.size();
            expected[at] = random() % 4 == 0 ? std::numeric_limits<double>::quiet_NaN()
                                             : static_cast<double>(random()) - 2e9;
            numbers.set(static_cast<DecisionNumber>(at), expected[at]);
        }
        DecisionNumbers again;
        const auto packed = numbers.packed();
        ASSERT_TRUE(again.unpack(std::vector(packed.begin(), packed.end())));
        for (std::size_t i = 0; i < expected.size(); ++i) {
            const auto number = static_cast<DecisionNumber>(i);
            ASSERT_EQ(numbers.has(number), !std::isnan(expected[i])) << "seed " << kSeed;
            for (const double got : {numbers.get(number), again.get(number)}) {
                ASSERT_TRUE(got == expected[i] || (std::isnan(got) && std::isnan(expected[i])))
                    << "seed " << kSeed << ", " << kDecisionNumberTexts[i].name;
            }
        }
    }
}

TEST(DecisionNumbers, WithoutAnyAreStoredAsNothing) {
    DecisionNumbers numbers;
    EXPECT_TRUE(numbers.packed().empty());
    numbers.set(DecisionNumber::band, 3);
    EXPECT_EQ(numbers.packed().size(), 2U);
    numbers.set(DecisionNumber::band, std::numeric_limits<double>::quiet_NaN());
    EXPECT_TRUE(numbers.packed().empty());
    EXPECT_TRUE(numbers.unpack({}));
}

TEST(DecisionNumbers, RefuseWhatIsNoStoredForm) {
    DecisionNumbers numbers;
    for (const std::vector<double>& bad :
         {std::vector<double>{0}, {1}, {1, 2, 3}, {-1, 2}, {1.5, 2}, {1e9, 2}, {NAN, 2}}) {
        EXPECT_FALSE(numbers.unpack(bad));
        EXPECT_TRUE(numbers.packed().empty());
    }
}

}  // namespace
}  // namespace paperd
