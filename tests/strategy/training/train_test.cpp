#include "strategy/training/train.h"

#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "execution/types/random.h"
#include "strategy/models/architecture.h"
#include "strategy/models/bundle.h"
#include "strategy/training/training_loop.h"

namespace paperd::strategy {
namespace {

constexpr std::uint64_t kSeed = 11;

double noise(std::uint64_t i, std::uint64_t purpose) {
    return draw_uniform(kSeed, i, purpose) - 0.5;
}

// Two columns; the next return follows the first one's newest value, a slow wave, with noise.
TrainingSeries learnable(const std::string& symbol, std::uint64_t number, std::size_t rows) {
    TrainingSeries series;
    series.symbol = symbol;
    for (std::size_t i = 0; i < rows; ++i) {
        const double signal =
            0.5 * std::sin(0.2 * static_cast<double>(i) + 1.3 * static_cast<double>(number));
        series.rows.push_back(100 + 10 * signal);
        series.rows.push_back(noise(i, number + 100));
        series.target.push_back(0.02 * signal + 0.002 * noise(i, number + 200));
        series.end_ns.push_back(static_cast<std::int64_t>(i) * 1000);
        series.day.push_back(static_cast<std::int32_t>(i));
        series.segment.push_back(0);
    }
    return series;
}

TrainingSettings small_settings(const std::string& architecture) {
    TrainingSettings settings;
    settings.architecture = architecture;
    settings.columns = {"signal", "noise"};
    settings.sequence_length = 4;
    settings.sizes = {{"hidden", 8}, {"state", 4}, {"memory", 8}, {"heads", 2}, {"window", 3}};
    settings.epochs_max = 15;
    settings.learning_rate = 0.01;
    return settings;
}

ModelFacts seed_facts() {
    ModelFacts facts;
    facts.interval = BarInterval::day_1;
    facts.trained_days = {{day_from_number(10), day_from_number(20)}};
    facts.data_sha256 = "hash";
    facts.trained_command = "paperd train";
    return facts;
}

double metric(const ModelFacts& facts, std::string_view name) {
    for (const auto& [key, value] : facts.metrics) {
        if (key == name) {
            return value;
        }
    }
    ADD_FAILURE() << "no metric " << name;
    return std::numeric_limits<double>::quiet_NaN();
}

TEST(Train, LearnsWhatCanBeLearnedAndBundlesIt) {
    SCOPED_TRACE(fmt::format("seed {}", kSeed));
    for (const std::string& architecture : trainable_architectures()) {
        SCOPED_TRACE(architecture);
        int calls = 0;
        const auto result =
            train({learnable("A", 1, 300), learnable("B", 2, 300)}, small_settings(architecture),
                  seed_facts(), [&calls](const EpochReport&) { ++calls; });
        ASSERT_FALSE(result.has_error()) << result.error().text;
        EXPECT_EQ(static_cast<std::size_t>(calls), result->epochs.size());
        const ModelFacts& facts = result->facts;
        EXPECT_GT(metric(facts, "validation_ic"), 0.8);
        EXPECT_GT(metric(facts, "validation_hit_rate"), 0.8);
        // 240 rows a symbol less the purged one, and 60: less the windows' first three rows each.
        EXPECT_EQ(metric(facts, "training_windows"), 2 * (239 - 3));
        EXPECT_EQ(metric(facts, "validation_windows"), 2 * (60 - 3));
        EXPECT_EQ(facts.trained_symbols, (std::vector<std::string>{"A", "B"}));
        EXPECT_EQ(facts.interval, BarInterval::day_1);
        EXPECT_EQ(facts.trained_days, seed_facts().trained_days);
        EXPECT_EQ(facts.data_sha256, "hash");
        EXPECT_EQ(facts.seed, 1U);
        const auto model = make_model(result->bundle, 16);
        ASSERT_FALSE(model.has_error()) << model.error().text;
        EXPECT_EQ((*model)->facts().metrics, facts.metrics);
    }
}

TEST(Train, GivesTheSameBundleForTheSameSeedAndAnotherForAnother) {
    TrainingSettings settings = small_settings("hybrid");
    settings.epochs_max = 2;
    settings.shuffle = true;
    const std::vector<TrainingSeries> series = {learnable("A", 1, 200)};
    const auto once = train(series, settings, seed_facts(), {});
    const auto again = train(series, settings, seed_facts(), {});
    settings.seed = 2;
    const auto other = train(series, settings, seed_facts(), {});
    ASSERT_FALSE(once.has_error() || again.has_error() || other.has_error());
    EXPECT_EQ(once->bundle, again->bundle);
    EXPECT_NE(once->epochs[0].training_loss, other->epochs[0].training_loss);
}

TEST(Train, StopsEarlyAndRestoresTheBestWeights) {
    TrainingSettings settings = small_settings("attention");
    settings.epochs_max = 60;
    settings.patience_epochs = 3;
    settings.learning_rate = 0.05;
    std::vector<TrainingSeries> series = {learnable("A", 1, 200)};
    for (std::size_t i = 0; i < series[0].target.size(); ++i) {
        series[0].target[i] = noise(i, 999);  // nothing to learn: it overfits
    }
    const auto result = train(series, settings, seed_facts(), {});
    ASSERT_FALSE(result.has_error()) << result.error().text;
    ASSERT_LT(result->epochs.size(), 60U);
    double best = std::numeric_limits<double>::infinity();
    int best_epoch = 0;
    for (const EpochReport& report : result->epochs) {
        EXPECT_EQ(report.best, report.validation_loss < best);
        if (report.validation_loss < best) {
            best = report.validation_loss;
            best_epoch = report.epoch;
        }
    }
    EXPECT_EQ(result->epochs.back().epoch, best_epoch + 3);
    EXPECT_EQ(metric(result->facts, "best_epoch"), best_epoch);
    // Measured again with the weights that were kept.
    EXPECT_EQ(metric(result->facts, "validation_loss"), best);
}

TEST(Train, SaysHowMuchIsMissing) {
    const auto result =
        train({learnable("A", 1, 60)}, small_settings("attention"), seed_facts(), {});
    ASSERT_TRUE(result.has_error());
    EXPECT_NE(result.error().text.find("44 training windows and 9 validation windows"),
              std::string::npos)
        << result.error().text;
    EXPECT_TRUE(train({}, small_settings("attention"), seed_facts(), {}).has_error());
}

TEST(Train, RefusesAColumnThatSaysNothing) {
    TrainingSeries series = learnable("A", 1, 200);
    for (std::size_t i = 1; i < series.rows.size(); i += 2) {
        series.rows[i] = 0.5;
    }
    const auto result = train({series}, small_settings("attention"), seed_facts(), {});
    ASSERT_TRUE(result.has_error());
    const std::string said = "'noise' has the mean 0.5 and the spread 0 ";
    EXPECT_NE(result.error().text.find(said), std::string::npos) << result.error().text;
}

TEST(Train, StopsAtALossThatIsNotFinite) {
    const auto refusal = [](const TrainingSeries& series, double learning_rate) {
        TrainingSettings settings = small_settings("hybrid");
        settings.learning_rate = learning_rate;
        const auto result = train({series}, settings, seed_facts(), {});
        return result.has_error() ? result.error().text : std::string("accepted");
    };
    TrainingSeries series = learnable("A", 1, 200);
    const std::string diverged = refusal(series, 1e30);
    EXPECT_NE(diverged.find("the training (batch 2) loss of epoch 1"), std::string::npos)
        << diverged;
    EXPECT_NE(diverged.find("learning_rate (now 1e+30)"), std::string::npos) << diverged;
    series.target[195] = 1e200;  // absurd, and in the validation part
    EXPECT_NE(refusal(series, 0.01).find("validation loss of epoch 1 is inf"), std::string::npos);
    series.target[150] = 1e200;  // in the training part
    EXPECT_NE(refusal(series, 0.01).find("absurd bars"), std::string::npos);
}

TEST(Train, RefusesSettingsThatCannotBe) {
    const auto refusal = [](auto change) {
        TrainingSettings settings = small_settings("hybrid");
        change(settings);
        const auto result = train({learnable("A", 1, 200)}, settings, seed_facts(), {});
        return result.has_error() ? result.error().text : std::string("accepted");
    };
    EXPECT_NE(refusal([](auto& s) { s.batch_size = 0; }).find("batch_size"), std::string::npos);
    EXPECT_NE(refusal([](auto& s) { s.validation_fraction = 1; }).find("validation_fraction"),
              std::string::npos);
    EXPECT_NE(refusal([](auto& s) { s.learning_rate = std::nan(""); }).find("learning_rate"),
              std::string::npos);
    EXPECT_NE(refusal([](auto& s) { s.sizes[3].second = 3; }).find("heads"), std::string::npos);
    EXPECT_NE(refusal([](auto& s) { s.sizes = {{"dropout", 1}}; }).find("'dropout' is 1"),
              std::string::npos);
    EXPECT_NE(refusal([](auto& s) { s.architecture = "window"; }).find("one of attention, hybrid"),
              std::string::npos);
    EXPECT_NE(refusal([](auto& s) { s.sequence_length = 0; }).find("sequence_length"),
              std::string::npos);
}

}  // namespace
}  // namespace paperd::strategy
