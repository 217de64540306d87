// A YAML document as plain values with their lines: all that config/ sees of YAML behind the door
// in loader.cpp. Maps keep the file's order and their duplicates, so that the reader can complain
// of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace paperd::config {

struct Entry;

struct Node {
    enum class Kind : std::uint8_t {
        empty,  // nothing written, or null
        text,   // any scalar, as written; its type is the key's business
        list,
        map,
        refused,  // YAML that is not used here and was complained about already
    };

    Kind kind = Kind::empty;
    int line = 1;
    std::string text;
    bool quoted = false;  // then it is text, even if it looks like a number
    std::vector<Node> items;
    std::vector<Entry> entries;
};

struct Entry {
    std::string key;
    int line = 1;  // of the key
    Node value;
};

}  // namespace paperd::config
