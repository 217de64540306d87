#include "strategy/models/predict.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "strategy/models/feature_rows.h"
#include "tests/strategy/golden.h"

namespace paperd::strategy {
namespace {

std::vector<Slice> daily_slices(const golden::Bars& bars) {
    std::vector<Slice> slices;
    for (std::size_t i = 0; i < bars.bars.size(); ++i) {
        Slice slice;
        slice.id = static_cast<std::int64_t>(i) + 1;
        slice.closed_at = bars.bars[i].closed_at;
        slice.day = bars.days[i];
        slice.last_of_session = true;
        slice.bars = {bars.bars[i]};
        slices.push_back(std::move(slice));
    }
    return slices;
}

std::unique_ptr<Model> model_of(const std::string& path, std::size_t symbols) {
    const auto bytes = read_bundle(path);
    EXPECT_FALSE(bytes.has_error());
    auto model = make_model(*bytes, padded_slots(symbols));
    EXPECT_FALSE(model.has_error());
    return std::move(*model);
}

// A PredictionRow that outlives the call.
struct Row {
    Timestamp closed_at;
    Day day{};
    SymbolId symbol{};
    std::vector<double> values;  // return_1 first
};

std::vector<Row> predictions(std::size_t symbols, const std::vector<Slice>& slices, Model& model) {
    std::vector<Row> rows;
    const auto done = predict(symbols, slices, {}, model, [&rows](const PredictionRow& row) {
        rows.push_back({.closed_at = row.closed_at,
                        .day = row.day,
                        .symbol = row.symbol,
                        .values = {row.values.begin(), row.values.end()}});
    });
    EXPECT_FALSE(done.has_error());
    return rows;
}

// What `predict` must print for the module, in its folder's CSV.
void expect_golden(const std::string& folder, const std::string& name, const golden::Bars& bars) {
    SCOPED_TRACE(name);
    const auto model = model_of(folder + "/" + name + ".ts", 1);
    const auto rows = predictions(1, daily_slices(bars), *model);
    const golden::Table want = golden::read_table(folder + "/" + name + ".csv");
    ASSERT_EQ(rows.size(), want.rows.size());
    const double std = model->facts().target_std;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        ASSERT_EQ(day_text(rows[i].day), want.times[i]);
        const std::vector<double>& values = rows[i].values;
        ASSERT_EQ(values.size() + 1, want.rows[i].size());  // the table begins with the symbol
        ASSERT_NEAR(values[0], want.rows[i][1], 1e-5 * std) << want.times[i];
        for (std::size_t k = 1; k < values.size(); ++k) {
            ASSERT_NEAR(values[k], want.rows[i][k + 1], 1e-5) << want.times[i];
        }
    }
}

TEST(Predict, GivesWhatTheReferenceGivesForModulesOnSyntheticBars) {
    const auto bars = golden::synthetic("SYNTH_A");
    expect_golden(support::golden_path("synthetic"), "module_attention", bars);
    expect_golden(support::golden_path("synthetic"), "module_hybrid", bars);
}

TEST(Predict, GivesWhatTheReferenceGivesForModulesOnRealBars) {
    PAPERD_NEEDS_SHARED(path, "data/daily/AAPL.csv");
    PAPERD_NEEDS_SHARED(folder, "golden/AAPL");
    const auto bars = golden::read_bars(path, "2015-01-01", "2024-12-31");
    expect_golden(folder, "module_attention", bars);
    expect_golden(folder, "module_hybrid", bars);
}

// Two symbols in one batch, one of them with days missing, give what each gives alone.
TEST(Predict, KeepsSymbolsApart) {
    const std::string path = support::golden_path("synthetic/module_hybrid.ts");
    auto first = golden::synthetic("SYNTH_A");
    auto second = golden::synthetic("SYNTH_B");
    std::vector<Slice> both = daily_slices(first);
    std::vector<Slice> alone;
    for (std::size_t i = 0; i < both.size(); ++i) {
        if (i % 7 == 3) {
            continue;
        }
        Slice slice = both[i];
        slice.bars = {second.bars[i]};
        alone.push_back(slice);
        Bar bar = second.bars[i];
        bar.symbol = symbol_id(1);
        both[i].bars.push_back(bar);
    }
    const auto together = predictions(2, both, *model_of(path, 2));
    const auto one = predictions(1, daily_slices(first), *model_of(path, 1));
    const auto two = predictions(1, alone, *model_of(path, 1));
    ASSERT_EQ(together.size(), one.size() + two.size());
    std::size_t at_one = 0;
    std::size_t at_two = 0;
    for (const Row& row : together) {
        const Row& want = index(row.symbol) == 0 ? one.at(at_one++) : two.at(at_two++);
        ASSERT_EQ(row.closed_at, want.closed_at);
        ASSERT_NEAR(row.values[0], want.values[0], 1e-7);
    }
}

TEST(Predict, LeavesSyntheticBarsOut) {
    const std::string path = support::golden_path("synthetic/module_attention.ts");
    std::vector<Slice> slices = daily_slices(golden::synthetic("SYNTH_A"));
    slices.resize(200);
    std::vector<Slice> holes = slices;
    for (std::size_t i = 0; i < slices.size(); i += 10) {
        slices[i].bars[0].synthetic = true;
        holes[i].bars.clear();
    }
    const auto marked = predictions(1, slices, *model_of(path, 1));
    const auto absent = predictions(1, holes, *model_of(path, 1));
    ASSERT_FALSE(marked.empty());
    ASSERT_EQ(marked.size(), absent.size());
    for (std::size_t i = 0; i < marked.size(); ++i) {
        ASSERT_EQ(marked[i].closed_at, absent[i].closed_at);
        ASSERT_EQ(marked[i].values[0], absent[i].values[0]);
    }
}

TEST(FeatureRows, RefuseUnknownSetsAndColumnsOfAScaleThatChanges) {
    const auto refusal = [](std::string_view set, const std::vector<std::string>& columns) {
        const auto rows = FeatureRows::make(1, set, columns);
        return rows.has_error() ? rows.error().text : std::string("accepted");
    };
    EXPECT_EQ(refusal("attention", {"momentum_10"}), "accepted");
    EXPECT_NE(refusal("attentive", {"momentum_10"}).find("attentive"), std::string::npos);
    EXPECT_NE(refusal("attention", {"momentum_11"}).find("momentum_11"), std::string::npos);
    EXPECT_NE(refusal("financial", {"dollar_volume"}).find("scale-free"), std::string::npos);
}

}  // namespace
}  // namespace paperd::strategy
