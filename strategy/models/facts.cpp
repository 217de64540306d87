#include "strategy/models/facts.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "execution/types/check.h"
#include "execution/types/json_text.h"
#include "strategy/models/architecture.h"
#include "strategy/models/exact_json.h"
#include "strategy/models/facts_json.h"

namespace paperd::strategy {
namespace {

std::string json_quoted(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

std::string list(const std::vector<std::string>& texts) {
    std::vector<std::string> items;
    items.reserve(texts.size());
    for (const std::string& text : texts) {
        items.push_back(json_quoted(text));
    }
    return fmt::format("[{}]", fmt::join(items, ", "));
}

// fmt writes the shortest text that reads back to the same double.
std::string list(const std::vector<double>& numbers) {
    return fmt::format("[{}]", fmt::join(numbers, ", "));
}

std::string list(const std::vector<DayRange>& ranges) {
    std::vector<std::string> items;
    items.reserve(ranges.size());
    for (const DayRange& range : ranges) {
        items.push_back(
            fmt::format("[\"{}\", \"{}\"]", day_text(range.first), day_text(range.last)));
    }
    return fmt::format("[{}]", fmt::join(items, ", "));
}

std::string object(const NamedNumbers& metrics) {
    std::vector<std::string> items;
    items.reserve(metrics.size());
    for (const auto& [name, value] : metrics) {
        // JSON has no infinity; a metric that is not a number says nothing anyway.
        if (!std::isfinite(value)) {
            continue;
        }
        items.push_back(fmt::format("{}: {}", json_quoted(name), value));
    }
    return fmt::format("{{{}}}", fmt::join(items, ", "));
}

template <std::size_t N, class Enum>
std::string_view name_in(const std::array<std::string_view, N>& names, Enum value) {
    return names.at(static_cast<std::size_t>(value));
}

}  // namespace

std::optional<double> number_named(const NamedNumbers& numbers, std::string_view name) {
    const auto found = std::ranges::find(numbers, name, &NamedNumbers::value_type::first);
    return found == numbers.end() ? std::nullopt : std::optional(found->second);
}

std::pair<std::string_view, std::string_view> member_and_column(std::string_view name) {
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos) {
        return {{}, name};
    }
    return {name.substr(0, dot), name.substr(dot + 1)};
}

int ModelFacts::size(std::string_view name) const { return static_cast<int>(real_size(name)); }

double ModelFacts::real_size(std::string_view name) const {
    const auto found = number_named(sizes, name);
    CHECK(found.has_value(), std::string(name));
    return *found;
}

std::vector<std::string> ModelFacts::members() const {
    if (group != GroupKind::universe) {
        return {std::string()};
    }
    std::vector<std::string> out;
    for (const std::string& column : columns) {
        const std::string member(member_and_column(column).first);
        if (std::ranges::find(out, member) == out.end()) {
            out.push_back(member);
        }
    }
    return out;
}

bool ModelFacts::trained_on(Day day) const {
    const auto range = std::ranges::find_if(
        trained_days, [day](const DayRange& r) { return r.first <= day && day <= r.last; });
    return range != trained_days.end();
}

Day ModelFacts::trained_until() const {
    return trained_days.empty() ? Day{} : trained_days.back().last;
}

std::string facts_to_json(const ModelFacts& facts) {
    std::vector<std::string> lines;
    const auto add = [&lines](std::string_view key, std::string_view value) {
        lines.push_back(fmt::format("  \"{}\": {}", key, value));
    };
    add("format_version", fmt::to_string(facts.format_version));
    add("architecture", json_quoted(facts.architecture));
    add("interval", json_quoted(bar_interval_name(facts.interval)));
    add("features", json_quoted(facts.feature_set));
    add("columns", list(facts.columns));
    add("sequence_length", fmt::to_string(facts.sequence_length));
    for (const auto& [name, value] : facts.sizes) {
        add(name, fmt::format("{}", value));
    }
    const Architecture* const architecture = find_architecture(facts.architecture);
    if (architecture != nullptr && architecture->states_outputs()) {
        add("group", json_quoted(name_in(kGroupKindNames, facts.group)));
        add("outputs", list(facts.outputs));
        add("per_member", facts.per_member ? "true" : "false");
        add("transform", json_quoted(name_in(kOutputTransformNames, facts.transform)));
        add("positions", json_quoted(facts.positions));
    }
    if (facts.group == GroupKind::pair) {
        std::vector<double> fits;
        for (const PairScalers& fit : facts.pair_scalers) {
            fits.insert(fits.end(), {fit.first_mean, fit.first_std, fit.second_mean, fit.second_std,
                                     fit.spread_mean, fit.spread_std});
        }
        add("pairs", list(facts.pairs));
        add("pair_scalers", list(fits));
        add("pair_window", fmt::to_string(facts.pair_window));
    }
    add("feature_mean", list(facts.feature_mean));
    add("feature_std", list(facts.feature_std));
    add("target_mean", fmt::to_string(facts.target_mean));
    add("target_std", fmt::to_string(facts.target_std));
    add("trained_symbols", list(facts.trained_symbols));
    add("trained_days", list(facts.trained_days));
    add("seed", fmt::to_string(facts.seed));
    add("data_sha256", json_quoted(facts.data_sha256));
    add("metrics", object(facts.metrics));
    add("trained_command", json_quoted(facts.trained_command));
    return fmt::format("{{\n{}\n}}\n", fmt::join(lines, ",\n"));
}

Result<ModelFacts> facts_from_json(std::string_view json) {
    const auto value = parse_exact_json(json);
    if (value.has_error()) {
        return fail("the model's facts are " + value.error().text);
    }
    if (!value->is_object()) {
        return fail("the model's facts are not a JSON object");
    }
    return facts_from_object(value->get_object(), FactsForm::bundle);
}

}  // namespace paperd::strategy
