// No look-ahead in the five feature sets: at every tenth bar, poisoning all that follows leaves
// every row up to it as it was, to the bit.
#include <optional>

#include <gtest/gtest.h>

#include "strategy/features/feature_set.h"
#include "strategy/features/table.h"
#include "strategy/features/targets.h"
#include "tests/strategy/golden.h"
#include "tests/support/poison.h"

namespace paperd::strategy {
namespace {

using golden::Bars;
using golden::same_bits;
using support::name_of;
using support::Poison;

const std::vector<std::string> kStreams = feature_set_names();

const Bars& first() {
    static const Bars kBars = golden::synthetic("SYNTH_A");
    return kBars;
}

const Bars& second() {
    static const Bars kBars = golden::synthetic("SYNTH_B");
    return kBars;
}

// Everything after `last` poisoned.
Bars poisoned_after(const Bars& clean, std::size_t last, Poison poison) {
    Bars bars = clean;
    for (std::size_t t = last + 1; t < bars.bars.size(); ++t) {
        bars.bars[t] = support::poisoned(bars.bars[t], poison);
    }
    return bars;
}

// Column `ahead` tells of later bars by definition (a target, a label): it is compared only up to
// so many rows before the last clean one.
struct Ahead {
    std::size_t column;
    std::size_t rows;
};

// Rows up to bar `last` are equal to the bit; what follows is not all the same.
void expect_same_until(const FeatureTable& clean, const FeatureTable& dirty, std::size_t last,
                       std::optional<Ahead> ahead) {
    ASSERT_EQ(clean.bars, dirty.bars);
    bool differs_later = false;
    for (std::size_t r = 0; r < clean.bars.size(); ++r) {
        if (clean.bars[r] > last) {
            differs_later = differs_later || !same_bits(clean.row(r), dirty.row(r));
            continue;
        }
        for (std::size_t c = 0; c < clean.columns.size(); ++c) {
            if (ahead && ahead->column == c && clean.bars[r] + ahead->rows > last) {
                continue;
            }
            ASSERT_TRUE(same_bits(clean.row(r).subspan(c, 1), dirty.row(r).subspan(c, 1)))
                << clean.columns[c] << " of bar " << clean.bars[r] << " knew of bar " << last + 1;
        }
    }
    EXPECT_TRUE(differs_later) << "the poison does not show at all";
}

// The adjusted prices of a whole series, of which a stream sees one window after another.
struct Arrays {
    explicit Arrays(const Bars& bars) {
        for (const Bar& bar : bars.bars) {
            const double f = bar.factor();
            open.push_back(bar.open.to_double() * f);
            high.push_back(bar.high.to_double() * f);
            low.push_back(bar.low.to_double() * f);
            close.push_back(bar.close.to_double() * f);
            volume.push_back(bar.volume);
            factor.push_back(f);
        }
    }

    void poison_after(std::size_t last) {
        for (auto* series : {&open, &high, &low, &close, &volume, &factor}) {
            std::fill(series->begin() + static_cast<std::ptrdiff_t>(last) + 1, series->end(),
                      std::numeric_limits<double>::quiet_NaN());
        }
    }

    [[nodiscard]] BarWindow window(std::size_t t) const {
        const std::size_t lookback = MarketDataSettings{}.lookback_bars;
        const std::size_t begin = t + 1 > lookback ? t + 1 - lookback : 0;
        const auto part = [&](const std::vector<double>& series) {
            return std::span<const double>(series).subspan(begin, t + 1 - begin);
        };
        return {.open = part(open),
                .high = part(high),
                .low = part(low),
                .close = part(close),
                .volume = part(volume),
                .factor = part(factor)};
    }

