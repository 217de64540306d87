#include "strategy/features/pairs.h"

#include "tests/strategy/golden.h"
#include "tests/strategy/golden_json.h"

namespace paperd::strategy {
namespace {

using golden::Bars;

void expect_goldens(const Bars& first, const Bars& second, const std::string& folder) {
    const auto facts = golden::read_json(folder + "/features_pairs.json");
    const PairSettings settings{
        .train_until = *parse_day(std::string(facts.at("train_until").as_string())),
        .window = facts.at("window").to_number<int>(),
        .threshold = facts.at("threshold").to_number<double>()};
    const auto table = pairs_table(first.series(), second.series(), settings);
    ASSERT_FALSE(table.has_error()) << table.error().text;
    const auto expected = golden::read_table(folder + "/features_pairs.csv");
    EXPECT_EQ(table->columns, expected.columns);
    golden::expect_equal(*table, first.dates, expected);
}

TEST(Pairs, EqualsTheReferenceOnSyntheticBars) {
    expect_goldens(golden::synthetic("SYNTH_A"), golden::synthetic("SYNTH_B"),
                   support::golden_path("synthetic"));
}

TEST(Pairs, EqualsTheReferenceOnRealBars) {
    PAPERD_NEEDS_SHARED(first, "data/daily/AAPL.csv");
    PAPERD_NEEDS_SHARED(second, "data/daily/SPY.csv");
    PAPERD_NEEDS_SHARED(folder, "golden/AAPL");
    expect_goldens(golden::read_bars(first, "2015-01-01", "2024-12-31"),
                   golden::read_bars(second, "2015-01-01", "2024-12-31"), folder);
}

TEST(Pairs, UsesTheCommonBarsOnly) {
    const Bars first = golden::synthetic("SYNTH_A");
    Bars second = golden::synthetic("SYNTH_B");
    const PairSettings settings{.train_until = first.days[700]};
    second.bars.erase(second.bars.begin() + 800);
    second.days.erase(second.days.begin() + 800);
    const auto table = pairs_table(first.series(), second.series(), settings);
    ASSERT_FALSE(table.has_error());
    EXPECT_EQ(table->bars.size(), first.bars.size() - 701 - 1);
    EXPECT_TRUE(std::ranges::find(table->bars, 800U) == table->bars.end());
}

TEST(Pairs, SaysWhatIsMissing) {
    const std::vector<double> close = {1, 2, 3};
    EXPECT_TRUE(pairs_features(close, close, 1, {}).has_error());
    const auto none_after = pairs_features(close, close, 3, {});
    ASSERT_TRUE(none_after.has_error());
    EXPECT_NE(none_after.error().text.find("--train-until"), std::string::npos);
    EXPECT_TRUE(pairs_features(close, close, 2, {.window = 1}).has_error());
}

TEST(Pairs, LabelsLookAheadByTheWindowAndNoFurther) {
    // The spread leaves its mean at row 4 and comes back at row 7.
    const std::vector<double> flat = {1, 2, 1, 2, 1, 2, 1, 2, 1, 2};
    std::vector<double> moved = {1.1, 2, 1, 2.1, 5, 6, 5, 2, 5, 6};
    const PairSettings settings{.window = 2, .threshold = 1.0};
    const auto values = pairs_features(moved, flat, 4, settings);
    ASSERT_FALSE(values.has_error());
    const std::size_t width = kPairsColumns.size();
    const auto label = [&](std::size_t row) { return (*values)[(row - 4) * width + width - 1]; };
    EXPECT_EQ(label(4), 0);  // rows 5 and 6 are far
    EXPECT_EQ(label(5), 1);  // row 7 is near
    EXPECT_EQ(label(6), 1);
    EXPECT_EQ(label(7), 0);
    EXPECT_TRUE(std::isnan(label(8)));  // only one row follows
    EXPECT_TRUE(std::isnan(label(9)));
}

}  // namespace
}  // namespace paperd::strategy
