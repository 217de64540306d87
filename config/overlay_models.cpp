#include "config/overlay_models.h"

#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/key_types.h"
#include "config/values.h"
#include "strategy/overlays/overlays.h"

namespace paperd::config {
namespace {

constexpr const char* kRule = "rule";
constexpr const char* kModel = "model";
constexpr std::size_t kOverlaysMax = 10;

Field overlays_field() {
    return {"strategy.overlays", fmt::format("[{{{}: NAME, {}: FILE}}, ...]", kRule, kModel)};
}

// One overlay: exactly the two keys.
std::optional<strategy::OverlayModel> read_overlay(const Node& item, const Config& config,
                                                   Problems& problems) {
    const Field field = overlays_field();
    if (item.kind == Node::Kind::refused) {
        return std::nullopt;
    }
    const Entry* rule = nullptr;
    const Entry* model = nullptr;
    bool clear = item.kind == Node::Kind::map;
    for (const Entry& entry : item.entries) {
        const Entry*& place = entry.key == kRule ? rule : model;
        clear = clear && (entry.key == kRule || entry.key == kModel) && place == nullptr;
        place = &entry;
    }
    if (!clear || rule == nullptr || model == nullptr) {
        problems.add(item.line,
                     fmt::format("{} has an entry that is not clear; write each as {{{}: {}, {}: "
                                 "models/regime.pmb}}",
                                 field.path, kRule, strategy::overlays().front().name, kModel));
        return std::nullopt;
    }
    const std::vector<std::string> names = strategy::overlay_names();
    const auto chosen =
        read_choice(*rule, {field.path + "." + kRule, fmt::format("{}", fmt::join(names, " | "))},
                    names, problems);
    auto path = read_text(*model, {field.path + "." + kModel, "bundle, or NAME.ts"}, problems);
    if (!chosen || !path) {
        return std::nullopt;
    }
    return strategy::OverlayModel{.rule = names[*chosen],
                                  .path = key_types::path_to_open(config, *path)};
}

void read_overlays(const Entry& entry, Config& config, Problems& problems) {
    const Node& list = entry.value;
    if (list.kind != Node::Kind::list || list.items.size() > kOverlaysMax) {
        problems.add(entry.line,
                     fmt::format("{} is {}, but a list of at most {} overlays is needed; write "
                                 "{}, or [] for none",
                                 overlays_field().path,
                                 list.kind == Node::Kind::list ? "a longer list" : described(list),
                                 kOverlaysMax, overlays_field().unit));
        return;
    }
    std::vector<strategy::OverlayModel> overlays;
    for (const Node& item : list.items) {
        if (auto overlay = read_overlay(item, config, problems)) {
            overlays.push_back(std::move(*overlay));
        }
    }
    config.strategy.overlay_models = std::move(overlays);
}

Written write_overlays(const Config& config) {
    Written written{.items = {}, .list = true};
    for (const strategy::OverlayModel& overlay : config.strategy.overlay_models) {
        written.items.push_back(
            fmt::format("{{{}: {}, {}: {}}}", kRule, overlay.rule, kModel,
                        yaml_text(key_types::path_to_write(config, overlay.path))));
    }
    return written;
}

}  // namespace

Key overlay_models_key() {
    const Field field = overlays_field();
    return {.path = field.path,
            .unit = field.unit,
            .allowed = fmt::format("{}: {}", kRule, fmt::join(strategy::overlay_names(), " | ")),
            .about =
                "Models that scale or veto what the forecaster wants, in the order in which they "
                "speak; files as model.path.",
            .read = read_overlays,
            .write = write_overlays};
}

}  // namespace paperd::config
