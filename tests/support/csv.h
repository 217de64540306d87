// The fields of a CSV line without quotes.
#pragma once

#include <string>
#include <vector>

namespace paperd::support {

inline std::vector<std::string> fields_of(const std::string& line) {
    std::vector<std::string> fields(1);
    for (const char c : line) {
        if (c == ',') {
            fields.emplace_back();
        } else {
            fields.back() += c;
        }
    }
    return fields;
}

}  // namespace paperd::support
