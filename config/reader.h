// A document into a Config, key by key, by the table.
#pragma once

#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "config/config.h"
#include "config/node.h"
#include "config/problems.h"

namespace paperd::config {

// What the document had to say of each key: the later checks need to know where to point, and what
// not to speak of again.
struct Reading {
    std::map<std::string, int, std::less<>> lines;  // of every key and section that is there
    // Keys that were complained of, and those that an unknown name probably meant.
    std::set<std::string, std::less<>> in_doubt;

    [[nodiscard]] bool has(std::string_view path) const { return lines.contains(path); }

    [[nodiscard]] bool doubts(std::string_view path) const { return in_doubt.contains(path); }

    // The first of the paths that is there, else the nearest section around the first, else 1.
    [[nodiscard]] int line_of(std::initializer_list<std::string_view> paths) const;
};

// Sets what the document says in `config` (config.path must be set) and complains of unknown keys,
// keys given twice, wrong values and required keys that are missing. root is a map or empty.
Reading read_document(const Node& root, Config& config, Problems& problems);

}  // namespace paperd::config
