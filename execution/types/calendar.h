// When a venue trades. New York's stock exchange by rule (weekends, holidays, early closes,
// daylight saving from the tz database) plus a dated table of what no rule gives, 1990-2040; and a
// 24-hour calendar whose day is the UTC day. Immutable after construction; safe to share.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "execution/types/calendar_offsets.h"
#include "execution/types/result.h"
#include "execution/types/timestamp.h"

namespace paperd {

enum class CalendarKind : std::uint8_t { new_york, always_open };

// Sessions a year, for annualising.
constexpr int days_per_year(CalendarKind kind) {
    return kind == CalendarKind::new_york ? 252 : 365;
}

struct Session {
    Day day{};
    Timestamp opens_at;
    Timestamp closes_at;
    bool early_close = false;
};

// A day that was not foreseen when the calendar was compiled: closed, or closing early.
struct Closure {
    Day day{};
    std::optional<std::chrono::minutes> closes;  // after the venue's midnight; none: all day closed

    bool operator==(const Closure&) const = default;
};

class Calendar {
public:
    // Error when the tz database is missing (remedy: install tzdata), and of closures: a day that
    // stands there twice or lies outside 1990-2040, and an early close on a day without a session,
    // or not between its open and its close. A closed day that has no session anyway is none.
    static Result<Calendar> make(CalendarKind kind, std::span<const Closure> closures = {});

    // The day's session, or nothing when the venue is closed that day or the day lies outside
    // 1990-2040.
    [[nodiscard]] std::optional<Session> session(Day day) const;

    [[nodiscard]] bool is_session(Day day) const { return session(day).has_value(); }

    // A whole day that only a closure closed: bars of it are of no session, and no mistake either.
    [[nodiscard]] bool is_closed_by_closure(Day day) const;

    // The next session after `day`; nothing outside 1990-2040.
    [[nodiscard]] std::optional<Session> next_session(Day day) const;

    // The venue's day at an instant: the local date in New York, the UTC date for 24-hour venues.
    // Outside 1990-2040 New York's is off by an hour where daylight saving differs from the span's
    // first or last offset.
    [[nodiscard]] Day day_of(Timestamp t) const;

    // Changes whenever a rule or the table changes; stored with each run.
    static std::string_view version();

private:
    Calendar(CalendarKind kind, std::vector<UtcOffset> offsets);
    Result<void> apply(std::span<const Closure> closures);
    void index_sessions();

    std::vector<UtcOffset> offsets_;  // of local time, ascending; never empty
    std::vector<Session> sessions_;   // ascending by day
    // For each day of 1990-2040, the first session at or after it (sessions_.size() if none).
    std::vector<std::uint32_t> at_or_after_;
    std::vector<Day> closed_;  // sessions that closures took away, ascending
};

}  // namespace paperd
