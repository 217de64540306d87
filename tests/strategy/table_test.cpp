#include "strategy/features/table.h"

#include <clocale>
#include <sstream>

#include "tests/strategy/golden.h"
#include "tests/strategy/random_bars.h"
#include "tests/support/locale.h"

namespace paperd::strategy {
namespace {

struct Series {
    std::vector<Bar> bars;
    std::vector<Day> days;

    [[nodiscard]] BarSeries view() const { return {.bars = bars, .days = days}; }
};

Series series_of(std::vector<Bar> bars) {
    Series series{.bars = std::move(bars), .days = {}};
    for (const Bar& bar : series.bars) {
        series.days.push_back(
            Day{std::chrono::floor<std::chrono::days>(bar.closed_at).time_since_epoch()});
    }
    return series;
}

TEST(FeatureTable, WritesTheGoldensText) {
    // Every digit of a golden made from the same file: cells that need no arithmetic agree to the
    // bit, the rest is compared as numbers elsewhere.
    const golden::Bars bars = golden::synthetic("SYNTH_A");
    const auto table = feature_table("attention", bars.series(), nullptr, {}, {});
    ASSERT_FALSE(table.has_error());
    const std::string text = table_csv(*table, "date", bars.dates);
    std::ifstream file(support::golden_path("synthetic/features_attention.csv"));
    std::istringstream lines(text);
    std::string expected;
    std::string line;
    std::getline(file, expected);
    std::getline(lines, line);
    EXPECT_EQ(line, expected);
    int rows = 0;
    while (std::getline(file, expected)) {
        ASSERT_TRUE(std::getline(lines, line));
        const auto want = support::fields_of(expected);
        const auto got = support::fields_of(line);
        ASSERT_EQ(got.size(), want.size());
        for (std::size_t i = 0; i < want.size(); ++i) {
            ASSERT_EQ(got[i].empty(), want[i].empty()) << line;
        }
        EXPECT_EQ(got[0], want[0]);
        EXPECT_EQ(got[4], want[4]);    // momentum_10
        EXPECT_EQ(got[10], want[10]);  // vol_ok: "0" and "1"
        ++rows;
    }
    EXPECT_EQ(rows, 1400);
    EXPECT_FALSE(std::getline(lines, line));
}

TEST(FeatureTable, NumbersHaveSeventeenDigitsAndAPointInEveryLocale) {
    PAPERD_NEEDS_COMMA_LOCALE();
    const FeatureTable table{.columns = {"a", "b", "c"},
                             .bars = {1},
                             .values = {0.1, std::numeric_limits<double>::quiet_NaN(), -1.5e-7}};
    const std::vector<std::string> times = {"2019-12-23T14:30:00Z", "2019-12-23T14:31:00Z"};
    const char* before = std::setlocale(LC_ALL, nullptr);
    const std::string saved = before;
    ASSERT_NE(std::setlocale(LC_ALL, support::kCommaLocale), nullptr);
    EXPECT_EQ(
        table_csv(table, "timestamp", times),
        "timestamp,a,b,c\n2019-12-23T14:31:00Z,0.10000000000000001,,-1.4999999999999999e-07\n");
    std::setlocale(LC_ALL, saved.c_str());
}

TEST(FeatureTable, NothingIsComputedAcrossACut) {
    auto bars = random_bars(11, 200);
    for (std::size_t i = 120; i < bars.size(); ++i) {  // a split nobody adjusted
        for (Price Bar::* price :
             {&Bar::open, &Bar::high, &Bar::low, &Bar::close, &Bar::adj_close}) {
            bars[i].*price = Price::nearest((bars[i].*price).to_double() / 2);
        }
    }
    const Series whole = series_of(bars);
    const Series after = series_of({bars.begin() + 120, bars.end()});
    const MarketDataSettings joined{.cut_at_joins = true};
    for (const std::string& set : feature_set_names()) {
        SCOPED_TRACE(set);
        const auto table = feature_table(set, whole.view(), nullptr, {}, joined);
        const auto alone = feature_table(set, after.view(), nullptr, {}, joined);
        ASSERT_FALSE(table.has_error());
        ASSERT_FALSE(alone.has_error());
        for (std::size_t r = 0; r < alone->bars.size(); ++r) {
            ASSERT_TRUE(golden::same_bits(table->row(120 + r), alone->row(r))) << r;
        }
        if (table->columns.back() == "target") {
            EXPECT_TRUE(std::isnan(table->row(119).back()));
            EXPECT_FALSE(std::isnan(table->row(118).back()));
        }
    }
}

TEST(FeatureTable, SyntheticBarsGiveNoRow) {
    auto bars = random_bars(12, 30);
    const Series clean = series_of({bars.begin(), bars.end() - 1});
    Bar made_up = bars[9];
    made_up.synthetic = true;
    bars.pop_back();
    bars.insert(bars.begin() + 10, made_up);
    const Series holed = series_of(bars);
    const auto a = feature_table("attention", clean.view(), nullptr, {}, {});
    const auto b = feature_table("attention", holed.view(), nullptr, {}, {});
    ASSERT_EQ(b->bars.size(), 29U);
    EXPECT_EQ(b->bars[9], 9U);
    EXPECT_EQ(b->bars[10], 11U);
    EXPECT_TRUE(golden::same_bits(a->values, b->values));
}

TEST(FeatureTable, APartnerLeavesTheCommonBars) {
    const Series first = series_of(random_bars(13, 60));
    Series second = series_of(random_bars(14, 60));
    second.bars.erase(second.bars.begin() + 20);
    second.days.erase(second.days.begin() + 20);
    const BarSeries partner = second.view();
    const auto table = feature_table("financial", first.view(), &partner, {}, {});
    ASSERT_FALSE(table.has_error());
    EXPECT_EQ(table->bars.size(), 59U);
    EXPECT_EQ(table->bars[20], 21U);
}

TEST(FeatureTable, SaysWhatIsWrong) {
    const Series first = series_of(random_bars(15, 10));
    const Series none;
    const BarSeries partner = first.view();
    const BarSeries empty = none.view();
    EXPECT_NE(feature_table("magic", first.view(), nullptr, {}, {}).error().text.find("'magic'"),
              std::string::npos);
    EXPECT_NE(
        feature_table("attention", first.view(), &partner, {}, {}).error().text.find("no partner"),
        std::string::npos);
    EXPECT_NE(
        feature_table("financial", first.view(), &empty, {}, {}).error().text.find("in common"),
        std::string::npos);
}

}  // namespace
}  // namespace paperd::strategy
