#include "config/closures.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "config/values.h"

namespace paperd::config {
namespace {

constexpr std::size_t kClosuresMax = 1000;
constexpr std::size_t kDayLength = 10;  // "2025-01-09"

// "13:00", after midnight; nothing where it is none.
std::optional<std::chrono::minutes> parse_minutes(std::string_view text) {
    const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
    if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) {
        return std::nullopt;
    }
    const int hours = (text[0] - '0') * 10 + (text[1] - '0');
    const int minutes = (text[3] - '0') * 10 + (text[4] - '0');
    if (hours > 23 || minutes > 59) {
        return std::nullopt;
    }
    return std::chrono::minutes{hours * 60 + minutes};
}

std::optional<Closure> parse_closure(std::string_view text) {
    const auto day = parse_day(text.substr(0, kDayLength));
    if (day.has_error()) {
        return std::nullopt;
    }
    if (text.size() == kDayLength) {
        return Closure{.day = *day, .closes = {}};
    }
    const auto closes =
        text[kDayLength] == ' ' ? parse_minutes(text.substr(kDayLength + 1)) : std::nullopt;
    return closes ? std::optional(Closure{.day = *day, .closes = closes}) : std::nullopt;
}

std::string closure_text(const Closure& closure) {
    return closure.closes ? fmt::format("{} {:02}:{:02}", day_text(closure.day),
                                        closure.closes->count() / 60, closure.closes->count() % 60)
                          : day_text(closure.day);
}

void read_closures(const Entry& entry, const std::string& path, Config& config,
                   Problems& problems) {
    const Node& list = entry.value;
    if (list.kind == Node::Kind::refused) {
        return;
    }
    if (list.kind != Node::Kind::list || list.items.size() > kClosuresMax) {
        problems.add(
            entry.line,
            fmt::format("{} is {}, but a list of days is needed, at most {}; write "
                        "[2025-01-09, \"2025-07-02 13:00\"]",
                        path, list.kind == Node::Kind::list ? "a longer list" : described(list),
                        kClosuresMax));
        return;
    }
    config.closures.clear();
    for (const Node& item : list.items) {
        if (item.kind == Node::Kind::refused) {
            continue;
        }
        const auto closure =
            item.kind == Node::Kind::text ? parse_closure(item.text) : std::nullopt;
        if (closure) {
            config.closures.push_back(*closure);
        } else {
            problems.add(item.line,
                         fmt::format("{} lists {}, which is no day, nor a day and a time; write "
                                     "2025-01-09, or \"2025-07-02 13:00\" for an early close",
                                     path, described(item)));
        }
    }
}

}  // namespace

Key closures_key(const std::string& path, const std::string& about) {
    return {.path = path,
            .unit = "list of days, or days and times",
            .allowed = fmt::format("at most {}", kClosuresMax),
            .about = about,
            .read = [path](const Entry& entry, Config& config,
                           Problems& problems) { read_closures(entry, path, config, problems); },
            .write =
                [](const Config& config) {
                    Written written{.items = {}, .list = true};
                    for (const Closure& closure : config.closures) {
                        written.items.push_back(yaml_text(closure_text(closure)));
                    }
                    return written;
                }};
}

}  // namespace paperd::config
