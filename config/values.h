// The values of keys as text, both ways, the same in every locale.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "config/node.h"
#include "config/problems.h"
#include "execution/types/fixed.h"
#include "execution/types/timestamp.h"

namespace paperd::config {

// Allowed numbers, ends included unless open; high may be infinite.
struct Range {
    double low = 0;
    double high = std::numeric_limits<double>::infinity();
    bool low_open = false;
    bool high_open = false;

    [[nodiscard]] bool contains(double value) const;
    [[nodiscard]] std::string text() const;  // "> 0 and <= 1"
};

constexpr Range between(double low, double high) { return {.low = low, .high = high}; }

constexpr Range above(double low, double high) {
    return {.low = low, .high = high, .low_open = true};
}

constexpr Range inside(double low, double high) {
    return {.low = low, .high = high, .low_open = true, .high_open = true};
}

constexpr Range below(double low, double high) {
    return {.low = low, .high = high, .high_open = true};
}

// What a reader knows of its key: the words of its complaints.
struct Field {
    std::string path;  // "risk.gross_leverage_max"
    std::string unit;
};

// Readers of one entry's value. Nothing, with the reason among the problems, when it is not one.
std::optional<double> read_number(const Entry& entry, const Field& field, const Range& range,
                                  Problems& problems);
std::optional<std::int64_t> read_integer(const Entry& entry, const Field& field, const Range& range,
                                         Problems& problems);
std::optional<std::int64_t> read_scaled(const Entry& entry, const Field& field, const Range& range,
                                        Problems& problems);  // Money and Quantity, raw
std::optional<bool> read_boolean(const Entry& entry, const Field& field, Problems& problems);
std::optional<std::size_t> read_choice(const Entry& entry, const Field& field,
                                       const std::vector<std::string>& names, Problems& problems);
std::optional<Day> read_day(const Entry& entry, const Field& field, Problems& problems);
std::optional<std::string> read_text(const Entry& entry, const Field& field, Problems& problems);

// A list of names, each of letters, digits and `also`, no name twice. `what`: "symbol", "column".
std::optional<std::vector<std::string>> read_names(const Entry& entry, const Field& field,
                                                   std::string_view what, std::string_view also,
                                                   std::size_t count_max, Problems& problems);

// The bare word `off` (or another), which lifts an optional setting.
bool is_word(const Node& node, std::string_view word);

// What a node is, for complaints: "'abc'", "a list", "empty".
std::string described(const Node& node);

// The shortest decimal text that reads back as the same double: no exponent from 1e-7 to 1e15.
std::string number_text(double value);

// Text as a YAML scalar: plain where nobody could take it for anything else, else in double quotes.
std::string yaml_text(std::string_view text);

}  // namespace paperd::config
