// One symbol's predictions to positions in [-1, 1], fed one prediction at a time (smoothing and
// gate count predictions, not bars). The incremental forms of the NumPy reference, equal within
// 1e-9. What a strategy uses, for groups of any kind, is position_rules.h.
#pragma once

#include <limits>
#include <memory>

#include "execution/types/blob.h"
#include "execution/types/decision_numbers.h"
#include "execution/types/reason.h"

namespace paperd::strategy {

struct PositionSettings {
    double vol_target = 0.01;  // volatility a bar
    double gate_percentile =
        60;  // attention: |smoothed| must exceed this percentile of its trailing window
    int gate_window = 252;        // predictions
    int smoothing = 3;            // attention: mean of the last predictions
    int confidence_window = 252;  // hybrid: median of the uncertainty over so many predictions
    // The regime filter (regime_filter.h): open above this distance from the mean of 50 bars and
    // below this multiple of the usual volatility.
    bool use_regime_filter = true;
    double trend_floor = 0.0075;
    double vol_ratio_max = 1.2;
    double regime_exit = 1;  // (0, 1]: once open, the floor x this and the ceiling / this; 1: none
    int regime_pause = 0;    // predictions that it stays closed for once it closed
    // pair: the probability of reverting that opens the spread, and the one below which it closes.
    double revert_entry = 0.6;
    double revert_exit = 0.5;
};

// What sizes a symbol's position, of its newest bar.
struct Sizing {
    double realized_vol = std::numeric_limits<double>::quiet_NaN();  // vol_20
    double usual_vol = std::numeric_limits<double>::quiet_NaN();     // vol_60_med
    double trend = std::numeric_limits<double>::quiet_NaN();         // trend_strength
    double regime_ok = 0;  // of the floor and the ceiling themselves, without exit
};

struct PositionInput {
    double prediction = 0;    // log return (the hybrid's edge)
    double uncertainty = 0;   // hybrid only
    double realized_vol = 0;  // vol_20; NaN or infinite counts as vol_target
    double regime_ok = 0;     // 1, 0; NaN counts as 0
    // What regime_ok was made of; needed where regime_exit is below 1.
    double usual_vol = std::numeric_limits<double>::quiet_NaN();
    double trend = std::numeric_limits<double>::quiet_NaN();
};

struct PositionOutput {
    double position = 0;  // in [-1, 1]; NaN where the model gave no number
    // Why it is zero: signal_gated before regime_off; not_finite with NaN; none otherwise.
    Reason reason = Reason::none;
    DecisionNumbers numbers = {};  // what gate, volatility target and regime filter saw
};

class PositionRule {
public:
    virtual ~PositionRule() = default;
    virtual PositionOutput next(const PositionInput& in) = 0;
    virtual void reset() = 0;
    virtual void save(BlobWriter& out) const = 0;
    virtual void load(BlobReader& in) = 0;
};

// smooth(3) -> tanh -> causal gate -> volatility targeting -> clip -> regime
// (finance.attention_positions).
std::unique_ptr<PositionRule> make_attention_positions(const PositionSettings& settings);

// tanh(edge / vol_target) x confidence -> volatility targeting -> clip -> regime
// (finance.hybrid_positions).
std::unique_ptr<PositionRule> make_hybrid_positions(const PositionSettings& settings);

}  // namespace paperd::strategy
