// How long a bar is. One type for slices, files, models and resampling; texts are those of configs
// and bundles.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "execution/types/timestamp.h"

namespace paperd {

enum class BarInterval : std::uint8_t { minute_1, minute_5, minute_15, hour_1, day_1, month_1 };

// By BarInterval, ascending.
inline constexpr std::array<std::string_view, 6> kBarIntervalNames = {"1m", "5m", "15m",
                                                                      "1h", "1d", "1mo"};

constexpr std::string_view bar_interval_name(BarInterval interval) {
    return kBarIntervalNames.at(static_cast<std::size_t>(interval));
}

// "1d" -> day_1; none for another text.
constexpr std::optional<BarInterval> bar_interval_named(std::string_view name) {
    for (std::size_t i = 0; i < kBarIntervalNames.size(); ++i) {
        if (kBarIntervalNames.at(i) == name) {
            return static_cast<BarInterval>(i);
        }
    }
    return std::nullopt;
}

// Shorter than a session: bars carry times of the day, and a session has many.
constexpr bool is_intraday(BarInterval interval) { return interval < BarInterval::day_1; }

// Length in time; a daily bar counts as 24 hours, a monthly one as 30 days.
constexpr Nanoseconds bar_length(BarInterval interval) {
    using std::chrono::hours;
    using std::chrono::minutes;
    switch (interval) {
        case BarInterval::minute_1:
            return minutes{1};
        case BarInterval::minute_5:
            return minutes{5};
        case BarInterval::minute_15:
            return minutes{15};
        case BarInterval::hour_1:
            return hours{1};
        case BarInterval::day_1:
            return hours{24};
        case BarInterval::month_1:
            return hours{24 * 30};
    }
    return hours{24};
}

}  // namespace paperd
