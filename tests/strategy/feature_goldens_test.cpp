// The feature streams against the pandas reference.
#include "tests/strategy/golden.h"

namespace paperd::strategy {
namespace {

using golden::Bars;

struct SetFile {
    const char* set;
    const char* file;
};

constexpr SetFile kFiles[] = {{"attention", "features_attention.csv"},
                              {"indicators", "features_indicators.csv"},
                              {"financial", "features_financial.csv"},
                              {"regime_labels", "regime_labels.csv"}};

void expect_goldens(const Bars& bars, const Bars& partner, const std::string& folder) {
    for (const SetFile& entry : kFiles) {
        SCOPED_TRACE(entry.set);
        const auto table = feature_table(entry.set, bars.series(), nullptr, {}, {});
        ASSERT_FALSE(table.has_error()) << table.error().text;
        const auto expected = golden::read_table(folder + "/" + entry.file);
        EXPECT_EQ(table->columns, expected.columns);
        golden::expect_equal(*table, bars.dates, expected);
    }
    const BarSeries other = partner.series();
    const auto table = feature_table("financial", bars.series(), &other, {}, {});
    ASSERT_FALSE(table.has_error()) << table.error().text;
    golden::expect_equal(*table, bars.dates,
                         golden::read_table(folder + "/features_market_corr.csv"));
}

TEST(FeatureGoldens, EveryStreamEqualsTheReferenceOnSyntheticBars) {
    expect_goldens(golden::synthetic("SYNTH_A"), golden::synthetic("SYNTH_B"),
                   support::golden_path("synthetic"));
}

TEST(FeatureGoldens, EveryStreamEqualsTheReferenceOnRealBars) {
    PAPERD_NEEDS_SHARED(bars, "data/daily/AAPL.csv");
    PAPERD_NEEDS_SHARED(partner, "data/daily/SPY.csv");
    PAPERD_NEEDS_SHARED(folder, "golden/AAPL");
    expect_goldens(golden::read_bars(bars, "2015-01-01", "2024-12-31"),
                   golden::read_bars(partner, "2015-01-01", "2024-12-31"), folder);
}

TEST(FeatureGoldens, MarketCorrStandsAtItsPlaceAmongTheFinancialColumns) {
    const Bars bars = golden::synthetic("SYNTH_A");
    const BarSeries series = bars.series();
    const auto table = feature_table("financial", series, &series, {}, {});
    ASSERT_FALSE(table.has_error());
    const auto place = std::ranges::find(table->columns, "market_corr");
    ASSERT_NE(place, table->columns.end());
    EXPECT_EQ(*(place - 1), "composite_regime");
    EXPECT_EQ(*(place + 1), "vol_ret_corr_20d");
    // A series correlates perfectly with itself.
    const auto at = static_cast<std::size_t>(place - table->columns.begin());
    EXPECT_NEAR(table->row(100)[at], 1.0, 1e-12);
}

TEST(FeatureGoldens, AllColumnsAreDefinedAfterTheStatedWarmUpAndNotBefore) {
    const Bars bars = golden::synthetic("SYNTH_A");
    for (const SetFile& entry : kFiles) {
        SCOPED_TRACE(entry.set);
        const auto table = feature_table(entry.set, bars.series(), nullptr, {}, {});
        ASSERT_FALSE(table.has_error());
        const std::size_t columns = feature_columns(entry.set).size();
        const auto defined = [&](std::size_t bars_seen) {
            return std::ranges::none_of(table->row(bars_seen - 1).first(columns),
                                        [](double v) { return std::isnan(v); });
        };
        const std::size_t needed = feature_warmup_bars(entry.set);
        EXPECT_TRUE(defined(needed));
        EXPECT_FALSE(defined(needed - 1));
    }
}

}  // namespace
}  // namespace paperd::strategy
