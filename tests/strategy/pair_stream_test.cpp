#include "strategy/features/pair_stream.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/strategy/golden.h"

namespace paperd::strategy {
namespace {

constexpr std::size_t kColumns = kPairStreamColumns.size();

std::vector<double> closes(const std::string& name) {
    std::vector<double> out;
    for (const Bar& bar : golden::synthetic(name).bars) {
        out.push_back(bar.close.to_double() * bar.factor());
    }
    return out;
}

bool same(std::span<const double> a, std::span<const double> b) {
    return std::ranges::equal(
        a, b, [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

TEST(PairStream, EqualsTheBatchToTheBit) {
    const auto first = closes("SYNTH_A");
    const auto second = closes("SYNTH_B");
    constexpr std::size_t kPast = 400;
    for (const int window : {2, 7, 30}) {
        const auto batch = pairs_features(first, second, kPast, {.window = window});
        ASSERT_FALSE(batch.has_error());
        const PairScalers fit =
            fit_pair(std::span(first).first(kPast), std::span(second).first(kPast));
        PairStream stream(fit, window);
        std::vector<double> row(kColumns);
        for (std::size_t t = 0; t < first.size(); ++t) {
            stream.next(first[t], second[t], row);
            if (t >= kPast) {
                const auto expected = std::span(*batch).subspan((t - kPast) * kPairsColumns.size());
                ASSERT_TRUE(same(row, expected.first(kColumns))) << "row " << t;
            }
        }
    }
}

TEST(PairStream, IsUndefinedUntilItsWindowIsFull) {
    PairStream stream({}, 3);
    std::vector<double> row(kColumns);
    for (int t = 0; t < 5; ++t) {
        stream.next(2 + t, 1, row);
        EXPECT_FALSE(std::isnan(row[0])) << t;
        EXPECT_EQ(std::isnan(row[3]), t < 1) << t;  // the lag
        EXPECT_EQ(std::isnan(row[4]), t < 2) << t;  // the rolling mean
        EXPECT_EQ(std::isnan(row[6]), t < 3) << t;  // the volatility of changes
    }
}

TEST(PairStream, ALegThatNeverMovedGivesNothing) {
    PairStream stream({.first_std = 0}, 2);
    std::vector<double> row(kColumns);
    for (int t = 0; t < 4; ++t) {
        stream.next(3, 1, row);
        EXPECT_TRUE(std::ranges::all_of(row, [](double v) { return std::isnan(v); })) << t;
    }
}

TEST(PairStream, GoesOnFromACheckpointToTheBitAndForgetsWhenReset) {
    const auto first = closes("SYNTH_A");
    const auto second = closes("SYNTH_B");
    const PairScalers fit = fit_pair(first, second);
    PairStream whole(fit, 7);
    PairStream loaded(fit, 7);
    std::vector<double> a(kColumns);
    std::vector<double> b(kColumns);
    for (std::size_t t = 0; t < 100; ++t) {
        whole.next(first[t], second[t], a);
        if (t % 13 == 0) {
            BlobWriter out;
            whole.save(out);
            BlobReader in(out.bytes());
            loaded.next(1, 2, b);  // load replaces whatever was there
            loaded.load(in);
            ASSERT_FALSE(in.failed());
            ASSERT_TRUE(in.at_end());
        } else {
            loaded.next(first[t], second[t], b);
            ASSERT_TRUE(same(a, b)) << t;
        }
    }
    whole.reset();
    PairStream fresh(fit, 7);
    for (std::size_t t = 0; t < 20; ++t) {
        whole.next(first[t], second[t], a);
        fresh.next(first[t], second[t], b);
        ASSERT_TRUE(same(a, b)) << t;
    }
}

}  // namespace
}  // namespace paperd::strategy
