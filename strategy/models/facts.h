// Everything needed to use a model's weights: what the bundle and a TorchScript module's YAML say.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "execution/types/bar_interval.h"
#include "execution/types/result.h"
#include "execution/types/timestamp.h"
#include "strategy/features/pairs.h"
#include "strategy/output_names.h"

namespace paperd::strategy {

inline constexpr int kBundleFormatVersion = 1;

// How the numbers that a user's module of windows gives become outputs.
enum class OutputTransform : std::uint8_t {
    none,           // as they are
    scaled_return,  // x target_std + target_mean
    softmax,        // over one member's numbers: probabilities that sum to 1
    sigmoid,        // 1 / (1 + exp(-x))
};

// By OutputTransform.
inline constexpr std::array<std::string_view, 4> kOutputTransformNames = {"none", "scaled_return",
                                                                          "softmax", "sigmoid"};

// Sizes, metrics: few, in the order they were written in.
using NamedNumbers = std::vector<std::pair<std::string, double>>;

std::optional<double> number_named(const NamedNumbers& numbers, std::string_view name);

struct DayRange {
    Day first{};
    Day last{};  // inclusive
    bool operator==(const DayRange&) const = default;
};

struct ModelFacts {
    int format_version = kBundleFormatVersion;
    std::string architecture;  // a name of the table (architecture.h)
    BarInterval interval = BarInterval::day_1;
    std::string feature_set;  // "attention", "financial", ...
    // A group's row. Of a universe MEMBER.COLUMN, as SPY.returns, member by member in their order.
    std::vector<std::string> columns;
    int sequence_length = 30;  // a model's window, or what a stepped one was trained on
    NamedNumbers sizes;        // the architecture's; a module states those that its calls need
    GroupKind group = GroupKind::symbol;
    std::vector<std::string> outputs;  // names; return_N is the log return of the next N bars
    bool per_member = false;           // of a universe: each member has these outputs
    OutputTransform transform = OutputTransform::none;
    std::string positions;  // the position rule it is meant for; empty: none
    // Of a model of pairs, what its spreads are measured against: the pairs it was fitted to
    // ("AAA/BBB"), what their training part fixed, and the bars of the rolling columns.
    std::vector<std::string> pairs;
    std::vector<PairScalers> pair_scalers;  // by pair
    int pair_window = 7;
    std::vector<double> feature_mean;
    std::vector<double> feature_std;  // population
    double target_mean = 0;
    double target_std = 1;
    std::vector<std::string> trained_symbols;
    std::vector<DayRange> trained_days;  // ascending, warm-up days included
    std::uint64_t seed = 0;
    std::string data_sha256;      // of the training rows; empty for modules
    NamedNumbers metrics;         // validation metrics by name
    std::string trained_command;  // as recorded by `paperd train`; empty for modules

    // A size that is there (check_facts, check_sizes): a whole one, or any.
    [[nodiscard]] int size(std::string_view name) const;
    [[nodiscard]] double real_size(std::string_view name) const;

    // Of a universe, in the order of the columns; one nameless member of any other group.
    [[nodiscard]] std::vector<std::string> members() const;

    [[nodiscard]] bool trained_on(Day day) const;
    [[nodiscard]] Day trained_until() const;  // last day of trained_days; 1970-01-01 without any
};

// The first of the table: what is trained unless told.
std::string default_architecture();

// "SPY.returns" -> SPY and returns, at the last dot; an empty member without one.
std::pair<std::string_view, std::string_view> member_and_column(std::string_view name);

// JSON <-> facts (the bundle's header). What the architecture fixes (outputs, group, ...) is not
// written. Errors name the key.
std::string facts_to_json(const ModelFacts& facts);
Result<ModelFacts> facts_from_json(std::string_view json);

}  // namespace paperd::strategy
