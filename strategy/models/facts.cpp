#include "strategy/models/facts.h"

#include <algorithm>
#include <cmath>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "strategy/models/exact_json.h"
#include "strategy/models/facts_json.h"

namespace paperd::strategy {
namespace {

std::string json_quoted(std::string_view text) {
    return boost::json::serialize(boost::json::string(text));
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

std::string object(const std::vector<std::pair<std::string, double>>& metrics) {
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

}  // namespace

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
    add("architecture", json_quoted(architecture_name(facts.architecture)));
    add("interval", json_quoted(facts.interval));
    add("features", json_quoted(facts.feature_set));
    add("columns", list(facts.columns));
    add("sequence_length", fmt::to_string(facts.sequence_length));
    if (facts.architecture == Architecture::attention) {
        add("hidden", fmt::to_string(facts.hidden));
    } else {
        add("state", fmt::to_string(facts.state));
        add("memory", fmt::to_string(facts.memory));
        add("heads", fmt::to_string(facts.heads));
        add("window", fmt::to_string(facts.window));
        add("dt", fmt::to_string(facts.dt));
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
