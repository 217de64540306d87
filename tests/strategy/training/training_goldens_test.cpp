// The loop against the reference's, from the weights it began with.
#include <cmath>

#include <boost/json/value_to.hpp>
#include <gtest/gtest.h>

#include "strategy/models/bundle.h"
#include "strategy/models/weights.h"
#include "strategy/training/split.h"
#include "strategy/training/training_loop.h"
#include "tests/strategy/golden.h"
#include "tests/strategy/models/golden_model.h"

namespace paperd::strategy {
namespace {

const std::vector<std::string> kColumns = {"volatility_10", "volatility_30", "momentum_10",
                                           "momentum_30", "volume_z"};

// The golden's rows: those of features_attention.csv with every column defined.
TrainingSeries golden_rows(const std::string& folder) {
    const golden::Table table = golden::read_table(folder + "/features_attention.csv");
    std::vector<std::size_t> places;
    for (const std::string& column : kColumns) {
        const auto found = std::ranges::find(table.columns, column);
        places.push_back(static_cast<std::size_t>(found - table.columns.begin()));
    }
    TrainingSeries series;
    for (const auto& row : table.rows) {
        if (std::ranges::none_of(row, [](double v) { return std::isnan(v); })) {
            for (const std::size_t place : places) {
                series.rows.push_back(row[place]);
            }
            series.target.push_back(row.back());
            series.end_ns.push_back(static_cast<std::int64_t>(series.end_ns.size()));
            series.segment.push_back(0);
        }
    }
    return series;
}

TrainingSettings golden_settings() {
    TrainingSettings settings;
    settings.columns = kColumns;
    settings.validation_fraction = 0.3;
    return settings;
}

void expect_curve(const std::vector<EpochReport>& epochs, const boost::json::value& want) {
    const auto losses = boost::json::value_to<std::vector<double>>(want);
    ASSERT_EQ(epochs.size(), losses.size());
    for (std::size_t i = 0; i < losses.size(); ++i) {
        EXPECT_NEAR(epochs[i].training_loss, losses[i], 1e-3 * losses[i]) << "epoch " << i + 1;
    }
}

void expect_attention_golden(const std::string& folder) {
    const auto json = test::read_json(folder + "/train_attention.json");
    const TrainingSeries series = golden_rows(folder);
    TrainingSettings settings = golden_settings();
    settings.weight_decay = 1e-4;
    auto split = split_windows({series}, settings);
    ASSERT_FALSE(split.has_error()) << split.error().text;
    const auto known = json.at("train_rows").to_number<std::size_t>();
    EXPECT_EQ(split->data.training.size(), known - 29);
    const auto predictions =
        boost::json::value_to<std::vector<double>>(json.at("test_predictions"));
    ASSERT_EQ(split->data.validation.size(), predictions.size());
    EXPECT_EQ(split->data.validation.front(), known + 1);
    const auto mean = boost::json::value_to<std::vector<double>>(json.at("feature_mean"));
    const auto std = boost::json::value_to<std::vector<double>>(json.at("feature_std"));
    for (std::size_t c = 0; c < kColumns.size(); ++c) {
        EXPECT_NEAR(split->feature_mean[c], mean[c], 1e-12);
        EXPECT_NEAR(split->feature_std[c], std[c], 1e-12);
    }
    EXPECT_NEAR(split->data.target_mean, json.at("target_mean").as_double(), 1e-12);
    EXPECT_NEAR(split->data.target_std, json.at("target_std").as_double(), 1e-12);

    const auto tested = split->data.validation;
    split->data.validation.clear();
    const auto fitted = fit(split->data, settings, test::read_weights(json.at("initial")), {});
    ASSERT_FALSE(fitted.has_error()) << fitted.error().text;
    expect_curve(fitted->epochs, json.at("epoch_losses"));

    Bundle bundle = test::golden_model("attention").bundle;
    bundle.weights = fitted->weights;
    bundle.facts.columns = kColumns;
    bundle.facts.feature_mean = split->feature_mean;
    bundle.facts.feature_std = split->feature_std;
    bundle.facts.target_mean = split->data.target_mean;
    bundle.facts.target_std = split->data.target_std;
    const auto model = test::built(bundle, 16);
    test::StepBuffers buffers(*model);
    buffers.defined[0] = 1;
    std::size_t at = 0;
    for (std::size_t row = tested.front(); row < series.target.size(); ++row) {
        std::copy_n(series.rows.begin() + static_cast<std::ptrdiff_t>(row * 5), 5,
                    buffers.features.begin());
        buffers.step(*model);
        if (buffers.out.defined(0)) {
            ASSERT_NEAR(buffers.prediction(0), predictions.at(at++), 1e-3 * split->data.target_std);
        }
    }
    EXPECT_EQ(at, predictions.size());
}

void expect_hybrid_golden(const std::string& folder) {
    const auto json = test::read_json(folder + "/train_hybrid.json");
    TrainingSettings settings = golden_settings();
    // Split as the attention golden is: the hybrid's windows are the same here.
    auto split = split_windows({golden_rows(folder)}, settings);
    ASSERT_FALSE(split.has_error()) << split.error().text;
    settings.architecture = "hybrid";
    settings.sizes = {{"state", 8},
                      {"memory", 16},
                      {"heads", json.at("settings").at("heads").to_number<double>()},
                      {"window", json.at("settings").at("window").to_number<double>()},
                      {"dropout", 0}};
    settings.weight_decay = 0;
    settings.epochs_max = 5;
    split->data.training.resize(json.at("windows").to_number<std::size_t>());
    split->data.validation.clear();
    EXPECT_NEAR(split->data.target_std, json.at("target_std").as_double(), 1e-12);
    const auto fitted = fit(split->data, settings, test::read_weights(json.at("initial")), {});
    ASSERT_FALSE(fitted.has_error()) << fitted.error().text;
    expect_curve(fitted->epochs, json.at("epoch_losses"));
    EXPECT_EQ(fitted->weights.size(), json.at("initial").as_object().size());
}

TEST(TrainingLoop, FollowsTheReferencesAttentionCurveOnSyntheticBars) {
    expect_attention_golden(support::golden_path("synthetic"));
}

TEST(TrainingLoop, FollowsTheReferencesHybridCurveOnSyntheticBars) {
    expect_hybrid_golden(support::golden_path("synthetic"));
}

TEST(TrainingLoop, FollowsTheReferencesAttentionCurveOnRealBars) {
    PAPERD_NEEDS_SHARED(folder, "golden/AAPL");
    expect_attention_golden(folder);
}

TEST(TrainingLoop, FollowsTheReferencesHybridCurveOnRealBars) {
    PAPERD_NEEDS_SHARED(folder, "golden/AAPL");
    expect_hybrid_golden(folder);
}

}  // namespace
}  // namespace paperd::strategy
