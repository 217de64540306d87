#include "config/key.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace paperd::config {
namespace {

constexpr std::size_t kDefaultShownMax = 72;  // a longer default is left to the reference

}  // namespace

std::string Written::text() const {
    return list ? fmt::format("[{}]", fmt::join(items, ", ")) : items.front();
}

std::string_view Key::section() const {
    const std::size_t dot = path.rfind('.');
    return dot == std::string::npos ? std::string_view() : std::string_view(path).substr(0, dot);
}

std::string_view Key::leaf() const {
    return std::string_view(path).substr(path.rfind('.') + 1);  // npos + 1 is 0
}

std::string Key::default_text() const {
    if (required) {
        return "none, must be given";
    }
    const Written value = write(Config{});
    const std::string text = value.text();
    return text.size() <= kDefaultShownMax
               ? text
               : fmt::format("{} entries, see the reference", value.items.size());
}

const Key* find_key(std::string_view path) {
    static const auto kByPath = [] {
        std::map<std::string_view, const Key*> by_path;
        for (const Key& key : keys()) {
            by_path.emplace(key.path, &key);
        }
        return by_path;
    }();
    const auto found = kByPath.find(path);
    return found == kByPath.end() ? nullptr : found->second;
}

const Section* find_section(std::string_view path) {
    const auto all = sections();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Section& s) { return s.path == path; });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace paperd::config
