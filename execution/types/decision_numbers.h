// The numbers behind a decision's reason: what the gate, the regime filter, the cost gate and the
// band saw. Kept as they are stored: which of them are known, then those alone, so that a decision
// about which nothing was asked costs nothing.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace paperd {

// In the order in which they are stored; new ones go to the end.
enum class DecisionNumber : std::uint8_t {
    smoothed,
    gate_threshold,
    realized_vol,
    trend,
    trend_floor,
    vol_ratio,
    vol_ratio_max,
    position,
    forecast,
    holding_bars,
    edge,
    round_trip,
    wanted_change,
    band,
    regime_pause
};

struct DecisionNumberText {
    std::string_view name;
    std::string_view meaning;
};

// By DecisionNumber.
inline constexpr std::array<DecisionNumberText, 15> kDecisionNumberTexts = {{
    {"smoothed", "mean of the last predictions, which the gate judges"},
    {"gate_threshold", "|smoothed| has to exceed it"},
    {"realized_vol", "volatility of a bar that sizes the position"},
    {"trend", "strength of the trend"},
    {"trend_floor", "the trend has to reach it, as it was in force"},
    {"vol_ratio", "short over long volatility"},
    {"vol_ratio_max", "the ratio must not exceed it, as it was in force"},
    {"position", "of -1 to 1, before the share of the symbol"},
    {"forecast", "log return of a bar that the cost gate judges"},
    {"holding_bars", "bars that the forecast is expected to be earned over"},
    {"edge", "forecast x holding in the trade's direction, log return"},
    {"round_trip", "estimated cost of getting in and out, fraction of the price"},
    {"wanted_change", "target - position - open orders at the close, account currency, signed"},
    {"band", "a smaller change is not traded, account currency"},
    {"regime_pause", "predictions that the closed regime filter still stays so"},
}};

class DecisionNumbers {
public:
    static constexpr std::size_t kCount = kDecisionNumberTexts.size();

    // A NaN is not kept.
    void set(DecisionNumber number, double value);

    // NaN where it is not known.
    [[nodiscard]] double get(DecisionNumber number) const {
        return has(number) ? packed_[place(number)] : std::numeric_limits<double>::quiet_NaN();
    }

    [[nodiscard]] bool has(DecisionNumber number) const { return (mask_ & bit(number)) != 0; }

    // The stored form: a set of bits as a whole number, then the known numbers in their order;
    // empty where there are none. Valid until the next change.
    [[nodiscard]] std::span<const double> packed() const {
        return {packed_.data(),
                mask_ == 0 ? 0 : 1 + static_cast<std::size_t>(std::popcount(mask_))};
    }

    // False, and nothing known, where `packed` is no stored form.
    bool unpack(std::span<const double> packed);

private:
    static constexpr std::uint32_t bit(DecisionNumber number) {
        return std::uint32_t{1} << static_cast<unsigned>(number);
    }

    [[nodiscard]] std::size_t place(DecisionNumber number) const {
        return 1 + static_cast<std::size_t>(std::popcount(mask_ & (bit(number) - 1)));
    }

    std::uint32_t mask_ = 0;
    std::array<double, kCount + 1> packed_{};
};

}  // namespace paperd
