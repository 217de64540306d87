// The declarative table of keys: each key's path, type, unit, default, allowed values and meaning
// stand in one place (keys.cpp), and parsing, the effective text, the reference and the tests are
// made from it. A key's default is what its settings struct is initialised with.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/node.h"
#include "config/problems.h"

namespace paperd::config {

// A value as YAML: one scalar, or the items of a list.
struct Written {
    std::vector<std::string> items;
    bool list = false;

    [[nodiscard]] std::string text() const;  // in one line

    bool operator==(const Written&) const = default;
};

struct Key {
    std::string path;     // "risk.gross_leverage_max"
    std::string unit;     // a few words: what is counted, or which values there are
    std::string allowed;  // for people: "> 0 and <= 1, or off"; empty where the unit says it
    std::string about;    // what it does
    bool required = false;
    // Whether a run's results depend on it. Two processes of one run may differ in the others:
    // where files lie, what is logged, how a model was trained (the run knows it by its hash).
    bool decides = true;
    // Sets the value in the config, or complains.
    std::function<void(const Entry&, Config&, Problems&)> read;
    std::function<Written(const Config&)> write;

    [[nodiscard]] std::string_view section() const;  // "risk"; empty at the top
    [[nodiscard]] std::string_view leaf() const;     // "gross_leverage_max"

    // The default in one line, as comments show it.
    [[nodiscard]] std::string default_text() const;
};

struct Section {
    std::string path;     // "market.synthetic"
    std::string about;    // a sentence
    bool decides = true;  // as Key::decides, of all its keys
};

// Every key, grouped by section in the order of the reference; a section's own keys stand before
// its subsections. Built once.
const std::vector<Key>& keys();
std::span<const Section> sections();

// nullptr when there is none of that path.
const Key* find_key(std::string_view path);
const Section* find_section(std::string_view path);

}  // namespace paperd::config
