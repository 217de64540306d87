#include "config/reader.h"

#include <vector>

#include <fmt/format.h>

#include "config/key.h"
#include "config/values.h"

namespace paperd::config {
namespace {

constexpr std::size_t kEntriesMax = 1000;  // of one section; looking for what was meant takes time

std::string joined(std::string_view section, std::string_view leaf) {
    return section.empty() ? std::string(leaf) : fmt::format("{}.{}", section, leaf);
}

bool is_directly_in(std::string_view path, std::string_view section) {
    const std::size_t dot = path.rfind('.');
    return (dot == std::string_view::npos ? std::string_view() : path.substr(0, dot)) == section;
}

// `path` itself and every key below it, if it is a section.
void doubt(std::string_view path, Reading& reading) {
    for (const Key& key : keys()) {
        if (key.path == path || key.path.starts_with(std::string(path) + ".")) {
            reading.in_doubt.insert(key.path);
        }
    }
}

class Reader {
public:
    Reader(Config& config, Reading& reading, Problems& problems)
        : config_(config), reading_(reading), problems_(problems) {}

    void read_section(const Node& map, const std::string& section) {
        if (map.entries.size() > kEntriesMax) {
            problems_.add(map.line,
                          fmt::format("{} has {} keys, more than there are; is this a config?",
                                      section.empty() ? "the top" : section, map.entries.size()));
            for (const Key& key : keys()) {
                doubt(key.path, reading_);
            }
            return;
        }
        for (const Entry& entry : map.entries) {
            const std::string path = joined(section, entry.key);
            if (entry.value.kind == Node::Kind::refused) {
                doubt(path, reading_);
            } else if (const auto before = reading_.lines.find(path);
                       before != reading_.lines.end()) {
                problems_.add(entry.line, fmt::format("{} is given twice (before on line {}), and "
                                                      "only one can hold; remove one",
                                                      path, before->second));
                doubt(path, reading_);
            } else if (const Key* key = find_key(path)) {
                read_key(*key, entry);
            } else if (find_section(path) != nullptr) {
                enter_section(path, entry);
            } else {
                complain_of_unknown(path, section, entry, map);
            }
        }
    }

private:
    void read_key(const Key& key, const Entry& entry) {
        reading_.lines.emplace(key.path, entry.line);
        const std::size_t before = problems_.count();
        key.read(entry, config_, problems_);
        if (problems_.count() != before) {
            doubt(key.path, reading_);
        }
    }

    void enter_section(const std::string& path, const Entry& entry) {
        reading_.lines.emplace(path, entry.line);
        if (entry.value.kind == Node::Kind::map) {
            read_section(entry.value, path);
        } else if (entry.value.kind != Node::Kind::empty) {
            problems_.add(entry.line, fmt::format("{} is {}, but a group of keys is needed; indent "
                                                  "its keys below it",
                                                  path, described(entry.value)));
            doubt(path, reading_);
        }
    }

    void complain_of_unknown(const std::string& path, const std::string& section,
                             const Entry& entry, const Node& map) {
        const std::string meant = meant_by(entry.key, section, map);
        problems_.add(
            entry.line,
            meant.empty()
                ? fmt::format("{} is no key that paperd knows; remove it ('paperd check "
                              "--reference' prints every key)",
                              path)
                : fmt::format("{} is no key that paperd knows; did you mean '{}'?", path, meant));
        doubt(meant, reading_);
    }

    // The key or section probably meant: of the same section and not given yet, of the same section
    // at all, or of the same name elsewhere.
    static std::string meant_by(const std::string& name, const std::string& section,
                                const Node& map) {
        std::vector<std::string> missing;
        std::vector<std::string> all;
        const auto offer = [&](const std::string& path) {
            if (!is_directly_in(path, section)) {
                return;
            }
            const std::string leaf = path.substr(section.empty() ? 0 : section.size() + 1);
            bool given = false;
            for (const Entry& entry : map.entries) {
                given = given || entry.key == leaf;
            }
            all.push_back(leaf);
            if (!given) {
                missing.push_back(leaf);
            }
        };
        for (const Key& key : keys()) {
            offer(key.path);
        }
        for (const Section& known : sections()) {
            offer(known.path);
        }
        for (const std::vector<std::string>* offered : {&missing, &all}) {
            const std::string near = nearest_name(name, *offered);
            if (!near.empty()) {
                return joined(section, near);
            }
        }
        for (const Key& key : keys()) {
            if (key.leaf() == name) {
                return key.path;
            }
        }
        return {};
    }

    Config& config_;
    Reading& reading_;
    Problems& problems_;
};

}  // namespace

int Reading::line_of(std::initializer_list<std::string_view> paths) const {
    for (const std::string_view path : paths) {
        if (const auto found = lines.find(path); found != lines.end()) {
            return found->second;
        }
    }
    std::string_view around = *paths.begin();
    for (std::size_t dot = around.rfind('.'); dot != std::string_view::npos;
         dot = around.rfind('.')) {
        around = around.substr(0, dot);
        if (const auto found = lines.find(around); found != lines.end()) {
            return found->second;
        }
    }
    return 1;
}

Reading read_document(const Node& root, Config& config, Problems& problems) {
    Reading reading;
    Reader(config, reading, problems).read_section(root, "");
    for (const Key& key : keys()) {
        if (key.required && !reading.has(key.path) && !reading.doubts(key.path)) {
            problems.add(
                reading.line_of({key.path}),
                fmt::format("{0} is missing, and nothing can stand for it; add '{1}:' ({2})",
                            key.path, key.leaf(), key.unit));
            doubt(key.path, reading);
        }
    }
    return reading;
}

}  // namespace paperd::config
