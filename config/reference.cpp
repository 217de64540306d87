// The table of keys as YAML: bare for the database, annotated for jobs, explained for people.
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "config/key.h"
#include "config/loader.h"

namespace paperd::config {
namespace {

constexpr std::size_t kWidth = 100;         // columns at most
constexpr std::size_t kCommentColumn = 40;  // where comments behind values begin
constexpr std::size_t kIndent = 2;

enum class Style { bare, deciding, annotated, explained };

bool is_bare(Style style) { return style == Style::bare || style == Style::deciding; }

// `words` as comment lines.
void add_comment(std::string_view words, std::size_t indent, std::string& out) {
    const std::string start = std::string(indent, ' ') + "#";
    std::string line = start;
    while (!words.empty()) {
        const std::size_t space = words.find(' ');
        const std::string_view word = words.substr(0, space);
        if (line.size() + 1 + word.size() > kWidth && line != start) {
            out += line + "\n";
            line = start;
        }
        line += ' ';
        line += word;
        words.remove_prefix(space == std::string_view::npos ? words.size() : space + 1);
    }
    out += line + "\n";
}

// "leaf: value". A list that is too long for the line goes below it: names side by side, the rest
// an item a line.
std::string setting(const Key& key, const Written& value, std::size_t indent) {
    std::string line = fmt::format("{:{}}{}: ", "", indent, key.leaf());
    if (!value.list || line.size() + value.text().size() <= kWidth) {
        return line + value.text();
    }
    std::string out = line + "[\n";
    const std::string start(indent + kIndent, ' ');
    line = start;
    for (std::size_t i = 0; i < value.items.size(); ++i) {
        const std::string item = value.items[i] + (i + 1 < value.items.size() ? "," : "]");
        const bool fits = line.size() + 1 + item.size() <= kWidth && !item.starts_with('{');
        if (line == start) {
            line += item;
        } else if (fits) {
            line += " " + item;
        } else {
            out += line + "\n";
            line = start + item;
        }
    }
    return out + line;
}

void add_key(const Key& key, const Config& config, Style style, std::size_t indent,
             std::string& out) {
    const std::string line = setting(key, key.write(config), indent);
    if (is_bare(style)) {
        out += line + "\n";
        return;
    }
    const std::string comment = fmt::format("{}; default {}", key.unit, key.default_text());
    if (style == Style::explained) {
        add_comment(key.about, indent, out);
        if (!key.allowed.empty()) {
            add_comment(fmt::format("Allowed: {}.", key.allowed), indent, out);
        }
    }
    const bool one_line = line.find('\n') == std::string::npos;
    const std::string padded = fmt::format("{:<{}}", line, kCommentColumn - 2) + "  # ";
    if (one_line && padded.size() + comment.size() <= kWidth) {
        out += padded + comment + "\n";
    } else {
        add_comment(comment, indent, out);
        out += line + "\n";
    }
}

void add_section(const Section& section, Style style, std::size_t indent, std::string& out) {
    const std::string leaf = section.path.substr(section.path.rfind('.') + 1);
    if (!is_bare(style)) {
        out += "\n";
        add_comment(section.about, indent, out);
    }
    out += fmt::format("{:{}}{}:\n", "", indent, leaf);
}

std::string written(const Config& config, Style style) {
    std::string out;
    std::string_view section;
    for (const Key& key : keys()) {
        if (style == Style::deciding && !key.decides) {
            continue;
        }
        const bool inner = key.section().find('.') != std::string_view::npos;
        const std::size_t indent = key.section().empty() ? 0 : (inner ? 2 * kIndent : kIndent);
        if (key.section() != section) {
            section = key.section();
            add_section(*find_section(section), style, indent - kIndent, out);
        }
        add_key(key, config, style, indent, out);
    }
    return out;
}

}  // namespace

std::string effective_yaml(const Config& config) { return written(config, Style::bare); }

std::string deciding_yaml(const Config& config) { return written(config, Style::deciding); }

std::string annotated_yaml(const Config& config) { return written(config, Style::annotated); }

std::string reference_yaml() {
    Config config;
    config.symbols = {"SPY"};  // the one key without a default
    std::string out;
    add_comment(
        "Every key of a paperd config with its meaning, unit, default and allowed values. "
        "Only market.symbols must be given; what is left out has its default.",
        0, out);
    return out + "\n" + written(config, Style::explained);
}

}  // namespace paperd::config
