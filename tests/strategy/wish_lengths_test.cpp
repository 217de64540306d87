#include "strategy/wish_lengths.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <tuple>

#include <gtest/gtest.h>

namespace paperd::strategy {
namespace {

std::vector<Signal> signals(const std::vector<double>& weights) {
    std::vector<Signal> out;
    for (const double weight : weights) {
        out.push_back({.weight = weight});
    }
    return out;
}

// Periods of four slices:
//   A  +  +  0  0     a wish of 2 bars, ended in the period's slice 3
//   B  -  ?  -  +     a wish of 2 bars (the bar without an opinion is skipped), ended in slice 4 by
//                     a wish of 1 bar, which the next period's slice 1 ends
// After slice 4 of period 7 there are 7 + 7 + 6 = 20 finished wishes of 7 x 2 + 7 x 2 + 6 x 1 = 34
// bars: 34 / 20 = 1.7. A slice before there are 19: one bar.
TEST(WishLengths, AreRunsOfOneSignAndUnknownUntilThereAreTwenty) {
    const double period[4][2] = {{0.5, -0.1}, {0.25, NAN}, {0, -0.3}, {0, 0.1}};
    WishLengths wishes(2);
    for (int t = 0; t < 28; ++t) {
        EXPECT_EQ(wishes.expected_bars(), 1) << "before slice " << t + 1;
        const double* const weights = period[t % 4];
        wishes.take(signals({weights[0], weights[1]}));
    }
    EXPECT_EQ(wishes.expected_bars(), 1.7);
    // Slice 1 of period 8 ends a wish of one bar: 35 / 21.
    wishes.take(signals({0.5, -0.1}));
    EXPECT_EQ(wishes.expected_bars(), 35.0 / 21);
    // Nothing of these ends one: both go on, or say nothing.
    wishes.take(signals({0.1, NAN}));
    wishes.take(signals({NAN, -1e-300}));
    EXPECT_EQ(wishes.expected_bars(), 35.0 / 21);
    // -0 is 0: the wish of B, of bars 1 and 3 above, is over: 37 / 22.
    wishes.take(signals({0.1, -0.0}));
    EXPECT_EQ(wishes.expected_bars(), 37.0 / 22);
}

// By the definition: every wish with its end, sorted, the last 252.
class Naive {
public:
    explicit Naive(std::size_t symbols) : weights_(symbols) {}

    void take(const std::vector<double>& weights) {
        for (std::size_t i = 0; i < weights.size(); ++i) {
            weights_[i].push_back(weights[i]);
        }
    }

    [[nodiscard]] double expected_bars() const {
        std::vector<std::tuple<std::size_t, std::size_t, int>> ended;
        for (std::size_t i = 0; i < weights_.size(); ++i) {
            int sign = 0;
            int bars = 0;
            for (std::size_t t = 0; t < weights_[i].size(); ++t) {
                const double weight = weights_[i][t];
                if (std::isnan(weight)) {
                    continue;
                }
                const int now = (weight > 0 ? 1 : 0) - (weight < 0 ? 1 : 0);
                if (now != sign && sign != 0) {
                    ended.emplace_back(t, i, bars);
                }
                bars = now == sign ? bars + 1 : 1;
                sign = now;
            }
        }
        std::ranges::sort(ended);
        const std::size_t count = std::min<std::size_t>(ended.size(), 252);
        int sum = 0;
        for (std::size_t w = ended.size() - count; w < ended.size(); ++w) {
            sum += std::get<2>(ended[w]);
        }
        return count < 20 ? 1 : static_cast<double>(sum) / static_cast<double>(count);
    }

private:
    std::vector<std::vector<double>> weights_;
};

TEST(WishLengths, AreThoseOfTheDefinitionAlsoAfterACheckpoint) {
    for (unsigned seed = 1; seed <= 8; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937 random(seed);
        const std::size_t symbols = 1 + random() % 5;
        const std::size_t change = 2 + random() % 7;
        std::vector<double> weights(symbols);
        WishLengths wishes(symbols);
        Naive naive(symbols);
        for (int t = 0; t < 600; ++t) {
            std::vector<double> said = weights;
            for (std::size_t i = 0; i < symbols; ++i) {
                if (random() % change == 0) {
                    weights[i] = static_cast<double>(random() % 3) - 1;
                }
                said[i] = random() % 6 == 0 ? NAN : weights[i];
            }
            wishes.take(signals(said));
            naive.take(said);
            if (t % 37 == 0) {
                BlobWriter out;
                wishes.save(out);
                wishes = WishLengths(symbols);
                BlobReader in(out.bytes());
                wishes.load(in);
                ASSERT_FALSE(in.failed());
                ASSERT_TRUE(in.at_end());
            }
            if (t % 20 == 0) {
                ASSERT_EQ(wishes.expected_bars(), naive.expected_bars()) << t;
            }
        }
        ASSERT_EQ(wishes.expected_bars(), naive.expected_bars());
        ASSERT_GT(wishes.expected_bars(), 1);
    }
}

TEST(WishLengths, RefuseAnotherUniversesCheckpoint) {
    BlobWriter out;
    WishLengths(2).save(out);
    WishLengths three(3);
    BlobReader in(out.bytes());
    three.load(in);
    EXPECT_TRUE(in.failed());
}

}  // namespace
}  // namespace paperd::strategy
