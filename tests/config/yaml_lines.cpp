#include "tests/config/yaml_lines.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "config/loader.h"
#include "tests/support/paths.h"

namespace paperd::config {
namespace {

std::size_t indent_of(const std::string& line) {
    const std::size_t indent = line.find_first_not_of(' ');
    return indent == std::string::npos ? line.size() : indent;
}

bool is_blank_or_comment(const std::string& line) {
    const std::size_t indent = indent_of(line);
    return indent == line.size() || line[indent] == '#';
}

}  // namespace

std::vector<std::string> split_lines(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        lines.push_back(line);
    }
    return lines;
}

std::string join_lines(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) {
        text += line + "\n";
    }
    return text;
}

KeyLines find_lines(const std::vector<std::string>& lines, const std::string& path) {
    std::vector<std::pair<std::size_t, std::string>> around;  // indent and path of open sections
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::size_t indent = indent_of(lines[i]);
        const std::size_t colon = lines[i].find(':', indent);
        if (is_blank_or_comment(lines[i]) || colon == std::string::npos ||
            lines[i][indent] == '{') {
            continue;
        }
        while (!around.empty() && around.back().first >= indent) {
            around.pop_back();
        }
        const std::string name = lines[i].substr(indent, colon - indent);
        const std::string full = around.empty() ? name : around.back().second + "." + name;
        around.emplace_back(indent, full);
        if (full == path) {
            std::size_t end = i + 1;
            while (end < lines.size() && !is_blank_or_comment(lines[end]) &&
                   indent_of(lines[end]) > indent) {
                ++end;
            }
            return {.first = i, .end = end, .indent = indent};
        }
    }
    return {};
}

std::string with_value(const std::string& text, const std::string& path, const std::string& value) {
    std::vector<std::string> lines = split_lines(text);
    const KeyLines key = find_lines(lines, path);
    const auto at = [&](std::size_t i) { return lines.begin() + static_cast<std::ptrdiff_t>(i); };
    lines[key.first].erase(lines[key.first].find(':') + 1);
    lines[key.first] += " " + value;
    lines.erase(at(key.first + 1), at(key.end));
    return join_lines(lines);
}

std::string comment_of(const std::vector<std::string>& lines, const KeyLines& key) {
    const std::string& line = lines[key.first];
    if (const std::size_t behind = line.find("  # "); behind != std::string::npos) {
        return line.substr(behind + 4);
    }
    std::string comment;
    for (std::size_t i = key.first; i > 0 && indent_of(lines[i - 1]) < lines[i - 1].size() &&
                                    lines[i - 1][indent_of(lines[i - 1])] == '#';
         --i) {
        const std::string words = lines[i - 1].substr(indent_of(lines[i - 1]) + 2);
        comment = comment.empty() ? words : words + " " + comment;
    }
    return comment;
}

std::string read_text_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> job_names() {
    std::vector<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator(support::source_path("config"))) {
        if (file.path().extension() == ".yaml") {
            names.push_back(file.path().stem().string());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::string complaints(const std::string& yaml) {
    const auto config = parse_config(yaml, "job.yaml", {.check_files = false});
    return config.has_error() ? config.error().text : std::string();
}

}  // namespace paperd::config
