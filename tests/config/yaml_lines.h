// Where a config's keys stand in its text, found by indentation alone: independent of the YAML
// parser, so that tests can break a key and know the line that must be named.
#pragma once

#include <string>
#include <vector>

namespace paperd::config {

struct KeyLines {
    std::size_t first = 0;  // 0-based, of the key
    std::size_t end = 0;    // one past the last line of its value
    std::size_t indent = 0;
};

std::vector<std::string> split_lines(const std::string& text);
std::string join_lines(const std::vector<std::string>& lines);

// The key's or section's lines; first == end when it is not there.
KeyLines find_lines(const std::vector<std::string>& lines, const std::string& path);

// The text with the key's value (all its lines) replaced.
std::string with_value(const std::string& text, const std::string& path, const std::string& value);

// The comment behind the key's value, or above it, in one line and without '#'.
std::string comment_of(const std::vector<std::string>& lines, const KeyLines& key);

std::string read_text_file(const std::string& path);

// The ready-made jobs in config/, without ".yaml", in the order of their names.
std::vector<std::string> job_names();

// What parse_config says of the text, files not checked; empty when nothing.
std::string complaints(const std::string& yaml);

}  // namespace paperd::config
