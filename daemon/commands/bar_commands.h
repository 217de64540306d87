// `paperd features` and `paperd predict`: bars in, CSV on stdout.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/cli.h"
#include "daemon/options.h"

namespace paperd::daemon {

struct FeaturesCommand {
    static constexpr CommandWords kWords{
        "features", "a feature set as CSV",
        "paperd features --set attention --bars SPY.csv --from 2020-01-02"};

    std::string set;
    std::string bars;
    std::optional<std::string> partner;
    std::optional<Day> from;
    std::optional<Day> to;
    std::optional<Day> train_until;  // pairs
    int window = 7;                  // pairs
    double threshold = 0.03;         // pairs
    bool always_open = false;
};

void declare(FeaturesCommand& command, Options& options);
Result<int> execute(const FeaturesCommand& command);

struct PredictCommand {
    static constexpr CommandWords kWords{
        "predict", "a model's predictions as CSV",
        "paperd predict --model config/models/attention-daily.pmb --bars DIR --symbols SPY"};

    std::string model;
    std::string bars;
    std::vector<std::string> symbols;
    std::optional<Day> from;
    std::optional<Day> to;
    bool always_open = false;
};

void declare(PredictCommand& command, Options& options);
Result<int> execute(const PredictCommand& command);

}  // namespace paperd::daemon
