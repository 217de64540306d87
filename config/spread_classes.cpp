#include "config/spread_classes.h"

#include <fmt/format.h>

namespace paperd::config {
namespace {

constexpr const char* kVolume = "dollar_volume_day_min";
constexpr const char* kSpread = "spread_bps";
constexpr std::size_t kClassesMax = 100;
constexpr Range kVolumeRange = between(0, 1e15);
constexpr Range kSpreadRange = between(0, 10'000);

// One class: exactly the two keys.
std::optional<execution::SpreadClass> read_class(const Node& item, const Field& field,
                                                 Problems& problems) {
    if (item.kind == Node::Kind::refused) {
        return std::nullopt;
    }
    const Entry* volume = nullptr;
    const Entry* spread = nullptr;
    bool clear = item.kind == Node::Kind::map;
    for (const Entry& entry : item.entries) {
        const Entry*& place = entry.key == kVolume ? volume : spread;
        clear = clear && (entry.key == kVolume || entry.key == kSpread) && place == nullptr;
        place = &entry;
    }
    if (!clear || volume == nullptr || spread == nullptr) {
        problems.add(item.line, fmt::format("{} has a class that is not clear; write each as "
                                            "{{{}: 1000000, {}: 20}}",
                                            field.path, kVolume, kSpread));
        return std::nullopt;
    }
    const auto least = read_number(*volume, {field.path + "." + kVolume, "account currency a day"},
                                   kVolumeRange, problems);
    const auto bps = read_number(*spread, {field.path + "." + kSpread, "bp, full spread"},
                                 kSpreadRange, problems);
    if (!least || !bps) {
        return std::nullopt;
    }
    return execution::SpreadClass{.dollar_volume_day_min = *least, .spread_bps = *bps};
}

}  // namespace

std::optional<std::vector<execution::SpreadClass>> read_spread_classes(const Entry& entry,
                                                                       const Field& field,
                                                                       Problems& problems) {
    const Node& list = entry.value;
    if (list.kind != Node::Kind::list || list.items.empty() || list.items.size() > kClassesMax) {
        problems.add(entry.line,
                     fmt::format("{} is {}, but a list of 1 to {} classes is needed; write "
                                 "[{{{}: 0, {}: 5}}] for one spread for all",
                                 field.path,
                                 list.kind == Node::Kind::list ? "a list of another length"
                                                               : described(list),
                                 kClassesMax, kVolume, kSpread));
        return std::nullopt;
    }
    const std::size_t before = problems.count();
    std::vector<execution::SpreadClass> classes;
    for (const Node& item : list.items) {
        if (const auto read = read_class(item, field, problems)) {
            classes.push_back(*read);
        }
    }
    if (classes.size() != list.items.size()) {
        return std::nullopt;
    }
    for (std::size_t i = 1; i < classes.size(); ++i) {
        if (classes[i].dollar_volume_day_min >= classes[i - 1].dollar_volume_day_min) {
            problems.add(list.items[i].line,
                         fmt::format("{} goes up from {} to {}, so that the class could never be "
                                     "charged; order them from the largest volume to 0",
                                     field.path, number_text(classes[i - 1].dollar_volume_day_min),
                                     number_text(classes[i].dollar_volume_day_min)));
        }
    }
    if (classes.back().dollar_volume_day_min != 0) {
        problems.add(list.items.back().line,
                     fmt::format("{} ends with {}, so that smaller symbols have no spread; let the "
                                 "last class begin at 0",
                                 field.path, number_text(classes.back().dollar_volume_day_min)));
    }
    return problems.count() == before ? std::optional(std::move(classes)) : std::nullopt;
}

Written write_spread_classes(const std::vector<execution::SpreadClass>& classes) {
    Written written{.items = {}, .list = true};
    for (const execution::SpreadClass& spread : classes) {
        written.items.push_back(fmt::format("{{{}: {}, {}: {}}}", kVolume,
                                            number_text(spread.dollar_volume_day_min), kSpread,
                                            number_text(spread.spread_bps)));
    }
    return written;
}

}  // namespace paperd::config