    std::vector<double> open, high, low, close, volume, factor;
};

std::vector<double> row_at(FeatureSet& set, const Arrays& own, const Arrays& partner,
                           std::size_t t) {
    std::vector<double> row(set.columns().size());
    const BarWindow other = partner.window(t);
    set.next(own.window(t), &other, row);
    return row;
}

TEST(FeatureLookAhead, TablesOfPoisonedSeriesAgreeUpToThePoison) {
    const BarSeries partner = second().series();
    for (const std::string& set : kStreams) {
        SCOPED_TRACE(set);
        const bool paired = std::string_view(set) == "financial";
        const auto table_of = [&](const Bars& bars, const BarSeries& other) {
            auto table = feature_table(set, bars.series(), paired ? &other : nullptr, {}, {});
            EXPECT_FALSE(table.has_error());
            return std::move(*table);
        };
        const FeatureTable clean = table_of(first(), partner);
        std::optional<Ahead> target;
        if (target_of(set) != nullptr) {
            target = Ahead{.column = clean.columns.size() - 1, .rows = 1};
        }
        for (const Poison poison : {Poison::times_ten, Poison::another_factor}) {
            SCOPED_TRACE(name_of(poison));
            for (std::size_t last = 0; last + 1 < first().bars.size(); last += 10) {
                const Bars bars = poisoned_after(first(), last, poison);
                const Bars other = poisoned_after(second(), last, poison);
                expect_same_until(clean, table_of(bars, other.series()), last, target);
                ASSERT_FALSE(testing::Test::HasFailure());
            }
        }
    }
}

TEST(FeatureLookAhead, PairsOfPoisonedSeriesAgreeUpToThePoison) {
    const PairSettings settings{.train_until = first().days[699]};
    const auto clean = pairs_table(first().series(), second().series(), settings);
    ASSERT_FALSE(clean.has_error());
    const Ahead label{.column = kPairsColumns.size() - 1,
                      .rows = static_cast<std::size_t>(settings.window)};
    for (const Poison poison : {Poison::times_ten, Poison::another_factor}) {
        SCOPED_TRACE(name_of(poison));
        // Before the training part's end every row after it may change: z-scores come from there.
        for (std::size_t last = 699; last + 1 < first().bars.size(); last += 10) {
            const Bars bars = poisoned_after(first(), last, poison);
            const Bars other = poisoned_after(second(), last, Poison::times_ten);
            const auto dirty = pairs_table(bars.series(), other.series(), settings);
            ASSERT_FALSE(dirty.has_error());
            expect_same_until(*clean, *dirty, last, label);
            ASSERT_FALSE(testing::Test::HasFailure());
        }
    }
}

// The streams' windows lie in one array with all later rows: a read past the window's end, by a
// single row, would bring a NaN. (Bars cannot carry one: prices are integers, and a volume that is
// no number never gets past the engine.)
TEST(FeatureLookAhead, LaterRowsThatAreNoNumbersAreNotRead) {
    const Arrays own(first());
    const Arrays partner(second());
    for (const std::string& set : kStreams) {
        SCOPED_TRACE(set);
        const bool paired = std::string_view(set) == "financial";
        auto clean = *make_feature_set(set, {}, paired);
        std::size_t defined = 0;
        for (std::size_t t = 0; t + 1 < own.close.size(); ++t) {
            BlobWriter before;
            clean->save(before);
            const auto expected = row_at(*clean, own, partner, t);
            if (t % 10 != 0) {
                continue;
            }
            Arrays poisoned = own;
            Arrays other = partner;
            poisoned.poison_after(t);
            other.poison_after(t);
            auto dirty = *make_feature_set(set, {}, paired);
            BlobReader in(before.bytes());
            dirty->load(in);
            ASSERT_FALSE(in.failed());
            ASSERT_TRUE(same_bits(row_at(*dirty, poisoned, other, t), expected)) << "bar " << t;
            defined += static_cast<std::size_t>(
                std::ranges::none_of(expected, [](double x) { return std::isnan(x); }));
        }
        EXPECT_GT(defined, 100U);
    }
}

}  // namespace
}  // namespace paperd::strategy
