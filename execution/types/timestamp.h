// Instants in UTC nanoseconds and calendar days of a venue. The clock is read only at the daemon's
// edge; everything else gets its times as values.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "execution/types/result.h"

namespace paperd {

using Timestamp = std::chrono::sys_time<std::chrono::nanoseconds>;
using Nanoseconds = std::chrono::nanoseconds;

// A venue's day: days since 1970-01-01 on the venue's own calendar (New York for stocks, UTC for
// crypto).
using Day = std::chrono::local_days;

constexpr std::int64_t to_ns(Timestamp t) { return t.time_since_epoch().count(); }

constexpr Timestamp from_ns(std::int64_t ns) { return Timestamp{Nanoseconds{ns}}; }

constexpr std::int32_t day_number(Day day) {
    return static_cast<std::int32_t>(day.time_since_epoch().count());
}

constexpr Day day_from_number(std::int32_t days) { return Day{std::chrono::days{days}}; }

// "2019-12-23" <-> Day. Strict: four-two-two digits and a date that exists.
Result<Day> parse_day(std::string_view text);
std::string day_text(Day day);

// "2019-12-23T14:30:00Z" (seconds may have a fraction of up to 9 digits; 'Z' is required) <->
// Timestamp. Text has no fraction when it is zero, and 9 digits otherwise.
Result<Timestamp> parse_timestamp(std::string_view text);
std::string timestamp_text(Timestamp t);

}  // namespace paperd
