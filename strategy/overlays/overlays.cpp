#include "strategy/overlays/overlays.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace paperd::strategy {

namespace {

// read: p_bear, p_high_vol.
double regime_veto(std::span<const double> read, const OverlaySettings& settings) {
    return read[0] + read[1] > settings.veto_above ? 0 : 1;
}

// read: p_bull, p_low_vol. What is left when no more than the two good regimes are counted on; a
// short position is scaled likewise, for nothing is said of the direction.
double regime_scale(std::span<const double> read, const OverlaySettings& /*settings*/) {
    return std::clamp(read[0] + read[1], 0.0, 1.0);
}

}  // namespace

std::span<const OverlayEntry> overlays() {
    static const std::vector<OverlayEntry> kTable = {
        {.name = "regime_veto",
         .about = "Flat where P(bear) + P(high volatility) is above strategy.veto_above.",
         .reads = {"p_bear", "p_high_vol"},
         .factor = regime_veto},
        {.name = "regime_scale",
         .about = "Positions x (P(bull) + P(low volatility)).",
         .reads = {"p_bull", "p_low_vol"},
         .factor = regime_scale},
    };
    return kTable;
}

const OverlayEntry* find_overlay(std::string_view name) {
    const auto table = overlays();
    const auto found = std::ranges::find(table, name, &OverlayEntry::name);
    return found == table.end() ? nullptr : &*found;
}

std::vector<std::string> overlay_names() {
    std::vector<std::string> names;
    for (const OverlayEntry& overlay : overlays()) {
        names.emplace_back(overlay.name);
    }
    return names;
}

Result<std::vector<std::size_t>> places_read(const OverlayEntry& overlay, const ModelFacts& facts) {
    std::vector<std::size_t> places;
    for (const std::string_view name : overlay.reads) {
        const auto found = std::ranges::find(facts.outputs, name);
        if (found == facts.outputs.end()) {
            return fail(fmt::format("the overlay '{}' reads {}, and the model gives {}; choose "
                                    "another overlay or model",
                                    overlay.name, name, fmt::join(facts.outputs, ", ")),
                        ErrorKind::usage);
        }
        places.push_back(static_cast<std::size_t>(found - facts.outputs.begin()));
    }
    return places;
}

}  // namespace paperd::strategy
