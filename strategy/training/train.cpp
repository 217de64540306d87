#include "strategy/training/train.h"

#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "strategy/models/architecture.h"
#include "strategy/models/bundle.h"
#include "strategy/models/facts_json.h"
#include "strategy/models/weights.h"
#include "strategy/training/split.h"

namespace paperd::strategy {
namespace {

Result<void> check_settings(const TrainingSettings& s) {
    const auto refuse = [](std::string_view key, auto value, std::string_view want) {
        return fail(fmt::format("the training setting '{}' is {}; it must be {}", key, value, want),
                    ErrorKind::usage);
    };
    if (s.epochs_max < 1) {
        return refuse("epochs_max", s.epochs_max, "at least 1");
    }
    if (s.batch_size < 1) {
        return refuse("batch_size", s.batch_size, "at least 1");
    }
    if (s.patience_epochs < 1) {
        return refuse("patience_epochs", s.patience_epochs, "at least 1");
    }
    if (!(s.learning_rate > 0)) {
        return refuse("learning_rate", s.learning_rate, "above 0");
    }
    if (!(s.weight_decay >= 0)) {
        return refuse("weight_decay", s.weight_decay, "0 or above");
    }
    if (!(s.gradient_clip > 0)) {
        return refuse("gradient_clip", s.gradient_clip, "above 0");
    }
    if (!(s.validation_fraction >= 0 && s.validation_fraction < 1)) {
        return refuse("validation_fraction", s.validation_fraction, "from 0 to below 1");
    }
    const Architecture* const architecture = find_architecture(s.architecture);
    if (architecture == nullptr || !architecture->trainable()) {
        return refuse("architecture", s.architecture,
                      fmt::format("one of {}", fmt::join(trainable_architectures(), ", ")));
    }
    const auto sizes = check_sizes(*architecture, complete_sizes(*architecture, s.sizes));
    if (sizes.has_error()) {
        return fail("the training setting " + sizes.error().text, ErrorKind::usage);
    }
    return {};
}

ModelFacts facts_to_train(const std::vector<TrainingSeries>& series,
                          const TrainingSettings& settings, const ModelFacts& seed) {
    const Architecture& architecture = architecture_named(settings.architecture);
    ModelFacts facts = facts_of(architecture);
    for (auto& [name, value] : facts.sizes) {
        value = number_named(settings.sizes, name).value_or(value);
    }
    facts.interval = seed.interval;
    facts.feature_set = settings.feature_set;
    facts.columns = settings.columns;
    facts.sequence_length = settings.sequence_length;
    for (const TrainingSeries& s : series) {
        facts.trained_symbols.push_back(s.symbol);
    }
    facts.trained_days = seed.trained_days;
    facts.seed = settings.seed;
    facts.data_sha256 = seed.data_sha256;
    facts.trained_command = seed.trained_command;
    return facts;
}

}  // namespace

Result<TrainingResult> train(const std::vector<TrainingSeries>& series,
                             const TrainingSettings& settings, const ModelFacts& facts_seed,
                             const std::function<void(const EpochReport&)>& progress,
                             const std::function<void(const BatchReport&)>& on_batch) {
    TRY(check_settings(settings));
    Bundle bundle;
    bundle.facts = facts_to_train(series, settings, facts_seed);
    // Sizes are refused before anything is sized by them; the scalers are not known yet.
    bundle.facts.feature_mean.assign(settings.columns.size(), 0.0);
    bundle.facts.feature_std.assign(settings.columns.size(), 1.0);
    TRY(check_facts(bundle.facts));
    TRY_LET(auto split, split_windows(series, settings));
    TRY_LET(auto fitted, fit(split.data, settings, {}, progress, on_batch));
    bundle.facts.feature_mean = split.feature_mean;
    bundle.facts.feature_std = split.feature_std;
    bundle.facts.target_mean = split.data.target_mean;
    bundle.facts.target_std = split.data.target_std;
    bundle.facts.metrics = fitted.metrics;
    bundle.weights = std::move(fitted.weights);
    TRY(check_weights(bundle));
    return TrainingResult{.bundle = encode_bundle(bundle),
                          .facts = std::move(bundle.facts),
                          .epochs = std::move(fitted.epochs)};
}

}  // namespace paperd::strategy
