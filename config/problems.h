// What is wrong with a config, collected so that all of it is reported at once.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace paperd::config {

class Problems {
public:
    // line: 1-based. text: what is wrong, why, and the remedy, without place.
    void add(int line, std::string text);

    [[nodiscard]] std::size_t count() const { return found_.size(); }

    // "path:line: text", a line each, by line; those of one line in the order they were found.
    [[nodiscard]] std::string report(std::string_view path) const;

private:
    struct Problem {
        int line = 1;
        std::string text;
    };

    std::vector<Problem> found_;
};

// The candidate that `word` was most likely meant to be, by edit distance with letter case ignored
// (a swap of neighbours counts one), or as the beginning of a longer name. Empty when none is near.
std::string nearest_name(std::string_view word, std::span<const std::string> candidates);

}  // namespace paperd::config
