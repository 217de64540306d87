// Everything that one slice did. The journal writes it; recovery and `verify` compare it.
#pragma once

#include <cstdint>
#include <iterator>
#include <vector>

#include "execution/types/corporate_action.h"
#include "execution/types/decision.h"
#include "execution/types/fill.h"
#include "execution/types/incident.h"
#include "execution/types/ledger_entry.h"
#include "execution/types/model_output.h"
#include "execution/types/order.h"
#include "execution/types/position.h"
#include "execution/types/slice.h"

namespace paperd {

enum class TradingState : std::uint8_t { active, reducing, halted };

constexpr const char* trading_state_name(TradingState state) {
    constexpr const char* kNames[] = {"active", "reducing", "halted"};
    const auto at = static_cast<std::size_t>(state);
    return at < std::size(kNames) ? kNames[at] : "unknown";
}

// A position as it stands after the slice, for symbols whose position changed in it.
struct PositionChange {
    SymbolId symbol{};
    Position position;

    bool operator==(const PositionChange&) const = default;
};

// In warm-up there are no decision rows; what of the signals decides later results is kept here, so
// that a replay can start from the stored numbers: predictions, which models and rules carry on,
// and weights, whose signs are wishes (strategy/wish_lengths.h).
struct WarmupPrediction {
    SymbolId symbol{};
    double prediction = kUnknown;
    double uncertainty = kUnknown;
    double weight = kUnknown;  // Signal::weight; unknown for a strategy without a forecast
};

struct Step {
    std::int64_t slice_id = 0;
    bool warmup = false;
    std::vector<CorporateAction> corporate_actions;
    std::vector<Fill> fills;          // in the order of their ids
    std::vector<LedgerEntry> ledger;  // in the order they were booked
    std::vector<PositionChange> positions;
    std::vector<Decision> decisions;  // every symbol of the universe, ascending; empty in warm-up
    std::vector<RiskAdjustment> adjustments;
    std::vector<Order> orders;  // each order that is new or changed in this slice, as it now stands
    std::vector<Incident> incidents;
    std::vector<WarmupPrediction> warmup_predictions;  // of warm-up slices, where there is one
    std::vector<ModelOutputRow> model_outputs;  // warm-up too; ascending by (model, group), once
    Equity equity;
    TradingState trading_state = TradingState::active;
    Reason trading_state_reason = Reason::none;
    std::uint64_t model_digest = 0;  // of the model's carried state after the slice
    std::uint64_t state_hash =
        0;  // chains: hash of (the one before, this Step, the portfolio, model_digest)
};

}  // namespace paperd
