#include "strategy/models/key_value_ring.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "strategy/models/last_rows.h"

namespace paperd::strategy {
namespace {

TEST(KeyValueRing, AttendsAsTheFormulaSaysToWhatItStillHolds) {
    constexpr std::size_t window = 5;
    constexpr std::size_t memory = 6;
    KeyValueRing ring({.slots = 2, .window = window, .memory = memory, .heads = 2});
    const auto entry = [](std::size_t t, std::size_t i, double phase) {
        return static_cast<float>(std::sin(static_cast<double>(t * memory + i) * 0.7 + phase));
    };
    for (std::size_t t = 0; t < 13; ++t) {
        std::vector<float> key(memory);
        std::vector<float> value(memory);
        std::vector<float> query(memory);
        for (std::size_t i = 0; i < memory; ++i) {
            key[i] = entry(t, i, 0);
            value[i] = entry(t, i, 1);
            query[i] = 3 * entry(t, i, 2);
        }
        ring.push(1, key, value);
        std::vector<float> got(memory);
        ring.attend(1, query, got);
        const std::size_t held = std::min(t + 1, window);
        ASSERT_EQ(ring.count(1), held);
        ASSERT_EQ(ring.count(0), 0U);
        for (std::size_t head = 0; head < 2; ++head) {
            double total = 0;
            std::vector<double> sum(3);
            for (std::size_t past = t + 1 - held; past <= t; ++past) {
                double score = 0;
                for (std::size_t i = 0; i < 3; ++i) {
                    score += static_cast<double>(query[head * 3 + i]) *
                             static_cast<double>(entry(past, head * 3 + i, 0));
                }
                const double weight = std::exp(score / std::sqrt(3.0));
                total += weight;
                for (std::size_t i = 0; i < 3; ++i) {
                    sum[i] += weight * static_cast<double>(entry(past, head * 3 + i, 1));
                }
            }
            for (std::size_t i = 0; i < 3; ++i) {
                ASSERT_NEAR(static_cast<double>(got[head * 3 + i]), sum[i] / total, 1e-6);
            }
        }
    }
}

TEST(KeyValueRing, DigestsWhatItHoldsAndNothingElse) {
    const AttentionShape shape{.slots = 1, .window = 3, .memory = 2, .heads = 1};
    KeyValueRing long_run(shape);
    KeyValueRing loaded(shape);
    const std::vector<float> one = {1, 2};
    const std::vector<float> two = {3, 4};
    const std::uint64_t empty = long_run.digest(0);
    for (int i = 0; i < 5; ++i) {
        long_run.push(0, one, two);
    }
    const std::uint64_t before = long_run.digest(0);
    EXPECT_NE(before, empty);
    BlobWriter blob;
    long_run.save(blob);
    BlobReader reader(blob.bytes());
    loaded.load(reader);
    ASSERT_FALSE(reader.failed());
    EXPECT_EQ(loaded.digest(0), before);
    loaded.push(0, two, one);
    EXPECT_NE(loaded.digest(0), before);
    loaded.forget(0);
    EXPECT_EQ(loaded.digest(0), empty);
    EXPECT_NE(long_run.digest(1), before);
}

TEST(KeyValueRing, RefusesToLoadPartOfACheckpoint) {
    KeyValueRing ring({.slots = 1, .window = 3, .memory = 2, .heads = 1});
    ring.push(0, std::vector<float>{1, 2}, std::vector<float>{3, 4});
    BlobWriter blob;
    ring.save(blob);
    for (std::size_t size = 0; size < blob.bytes().size(); ++size) {
        BlobReader reader(blob.bytes().first(size));
        KeyValueRing other({.slots = 1, .window = 3, .memory = 2, .heads = 1});
        other.load(reader);
        EXPECT_TRUE(reader.failed()) << size;
    }
}

TEST(LastRows, KeepTheNewestOldestFirst) {
    LastRows rows(2, 3, 2);
    for (int i = 0; i < 5; ++i) {
        const auto x = static_cast<float>(i);
        rows.push(1, std::vector<float>{x, -x});
        EXPECT_EQ(rows.count(1), static_cast<std::size_t>(std::min(i + 1, 3)));
    }
    EXPECT_EQ(rows.count(0), 0U);
    EXPECT_TRUE(std::ranges::equal(rows.rows(1), std::vector<float>{2, -2, 3, -3, 4, -4}));
    LastRows same(2, 3, 2);
    for (int i = 2; i < 5; ++i) {
        const auto x = static_cast<float>(i);
        same.push(1, std::vector<float>{x, -x});
    }
    EXPECT_EQ(rows.digest(7), same.digest(7));
    rows.forget(1);
    EXPECT_EQ(rows.digest(7), LastRows(2, 3, 2).digest(7));
}

}  // namespace
}  // namespace paperd::strategy
