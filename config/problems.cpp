#include "config/problems.h"

#include <algorithm>

#include <fmt/format.h>

namespace paperd::config {
namespace {

constexpr std::size_t kWordMax = 64;  // longer words are no slip of the finger

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b) {
    const std::size_t width = b.size() + 1;
    std::vector<std::size_t> table((a.size() + 1) * width);
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j < width; ++j) {
            std::size_t& cell = table[i * width + j];
            if (i == 0 || j == 0) {
                cell = i + j;
                continue;
            }
            const std::size_t replaced =
                table[(i - 1) * width + j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            cell =
                std::min({table[(i - 1) * width + j] + 1, table[i * width + j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                cell = std::min(cell, table[(i - 2) * width + j - 2] + 1);
            }
        }
    }
    return table.back();
}

}  // namespace

void Problems::add(int line, std::string text) { found_.push_back({line, std::move(text)}); }

std::string Problems::report(std::string_view path) const {
    std::vector<Problem> sorted = found_;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const Problem& a, const Problem& b) { return a.line < b.line; });
    std::string text;
    for (const Problem& problem : sorted) {
        text +=
            fmt::format("{}{}:{}: {}", text.empty() ? "" : "\n", path, problem.line, problem.text);
    }
    return text;
}

std::string nearest_name(std::string_view word, std::span<const std::string> candidates) {
    if (word.empty() || word.size() > kWordMax) {
        return {};
    }
    const std::string asked = lower(word);
    std::string best;
    std::size_t best_distance = std::max<std::size_t>(1, asked.size() / 3) + 1;
    for (const std::string& candidate : candidates) {
        const std::size_t distance = edit_distance(asked, lower(candidate));
        if (distance < best_distance) {
            best = candidate;
            best_distance = distance;
        }
    }
    constexpr std::size_t kBeginningMin = 3;
    for (const std::string& candidate : candidates) {
        if (best.empty() && asked.size() >= kBeginningMin && lower(candidate).starts_with(asked)) {
            best = candidate;
        }
    }
    return best;
}

}  // namespace paperd::config
