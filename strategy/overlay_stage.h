// An overlay at work: a rule of the table over what its own model said last.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "execution/types/reason.h"
#include "strategy/model_stage.h"
#include "strategy/overlays/overlays.h"

namespace paperd::strategy {

// What overlays make of a group's positions. A reason other than none: one of them has nothing to
// say yet, so that there is no opinion; a factor of 0 is a veto.
struct OverlayWord {
    double factor = 1;
    Reason reason = Reason::none;
};

class OverlayStage {
public:
    // places: what the entry reads among the model's outputs (places_read).
    OverlayStage(const OverlayEntry& entry, OverlaySettings settings,
                 std::vector<std::size_t> places)
        : entry_(&entry), settings_(settings), places_(std::move(places)), read_(places_.size()) {}

    // Of the symbols of one group, which stand and fall together: the smallest factor.
    [[nodiscard]] OverlayWord say(const ModelStage& stage, std::span<const std::size_t> symbols);

    [[nodiscard]] std::span<const std::size_t> places() const { return places_; }

private:
    const OverlayEntry* entry_;
    OverlaySettings settings_;
    std::vector<std::size_t> places_;
    std::vector<double> read_;  // of the symbol at work
};

// Why a slot without numbers to trade on has none.
Reason reason_of(OutputState state);

}  // namespace paperd::strategy
