#include "strategy/models/module_yaml.h"

#include <algorithm>

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "strategy/models/exact_json.h"
#include "strategy/models/facts_json.h"

namespace paperd::strategy {
namespace {

std::string_view trimmed(std::string_view s) {
    const auto first = s.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) {
        return {};
    }
    return s.substr(first, s.find_last_not_of(" \t\r") - first + 1);
}

bool is_key(std::string_view s) {
    return !s.empty() && std::ranges::all_of(s, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

// Adds one line's key to the object; the error lacks the place.
Result<void> add_line(std::string_view line, boost::json::object& object) {
    const auto colon = line.find(':');
    const auto key = trimmed(line.substr(0, colon));
    if (colon == std::string_view::npos || !is_key(key)) {
        return fail("not a line `key: JSON value`, as `sequence_length: 30` or `columns: [\"a\"]`");
    }
    auto value = parse_exact_json(trimmed(line.substr(colon + 1)));
    if (value.has_error()) {
        return fail(fmt::format(
            "the value of '{}' is {}; write it as JSON on this one line (text in double quotes, "
            "lists in brackets)",
            key, value.error().text));
    }
    if (!object.emplace(boost::json::string_view(key.data(), key.size()), std::move(*value))
             .second) {
        return fail(fmt::format("'{}' is given twice; remove one of the two lines", key));
    }
    return {};
}

}  // namespace

Result<ModelFacts> facts_from_module_yaml(std::string_view text, std::string_view where) {
    boost::json::object object;
    int number = 0;
    while (!text.empty()) {
        ++number;
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty() || line.front() == '#' || line == "---") {
            continue;
        }
        const auto added = add_line(line, object);
        if (added.has_error()) {
            return fail(fmt::format("{}:{}: {}", where, number, added.error().text));
        }
    }
    auto facts = facts_from_object(object, FactsForm::module);
    if (facts.has_error()) {
        return fail(fmt::format("{}: {}", where, facts.error().text));
    }
    if (const auto sizes = check_sizes_stated(*facts, true); sizes.has_error()) {
        return fail(fmt::format("{}: {}", where, sizes.error().text));
    }
    return facts;
}

}  // namespace paperd::strategy
