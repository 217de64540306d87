#include "strategy/training/dataset.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/strategy/golden.h"

namespace paperd::strategy {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const std::vector<std::string> kColumns = {"volatility_10", "volatility_30", "momentum_10",
                                           "momentum_30", "volume_z"};

std::vector<Slice> daily_slices(const golden::Bars& bars) {
    std::vector<Slice> slices;
    for (std::size_t i = 0; i < bars.bars.size(); ++i) {
        Slice slice;
        slice.closed_at = bars.bars[i].closed_at;
        slice.day = bars.days[i];
        slice.bars = {bars.bars[i]};
        slices.push_back(std::move(slice));
    }
    return slices;
}

Calendar calendar(CalendarKind kind) { return *Calendar::make(kind); }

DatasetSettings daily_settings() {
    DatasetSettings settings;
    settings.columns = kColumns;
    return settings;
}

// One-minute bars of a 24-hour venue: prices wander, `per_day` from midnight on each day.
std::vector<Slice> minute_slices(const std::vector<int>& days, int per_day) {
    std::vector<Slice> slices;
    int n = 0;
    for (const int day : days) {
        for (int m = 0; m < per_day; ++m, ++n) {
            Slice slice;
            slice.day = day_from_number(day);
            slice.closed_at = Timestamp{hours(24 * day) + minutes(m + 1)};
            const double close = 100 + 5 * std::sin(n * 0.7) + 3 * std::sin(n * 0.11);
            const Price price = *Price::parse(std::to_string(close));
            slice.bars = {Bar{.symbol = symbol_id(0),
                              .closed_at = slice.closed_at,
                              .open = price,
                              .high = price,
                              .low = price,
                              .close = price,
                              .adj_close = price,
                              .volume = 1000 + 100 * std::cos(n * 0.3)}};
            slices.push_back(std::move(slice));
        }
    }
    return slices;
}

std::size_t unknown_targets(const TrainingSeries& series) {
    return static_cast<std::size_t>(
        std::ranges::count_if(series.target, [](double t) { return std::isnan(t); }));
}

TEST(Dataset, HasTheReferencesRowsAndTargets) {
    const auto bars = golden::synthetic("SYNTH_A");
    const auto dataset = make_dataset({"SYNTH_A"}, daily_slices(bars), daily_settings(),
                                      calendar(CalendarKind::new_york));
    ASSERT_FALSE(dataset.has_error()) << dataset.error().text;
    const auto want = golden::read_table(support::golden_path("synthetic/features_attention.csv"));
    ASSERT_EQ(dataset->series.size(), 1U);
    const TrainingSeries& series = dataset->series[0];
    EXPECT_EQ(series.symbol, "SYNTH_A");
    std::size_t at = 0;
    for (std::size_t r = 0; r < want.rows.size(); ++r) {
        const auto& row = want.rows[r];
        const bool last = r + 1 == want.rows.size();
        if (std::any_of(row.begin(), row.end() - 1, [](double v) { return std::isnan(v); })) {
            continue;
        }
        ASSERT_LT(at, series.target.size());
        EXPECT_EQ(day_text(day_from_number(series.day[at])), want.times[r]);
        EXPECT_EQ(series.end_ns[at], to_ns(bars.bars[r].closed_at));
        EXPECT_EQ(std::isnan(series.target[at]), last);
        if (!last) {
            EXPECT_NEAR(series.target[at], row.back(), 1e-12);
        }
        EXPECT_NEAR(series.rows[at * 5], row[1], 1e-9);      // volatility_10
        EXPECT_NEAR(series.rows[at * 5 + 4], row[5], 1e-9);  // volume_z
        ++at;
    }
    EXPECT_EQ(at, series.target.size());
    EXPECT_EQ(series.segment.front(), series.segment.back());
}

TEST(Dataset, CrossesNoMissingSessionAndListsTheDaysThereAre) {
    auto bars = golden::synthetic("SYNTH_A");
    const std::size_t gone = 300;
    const Day missing = bars.days[gone];
    bars.bars.erase(bars.bars.begin() + gone);
    bars.days.erase(bars.days.begin() + gone);
    const auto dataset = make_dataset({"SYNTH_A"}, daily_slices(bars), daily_settings(),
                                      calendar(CalendarKind::new_york));
    ASSERT_FALSE(dataset.has_error());
    const TrainingSeries& series = dataset->series[0];
    EXPECT_EQ(series.segment.back(), series.segment.front() + 1);
    EXPECT_EQ(unknown_targets(series), 2U);
    for (std::size_t i = 0; i < series.target.size(); ++i) {
        const bool before = day_from_number(series.day[i]) < missing;
        EXPECT_EQ(series.segment[i] == series.segment.front(), before);
        const bool ends =
            i + 1 == series.target.size() || series.segment[i] != series.segment[i + 1];
        EXPECT_EQ(std::isnan(series.target[i]), ends);
    }
    ASSERT_EQ(dataset->trained_days.size(), 2U);
    EXPECT_EQ(dataset->trained_days[0],
              (DayRange{.first = bars.days.front(), .last = bars.days[gone - 1]}));
    EXPECT_EQ(dataset->trained_days[1],
              (DayRange{.first = bars.days[gone], .last = bars.days.back()}));
}

TEST(Dataset, TakesASyntheticBarForAMissingOne) {
    const auto bars = golden::synthetic("SYNTH_A");
    auto marked = daily_slices(bars);
    auto absent = marked;
    marked[300].bars[0].synthetic = true;
    absent[300].bars.clear();
    const Calendar venue = calendar(CalendarKind::new_york);
    const auto a = make_dataset({"SYNTH_A"}, marked, daily_settings(), venue);
    const auto b = make_dataset({"SYNTH_A"}, absent, daily_settings(), venue);
    const auto whole = make_dataset({"SYNTH_A"}, daily_slices(bars), daily_settings(), venue);
    ASSERT_FALSE(a.has_error() || b.has_error() || whole.has_error());
    EXPECT_EQ(a->data_sha256, b->data_sha256);
    EXPECT_EQ(a->trained_days, b->trained_days);
    EXPECT_NE(a->data_sha256, whole->data_sha256);
    EXPECT_EQ(whole->data_sha256.size(), 64U);
}

TEST(Dataset, KeepsIntradayTargetsInsideTheSession) {
    DatasetSettings settings = daily_settings();
    settings.intraday = true;
    const auto dataset = make_dataset({"X"}, minute_slices({18'000, 18'001, 18'003}, 120), settings,
                                      calendar(CalendarKind::always_open));
    ASSERT_FALSE(dataset.has_error()) << dataset.error().text;
    const TrainingSeries& series = dataset->series[0];
    EXPECT_EQ(unknown_targets(series), 3U);
    for (std::size_t i = 0; i < series.target.size(); ++i) {
        const bool last_of_day =
            i + 1 == series.target.size() || series.day[i] != series.day[i + 1];
        EXPECT_EQ(std::isnan(series.target[i]), last_of_day);
        // Windows may go on into the next session, not over a missing one.
        EXPECT_EQ(series.segment[i] == series.segment.front(), series.day[i] <= 18'001);
    }
}

TEST(Dataset, BeginsAnewAtAJoin) {
    DatasetSettings settings = daily_settings();
    settings.intraday = true;
    settings.market.cut_at_joins = true;
    auto slices = minute_slices({18'000}, 400);
    for (std::size_t i = 200; i < slices.size(); ++i) {
        Bar& bar = slices[i].bars[0];
        bar.open = bar.high = bar.low = bar.close = bar.adj_close =
            *Price::parse(std::to_string(bar.close.to_double() * 2));
    }
    const auto dataset = make_dataset({"X"}, slices, settings, calendar(CalendarKind::always_open));
    ASSERT_FALSE(dataset.has_error());
    const TrainingSeries& series = dataset->series[0];
    EXPECT_EQ(unknown_targets(series), 2U);
    EXPECT_EQ(series.segment.back(), series.segment.front() + 1);
    // 80 bars of warm-up before and again after the join.
    EXPECT_EQ(series.target.size(), 2U * (200U - 79U));
    for (const double t : series.target) {
        EXPECT_FALSE(std::abs(t) > 0.2);
    }
}

TEST(Dataset, LeavesOutSymbolsWithoutRows) {
    const auto slices = daily_slices(golden::synthetic("SYNTH_A"));
    const auto dataset = make_dataset({"SYNTH_A", "NONE"}, slices, daily_settings(),
                                      calendar(CalendarKind::new_york));
    ASSERT_FALSE(dataset.has_error());
    ASSERT_EQ(dataset->series.size(), 1U);
    EXPECT_EQ(dataset->series[0].symbol, "SYNTH_A");
    DatasetSettings settings = daily_settings();
    settings.columns = {"unheard_of"};
    EXPECT_TRUE(
        make_dataset({"SYNTH_A"}, slices, settings, calendar(CalendarKind::new_york)).has_error());
}

}  // namespace
}  // namespace paperd::strategy
