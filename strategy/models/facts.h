// Everything needed to use a model's weights: what the bundle and a TorchScript module's YAML say.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "execution/types/result.h"
#include "execution/types/timestamp.h"

namespace paperd::strategy {

inline constexpr int kBundleFormatVersion = 1;

enum class Architecture : std::uint8_t { attention, hybrid };

struct DayRange {
    Day first{};
    Day last{};  // inclusive
    bool operator==(const DayRange&) const = default;
};

struct ModelFacts {
    int format_version = kBundleFormatVersion;
    Architecture architecture = Architecture::attention;
    std::string interval;     // "1d", "1m"
    std::string feature_set;  // "attention", "financial", ...
    std::vector<std::string> columns;
    int sequence_length = 30;  // window of attention models; training window of hybrids
    int hidden = 32;           // attention
    int state = 32;            // hybrid from here on
    int memory = 64;           // 0: not stated, inside a module
    int heads = 4;
    int window = 64;  // states attended to
    double dt = 0.1;
    std::vector<double> feature_mean;
    std::vector<double> feature_std;  // population
    double target_mean = 0;
    double target_std = 1;
    std::vector<std::string> trained_symbols;
    std::vector<DayRange> trained_days;  // ascending, warm-up days included
    std::uint64_t seed = 0;
    std::string data_sha256;                              // of the training rows; empty for modules
    std::vector<std::pair<std::string, double>> metrics;  // validation metrics by name
    std::string trained_command;  // as recorded by `paperd train`; empty for modules

    [[nodiscard]] bool trained_on(Day day) const;
    [[nodiscard]] Day trained_until() const;  // last day of trained_days; 1970-01-01 without any
};

// JSON <-> facts (the bundle's header). Errors name the key.
std::string facts_to_json(const ModelFacts& facts);
Result<ModelFacts> facts_from_json(std::string_view json);

constexpr const char* architecture_name(Architecture a) {
    return a == Architecture::attention ? "attention" : "hybrid";
}

}  // namespace paperd::strategy
