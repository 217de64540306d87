#include "strategy/rings.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace paperd::strategy {
namespace {

constexpr unsigned kSeed = 7;

TEST(MirroredRing, ShowsTheLastValuesOldestFirst) {
    for (const std::size_t capacity : {1U, 2U, 3U, 7U, 252U}) {
        MirroredRing ring(capacity);
        std::deque<double> expected;
        for (int i = 0; i < 1000; ++i) {
            ring.push(i);
            expected.push_back(i);
            if (expected.size() > capacity) {
                expected.pop_front();
            }
            ASSERT_TRUE(std::ranges::equal(ring.values(), expected));
            ASSERT_EQ(ring.full(), expected.size() == capacity);
            ASSERT_EQ(ring.last(1).front(), i);
        }
    }
}

TEST(MirroredRing, RefusesMoreValuesThanFit) {
    MirroredRing large(5);
    for (int i = 0; i < 5; ++i) {
        large.push(i);
    }
    BlobWriter out;
    large.save(out);
    BlobReader in(out.bytes());
    MirroredRing small(4);
    small.load(in);
    EXPECT_TRUE(in.failed());
}

TEST(SortedRing, QuantilesAreThoseOfTheLastValues) {
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    std::uniform_int_distribution<int> few(0, 20);  // with many ties
    for (const std::size_t capacity : {1U, 2U, 5U, 60U}) {
        SortedRing ring(capacity);
        std::deque<double> held;
        for (int i = 0; i < 2000; ++i) {
            const double value = few(random) * 0.1;
            ring.push(value);
            held.push_back(value);
            if (held.size() > capacity) {
                held.pop_front();
            }
            std::vector<double> sorted(held.begin(), held.end());
            std::ranges::sort(sorted);
            ASSERT_EQ(ring.quantile(0), sorted.front());
            ASSERT_EQ(ring.quantile(1), sorted.back());
            const std::size_t n = sorted.size();
            const double median =
                n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
            ASSERT_EQ(ring.median(), median);
            ASSERT_NEAR(ring.quantile(0.5), median, 1e-15);
        }
    }
}

TEST(SortedRing, InterpolatesLinearly) {
    SortedRing ring(4);
    for (const double value : {4.0, 1.0, 2.0, 3.0}) {
        ring.push(value);
    }
    // numpy.percentile([1, 2, 3, 4], [25, 60, 75, 90])
    EXPECT_DOUBLE_EQ(ring.quantile(0.25), 1.75);
    EXPECT_DOUBLE_EQ(ring.quantile(0.60), 2.8);
    EXPECT_DOUBLE_EQ(ring.quantile(0.75), 3.25);
    EXPECT_DOUBLE_EQ(ring.quantile(0.90), 3.7);
}

TEST(SortedRing, GoesOnFromACheckpoint) {
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    std::normal_distribution<double> normal;
    for (const int before : {0, 3, 60, 99}) {
        SortedRing whole(60);
        for (int i = 0; i < before; ++i) {
            whole.push(normal(random));
        }
        BlobWriter out;
        whole.save(out);
        BlobReader in(out.bytes());
        SortedRing rest(60);
        rest.load(in);
        ASSERT_FALSE(in.failed());
        for (int i = 0; i < 200; ++i) {
            const double value = normal(random);
            whole.push(value);
            rest.push(value);
            ASSERT_EQ(whole.median(), rest.median());
            ASSERT_EQ(whole.quantile(0.75), rest.quantile(0.75));
        }
    }
}

TEST(SortedRing, HasNoOrderForNoNumbers) {
    SortedRing ring(3);
    EXPECT_TRUE(std::isnan(ring.median()));
    EXPECT_TRUE(std::isnan(ring.quantile(0.5)));
    EXPECT_DEATH(ring.push(std::numeric_limits<double>::quiet_NaN()), "NaN");
    BlobWriter out;
    out.put_vector(std::vector<double>{1, std::numeric_limits<double>::quiet_NaN()});
    BlobReader in(out.bytes());
    ring.load(in);
    EXPECT_TRUE(in.failed());
}

}  // namespace
}  // namespace paperd::strategy
