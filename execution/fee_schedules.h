// The tables behind fees.h: the two fees on sells of US stocks by the day they began, and the
// ready-made schedules. Data with their sources, nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "execution/fees.h"

namespace paperd::execution {

struct Section31Rate {
    Day first_day{};
    std::int64_t rate_e8 = 0;  // of the notional sold: USD a million x 100
};

struct TafRate {
    Day first_day{};
    Price per_share;  // sold
    Money fill_max;
};

// Ascending by day.
std::span<const Section31Rate> section_31_rates();
std::span<const TafRate> taf_rates();

// The last row that began by that day; the first one before all of them.
const Section31Rate& section_31_on(Day day);
const TafRate& taf_on(Day day);

struct FeePreset {
    const char* name = nullptr;
    FeeTerms terms;
    std::optional<double> slippage_bps = std::nullopt;  // goes before costs.slippage_bps
    const char* about = nullptr;                        // what it charges, and who does
};

std::span<const FeePreset> fee_presets();

// schedule is not custom.
const FeePreset& fee_preset(FeeSchedule schedule);

}  // namespace paperd::execution
