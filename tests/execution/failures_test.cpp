#include "execution/failures.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/execution/market.h"

namespace paperd::execution {
namespace {

FailureSettings with_probability(double probability, std::uint64_t seed) {
    FailureSettings settings;
    settings.data_delay_probability = probability;
    settings.execution_failure_probability = probability;
    settings.price_gap_probability = probability;
    settings.seed = seed;
    return settings;
}

TEST(Failures, AreOffByDefault) {
    const Failures none{FailureSettings{}};
    const Bar bar = make_bar(0, {});
    for (int i = 1; i < 1'000; ++i) {
        EXPECT_FALSE(none.data_delayed(i, symbol_id(0)));
        EXPECT_FALSE(none.execution_fails(i, i));
        EXPECT_EQ(none.gapped(bar.open, bar, true, i, i), bar.open);
    }
}

TEST(Failures, ArePureFunctionsOfTheSeedAndTheIds) {
    const Failures one(with_probability(0.3, 5));
    const Failures same(with_probability(0.3, 5));
    const Failures other(with_probability(0.3, 6));
    const Bar bar = make_bar(0, {});
    int differences = 0;
    for (int i = 1'000; i > 0; --i) {
        EXPECT_EQ(one.data_delayed(i, symbol_id(3)), same.data_delayed(i, symbol_id(3)));
        EXPECT_EQ(one.execution_fails(i, 7), same.execution_fails(i, 7));
        EXPECT_EQ(one.gapped(bar.open, bar, true, i, 7), same.gapped(bar.open, bar, true, i, 7));
        differences += one.execution_fails(i, 7) != other.execution_fails(i, 7) ? 1 : 0;
    }
    EXPECT_GT(differences, 300);
}

TEST(Failures, HappenAsOftenAsAsked) {
    constexpr int kDraws = 100'000;
    constexpr double kProbability = 0.07;
    const Failures failures(with_probability(kProbability, 17));
    const Bar bar = make_bar(0, {});
    int delayed = 0;
    int failed = 0;
    int gapped = 0;
    int together = 0;
    for (int i = 0; i < kDraws; ++i) {
        const bool late =
            failures.data_delayed(i / 500, symbol_id(static_cast<std::size_t>(i % 500)));
        const bool lost = failures.execution_fails(i / 500, i % 500);
        delayed += late ? 1 : 0;
        failed += lost ? 1 : 0;
        together += late && lost ? 1 : 0;
        gapped += failures.gapped(bar.open, bar, true, i / 500, i % 500) != bar.open ? 1 : 0;
    }
    const double deviations = 4 * std::sqrt(kDraws * kProbability * (1 - kProbability));
    EXPECT_NEAR(delayed, kDraws * kProbability, deviations);
    EXPECT_NEAR(failed, kDraws * kProbability, deviations);
    EXPECT_NEAR(gapped, kDraws * kProbability, deviations);
    EXPECT_NEAR(together, kDraws * kProbability * kProbability,
                4 * std::sqrt(kDraws * kProbability * kProbability));
}

TEST(Failures, APriceGapIsAdverseUniformAndStaysInTheBar) {
    FailureSettings settings = with_probability(1, 23);
    settings.price_gap_fraction_max = 0.5;
    const Failures failures(settings);
    const Bar bar = make_bar(0, {.open = 100, .high = 104, .low = 98});
    double sum = 0;
    for (int i = 0; i < 20'000; ++i) {
        const Price bought = failures.gapped(bar.open, bar, true, i, 1);
        const Price sold = failures.gapped(bar.open, bar, false, i, 1);
        ASSERT_GE(bought, bar.open);
        ASSERT_LE(bought, price(102));
        ASSERT_LE(sold, bar.open);
        ASSERT_GE(sold, price(99));
        sum += bought.to_double() - 100;
    }
    EXPECT_NEAR(sum / 20'000, 1.0, 0.02);
    EXPECT_EQ(failures.gapped(bar.high, bar, true, 1, 1), bar.high);
    EXPECT_EQ(failures.gapped(bar.low, bar, false, 1, 1), bar.low);
}

}  // namespace
}  // namespace paperd::execution
