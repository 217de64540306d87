// The table of overlays: rules that scale or veto what another model wants, by what a model of
// their own says. An overlay carries nothing from slice to slice.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "execution/types/result.h"
#include "strategy/models/facts.h"

namespace paperd::strategy {

struct OverlaySettings {
    double veto_above = 0.5;  // regime_veto: P(bear) + P(high volatility) above it vetoes
};

struct OverlayEntry {
    std::string_view name;
    std::string_view about;               // a sentence
    std::vector<std::string_view> reads;  // outputs of its model
    // read: those numbers, in that order. What positions are multiplied with, in [0, 1]; 0 vetoes.
    double (*factor)(std::span<const double> read, const OverlaySettings& settings) = nullptr;
};

std::span<const OverlayEntry> overlays();

// nullptr when there is none of that name.
const OverlayEntry* find_overlay(std::string_view name);

std::vector<std::string> overlay_names();

// Places of what it reads among the model's outputs, in the overlay's order. Error: one is missing;
// says what the model has.
Result<std::vector<std::size_t>> places_read(const OverlayEntry& overlay, const ModelFacts& facts);

}  // namespace paperd::strategy
