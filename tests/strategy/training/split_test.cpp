#include "strategy/training/split.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <gtest/gtest.h>

#include "strategy/training/batches.h"
#include "strategy/training/metrics.h"

namespace paperd::strategy {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

// One column; row i closes at `first + i`.
TrainingSeries counted(std::size_t rows, std::int64_t first = 0) {
    TrainingSeries series;
    for (std::size_t i = 0; i < rows; ++i) {
        series.rows.push_back(static_cast<double>(i));
        series.target.push_back(i % 2 == 0 ? 0.01 : -0.01);
        series.end_ns.push_back(first + static_cast<std::int64_t>(i));
        series.segment.push_back(0);
    }
    return series;
}

TrainingSettings settings_of(int sequence_length) {
    TrainingSettings settings;
    settings.columns = {"count"};
    settings.sequence_length = sequence_length;
    return settings;
}

TEST(Split, LeavesOutTheRowWhoseLabelReachesOverIt) {
    const auto split = split_windows({counted(100)}, settings_of(5));
    ASSERT_FALSE(split.has_error()) << split.error().text;
    // Rows 0..78 train, 79 is purged (its label is row 80's return), 80..99 validate.
    ASSERT_EQ(split->data.training.size(), 75U);
    EXPECT_EQ(split->data.training.front(), 0U);
    EXPECT_EQ(split->data.training.back(), 74U);
    ASSERT_EQ(split->data.validation.size(), 16U);
    EXPECT_EQ(split->data.validation.front(), 80U);
    EXPECT_EQ(split->data.validation.back(), 95U);
    EXPECT_DOUBLE_EQ(split->feature_mean[0], 39.0);
    EXPECT_DOUBLE_EQ(split->feature_std[0], std::sqrt((79.0 * 79.0 - 1) / 12));
    EXPECT_FLOAT_EQ(split->data.rows[39], 0.0F);
}

TEST(Split, OrdersWindowsByTimeThenSymbol) {
    const auto split = split_windows({counted(100), counted(100)}, settings_of(5));
    ASSERT_FALSE(split.has_error());
    ASSERT_EQ(split->data.training.size(), 150U);
    for (std::size_t i = 0; i < 150; ++i) {
        EXPECT_EQ(split->data.training[i], i / 2 + (i % 2) * 100);
    }
}

TEST(Split, CutsASeriesThatBeginsLateAtTheSameTime) {
    const auto split = split_windows({counted(100), counted(30, 70)}, settings_of(2));
    ASSERT_FALSE(split.has_error());
    for (const std::size_t first : split->data.training) {
        const std::size_t last_row_time = first < 100 ? first + 1 : first - 100 + 70 + 1;
        EXPECT_LT(last_row_time, 79U);
    }
    EXPECT_EQ(split->data.training.size(), 78U + 8U);
    EXPECT_EQ(split->data.validation.size(), 19U + 19U);
}

TEST(Split, CrossesNoSegment) {
    TrainingSeries series = counted(200);
    for (std::size_t i = 50; i < 200; ++i) {
        series.segment[i] = 1;
    }
    const auto split = split_windows({series}, settings_of(10));
    ASSERT_FALSE(split.has_error());
    for (const std::size_t first : split->data.training) {
        EXPECT_TRUE(first + 9 < 50 || first >= 50) << first;
    }
    EXPECT_EQ(split->data.training.size(), 41U + 100U);
}

TEST(Split, AttentionNeedsTheLastLabelAndHybridsEveryOne) {
    TrainingSeries series = counted(200);
    series.target[60] = kUnknown;
    TrainingSettings settings = settings_of(10);
    const auto attention = split_windows({series}, settings);
    settings.architecture = "hybrid";
    const auto hybrid = split_windows({series}, settings);
    ASSERT_FALSE(attention.has_error() || hybrid.has_error());
    // 199 known labels: the split lies at the 160th of them, row 160; 159 is purged.
    EXPECT_EQ(attention->data.training.size(), 159U - 9U - 1U);
    EXPECT_EQ(hybrid->data.training.size(), 159U - 9U - 10U);
    EXPECT_EQ(attention->data.validation.size(), hybrid->data.validation.size());
}

TEST(Split, LooksAtNothingAfterTheSplitForItsScalers) {
    TrainingSeries series = counted(200);
    const auto before = split_windows({series}, settings_of(10));
    for (std::size_t i = 159; i < 200; ++i) {
        series.rows[i] = 1e6;
        series.target[i] = 0.5;
    }
    const auto after = split_windows({series}, settings_of(10));
    ASSERT_FALSE(before.has_error() || after.has_error());
    EXPECT_EQ(before->feature_mean, after->feature_mean);
    EXPECT_EQ(before->feature_std, after->feature_std);
    EXPECT_EQ(before->data.target_mean, after->data.target_mean);
    EXPECT_EQ(before->data.target_std, after->data.target_std);
}

TEST(Split, MayHaveNoValidationPart) {
    TrainingSettings settings = settings_of(5);
    settings.validation_fraction = 0;
    const auto split = split_windows({counted(100)}, settings);
    ASSERT_FALSE(split.has_error());
    EXPECT_EQ(split->data.training.size(), 96U);
    EXPECT_TRUE(split->data.validation.empty());
}

TEST(Batches, FollowTheOrderOfTimeWithASmallerLastOne) {
    const std::vector<std::size_t> windows = {5, 6, 7, 8, 9};
    EXPECT_EQ(epoch_order(windows, settings_of(3), 1), windows);
    const auto batches = batches_of(windows, 2);
    ASSERT_EQ(batches.size(), 3U);
    EXPECT_EQ(batches[1][0], 7U);
    EXPECT_EQ(batches[2].size(), 1U);
}

TEST(Batches, AreShuffledBySeedAndEpochAlone) {
    std::vector<std::size_t> windows(50);
    std::iota(windows.begin(), windows.end(), std::size_t{0});
    TrainingSettings settings = settings_of(3);
    settings.shuffle = true;
    settings.seed = 5;
    const auto first = epoch_order(windows, settings, 1);
    EXPECT_TRUE(std::ranges::is_permutation(first, windows));
    EXPECT_NE(first, windows);
    EXPECT_EQ(epoch_order(windows, settings, 1), first);
    EXPECT_NE(epoch_order(windows, settings, 2), first);
    settings.seed = 6;
    EXPECT_NE(epoch_order(windows, settings, 1), first);
}

TEST(HitRate, CountsDirectionsAmongTargetsThatMoved) {
    const std::vector<double> predictions = {1, 2, 3, -1};
    EXPECT_EQ(hit_rate(predictions, std::vector<double>{2, 4, 6, -2}), 1.0);
    EXPECT_NEAR(hit_rate(predictions, std::vector<double>{-1, 0, 3, -2}), 2.0 / 3, 1e-15);
    EXPECT_EQ(hit_rate(predictions, std::vector<double>(4)), 0);
    EXPECT_EQ(hit_rate({}, {}), 0);
}

}  // namespace
}  // namespace paperd::strategy
