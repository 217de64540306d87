#include "config/values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "execution/types/symbol_name.h"

namespace paperd::config {
namespace {

constexpr std::size_t kShownMax = 60;   // characters of a wrong value that a complaint repeats
constexpr std::size_t kTextMax = 4096;  // bytes of a text

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// "path is 'abc', but ...": one voice for every wrong type.
void complain(const Entry& entry, const Field& field, std::string_view needed, Problems& problems) {
    problems.add(entry.line,
                 fmt::format("{} is {}, but {}", field.path, described(entry.value), needed));
}

void complain_of_range(const Entry& entry, const Field& field, const Range& range,
                       Problems& problems) {
    problems.add(entry.line, fmt::format("{} is {}, outside what makes sense; give a value {} ({})",
                                         field.path, entry.value.text, range.text(), field.unit));
}

// A bare scalar, or nothing: numbers and words in quotes are texts.
const std::string* bare(const Node& node) {
    return node.kind == Node::Kind::text && !node.quoted ? &node.text : nullptr;
}

std::string number_needed(const Entry& entry, const Field& field, const Range& range,
                          std::string_view what) {
    std::string needed =
        fmt::format("{} is needed; give one {} ({})", what, range.text(), field.unit);
    const std::string& text = entry.value.text;
    if (entry.value.quoted) {
        needed += ", without quotes";
    } else if (!text.empty() && text.back() == '%') {
        needed += "; a percentage is written as a fraction, 5% as 0.05";
    } else if (text.find(',') != std::string::npos || text.find('_') != std::string::npos) {
        needed += "; with a point and without separators";
    }
    return needed;
}

template <class T>
std::optional<T> parse_whole_text(std::string_view text) {
    if (text.starts_with('+') && !text.starts_with("+-")) {
        text.remove_prefix(1);
    }
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

}  // namespace

bool Range::contains(double value) const {
    return (low_open ? value > low : value >= low) && (high_open ? value < high : value <= high);
}

std::string Range::text() const {
    const std::string from = fmt::format("{} {}", low_open ? ">" : ">=", number_text(low));
    return std::isinf(high)
               ? from
               : fmt::format("{} and {} {}", from, high_open ? "<" : "<=", number_text(high));
}

std::optional<double> read_number(const Entry& entry, const Field& field, const Range& range,
                                  Problems& problems) {
    const std::string* text = bare(entry.value);
    const auto value = text != nullptr ? parse_whole_text<double>(*text) : std::nullopt;
    if (!value || !std::isfinite(*value)) {  // from_chars takes "nan" and "inf" for numbers
        complain(entry, field, number_needed(entry, field, range, "a number"), problems);
        return std::nullopt;
    }
    if (!range.contains(*value)) {
        complain_of_range(entry, field, range, problems);
        return std::nullopt;
    }
    return *value + 0.0;  // -0 is 0
}

std::optional<std::int64_t> read_integer(const Entry& entry, const Field& field, const Range& range,
                                         Problems& problems) {
    const std::string* text = bare(entry.value);
    const auto value = text != nullptr ? parse_whole_text<std::int64_t>(*text) : std::nullopt;
    if (!value) {
        complain(entry, field, number_needed(entry, field, range, "a whole number"), problems);
        return std::nullopt;
    }
    if (!range.contains(static_cast<double>(*value))) {
        complain_of_range(entry, field, range, problems);
        return std::nullopt;
    }
    return value;
}

std::optional<std::int64_t> read_scaled(const Entry& entry, const Field& field, const Range& range,
                                        Problems& problems) {
    const std::string* text = bare(entry.value);
    if (text == nullptr) {
        complain(entry, field, number_needed(entry, field, range, "an amount"), problems);
        return std::nullopt;
    }
    const auto raw = parse_scaled(*text);
    if (raw.has_error()) {
        complain(entry, field, number_needed(entry, field, range, "an amount"), problems);
        return std::nullopt;
    }
    if (!range.contains(static_cast<double>(*raw) / static_cast<double>(kScale))) {
        complain_of_range(entry, field, range, problems);
        return std::nullopt;
    }
    return *raw;
}

std::optional<bool> read_boolean(const Entry& entry, const Field& field, Problems& problems) {
    if (is_word(entry.value, "true")) {
        return true;
    }
    if (is_word(entry.value, "false")) {
        return false;
    }
    complain(entry, field, "a switch is needed; write true or false, without quotes", problems);
    return std::nullopt;
}

std::optional<std::size_t> read_choice(const Entry& entry, const Field& field,
                                       const std::vector<std::string>& names, Problems& problems) {
    if (entry.value.kind == Node::Kind::text) {
        const auto found = std::find(names.begin(), names.end(), entry.value.text);
        if (found != names.end()) {
            return static_cast<std::size_t>(found - names.begin());
        }
    }
    std::string needed = fmt::format("one of {} is needed", fmt::join(names, ", "));
    const std::string meant = nearest_name(entry.value.text, names);
    needed += meant.empty() ? "; write one of them" : fmt::format("; did you mean '{}'?", meant);
    complain(entry, field, needed, problems);
    return std::nullopt;
}

std::optional<Day> read_day(const Entry& entry, const Field& field, Problems& problems) {
    if (entry.value.kind == Node::Kind::text) {
        const auto day = parse_day(entry.value.text);
        if (!day.has_error()) {
            return *day;
        }
    }
    complain(entry, field,
             fmt::format("a day that exists is needed ({}); write it as 2019-12-23", field.unit),
             problems);
    return std::nullopt;
}

std::optional<std::string> read_text(const Entry& entry, const Field& field, Problems& problems) {
    const Node& value = entry.value;
    if (value.kind != Node::Kind::text) {
        complain(entry, field,
                 fmt::format("a text is needed ({}); write one, or \"\" for none", field.unit),
                 problems);
        return std::nullopt;
    }
    const bool control = std::any_of(value.text.begin(), value.text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
    if (control || value.text.size() > kTextMax) {
        problems.add(entry.line,
                     fmt::format("{} has {}; write it on one line of at most {} bytes", field.path,
                                 control ? "a line break or control character" : "too many bytes",
                                 kTextMax));
        return std::nullopt;
    }
    return value.text;
}

std::optional<std::vector<std::string>> read_names(const Entry& entry, const Field& field,
                                                   std::string_view what, std::string_view also,
                                                   std::size_t count_max, Problems& problems) {
    const Node& list = entry.value;
    if (list.kind != Node::Kind::list || list.items.empty()) {
        complain(entry, field,
                 fmt::format("a list of at least one {0} is needed; write [{1}]", what,
                             what == "symbol" ? "SPY, QQQ" : "NAME, NAME"),
                 problems);
        return std::nullopt;
    }
    if (list.items.size() > count_max) {
        problems.add(entry.line, fmt::format("{} has {} entries, more than there is room for; "
                                             "give at most {}",
                                             field.path, list.items.size(), count_max));
        return std::nullopt;
    }
    const std::size_t before = problems.count();
    std::vector<std::string> names;
    std::vector<std::pair<std::string_view, int>> seen;
    for (const Node& item : list.items) {
        const bool good = item.kind == Node::Kind::text && is_name(item.text, also);
        if (item.kind == Node::Kind::refused) {
            continue;
        }
        if (!good) {
            problems.add(item.line, fmt::format("{} lists {}, which is no name of a {}; use 1 to "
                                                "{} letters, digits and {}",
                                                field.path, described(item), what, kNameMax, also));
            continue;
        }
        names.push_back(item.text);
        seen.emplace_back(item.text, item.line);
    }
    std::stable_sort(seen.begin(), seen.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 1; i < seen.size(); ++i) {
        if (seen[i].first == seen[i - 1].first) {
            problems.add(seen[i].second,
                         fmt::format("{} lists '{}' twice (before on line {}); remove one",
                                     field.path, seen[i].first, seen[i - 1].second));
        }
    }
    return problems.count() == before ? std::optional(std::move(names)) : std::nullopt;
}

bool is_word(const Node& node, std::string_view word) {
    const std::string* text = bare(node);
    return text != nullptr && *text == word;
}

std::string described(const Node& node) {
    switch (node.kind) {
        case Node::Kind::list:
            return "a list";
        case Node::Kind::map:
            return "a group of keys";
        case Node::Kind::text:
            break;
        case Node::Kind::empty:
        case Node::Kind::refused:
            return "empty";
    }
    std::size_t cut = std::min(node.text.size(), kShownMax);
    while (cut > 0 && cut < node.text.size() &&
           (static_cast<unsigned char>(node.text[cut]) & 0xC0) == 0x80) {
        --cut;  // not within a character of several bytes
    }
    std::string shown = node.text.substr(0, cut);
    for (char& c : shown) {
        c = static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return fmt::format("{}'{}{}'", node.quoted ? "the text " : "", shown,
                       node.text.size() > kShownMax ? "..." : "");
}

std::string number_text(double value) {
    const double size = std::abs(value);
    const bool plain = value == 0 || (size >= 1e-7 && size < 1e15);
    std::array<char, 64> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                   plain ? std::chars_format::fixed : std::chars_format::general)
                         .ptr;
    return {buffer.data(), end};
}

std::string yaml_text(std::string_view text) {
    constexpr std::array<std::string_view, 12> kWords = {
        "null", "true", "false", "yes", "no", "on", "off", "y", "n", "max", "nan", "inf"};
    std::string lowered(text);
    for (char& c : lowered) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    const bool plain = !text.empty() && is_letter_or_digit(text.front()) &&
                       (text[0] < '0' || text[0] > '9') &&
                       std::all_of(text.begin(), text.end(),
                                   [](char c) {
                                       return is_letter_or_digit(c) || c == '_' || c == '.' ||
                                              c == '-' || c == '/';
                                   }) &&
                       std::find(kWords.begin(), kWords.end(), lowered) == kWords.end();
    if (plain) {
        return std::string(text);
    }
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            quoted += '\\';
        }
        quoted += c;
    }
    return quoted + "\"";
}

}  // namespace paperd::config
