#include "execution/types/calendar.h"

#include <algorithm>
#include <string>
#include <utility>

#include "execution/types/calendar_nyse.h"

namespace paperd {
namespace {

using std::chrono::days;

constexpr std::chrono::year kFirstYear{1990};
constexpr std::chrono::year kLastYear{2040};
constexpr Day kFirstDay{kFirstYear / 1 / 1};
constexpr Day kLastDay{kLastYear / 12 / 31};

// Noon lies on the same side of a clock change as the whole session: clocks change before dawn.
Timestamp utc(Day day, std::chrono::minutes local, const std::vector<UtcOffset>& offsets) {
    const Timestamp midnight{day.time_since_epoch()};
    const Timestamp noon = midnight + std::chrono::hours{12};
    return midnight + local - offset_at(offsets, noon);
}

}  // namespace

Result<Calendar> Calendar::make(CalendarKind kind, std::span<const Closure> closures) {
    std::vector<UtcOffset> offsets{UtcOffset{}};
    if (kind != CalendarKind::always_open) {
        TRY_LET(offsets, new_york_offsets(kFirstYear, kLastYear));
    }
    Calendar calendar(kind, std::move(offsets));
    TRY(calendar.apply(closures));
    return calendar;
}

Calendar::Calendar(CalendarKind kind, std::vector<UtcOffset> offsets)
    : offsets_(std::move(offsets)) {
    const auto day_count = static_cast<std::size_t>((kLastDay - kFirstDay).count()) + 1;
    sessions_.reserve(day_count);
    for (Day day = kFirstDay; day <= kLastDay; day += days{1}) {
        if (kind == CalendarKind::always_open) {
            const Timestamp midnight{day.time_since_epoch()};
            sessions_.push_back({day, midnight, midnight + days{1}, false});
        } else if (const auto hours = nyse_hours(day)) {
            sessions_.push_back({day, utc(day, hours->opens, offsets_),
                                 utc(day, hours->closes, offsets_), hours->early_close});
        }
    }
    index_sessions();
}

void Calendar::index_sessions() {
    at_or_after_.clear();
    std::uint32_t at = 0;
    for (Day day = kFirstDay; day <= kLastDay; day += days{1}) {
        at_or_after_.push_back(at);
        at += at < sessions_.size() && sessions_[at].day == day ? 1U : 0U;
    }
}

Result<void> Calendar::apply(std::span<const Closure> closures) {
    std::vector<Day> seen;
    for (const Closure& closure : closures) {
        const std::string day = day_text(closure.day);
        if (std::find(seen.begin(), seen.end(), closure.day) != seen.end()) {
            return fail("the closure of " + day + " stands there twice; leave one out");
        }
        seen.push_back(closure.day);
        if (closure.day < kFirstDay || closure.day > kLastDay) {
            return fail("the closure of " + day +
                        " lies outside the calendar's years, 1990 to 2040; correct the day");
        }
        const auto found = std::find_if(sessions_.begin(), sessions_.end(),
                                        [&](const Session& s) { return s.day == closure.day; });
        if (!closure.closes) {
            if (found != sessions_.end()) {
                closed_.push_back(closure.day);
                sessions_.erase(found);
            }
            continue;
        }
        if (found == sessions_.end()) {
            return fail("the venue is closed on " + day +
                        ", so that it cannot close early; correct the day, or leave it out");
        }
        const Timestamp closes_at = utc(closure.day, *closure.closes, offsets_);
        if (closes_at <= found->opens_at || closes_at >= found->closes_at) {
            return fail("the early close on " + day + " would be at " + timestamp_text(closes_at) +
                        ", not between the session's open at " + timestamp_text(found->opens_at) +
                        " and its close at " + timestamp_text(found->closes_at) +
                        "; give the venue's local time");
        }
        found->closes_at = closes_at;
        found->early_close = true;
    }
    std::sort(closed_.begin(), closed_.end());
    index_sessions();
    return {};
}

bool Calendar::is_closed_by_closure(Day day) const {
    return std::binary_search(closed_.begin(), closed_.end(), day);
}

std::optional<Session> Calendar::session(Day day) const {
    if (day < kFirstDay || day > kLastDay) {
        return std::nullopt;
    }
    const std::size_t at = at_or_after_[static_cast<std::size_t>((day - kFirstDay).count())];
    if (at == sessions_.size() || sessions_[at].day != day) {
        return std::nullopt;
    }
    return sessions_[at];
}

std::optional<Session> Calendar::next_session(Day day) const {
    if (day >= kLastDay) {
        return std::nullopt;
    }
    const Day from = std::max(day + days{1}, kFirstDay);
    const std::size_t at = at_or_after_[static_cast<std::size_t>((from - kFirstDay).count())];
    return at == sessions_.size() ? std::nullopt : std::optional(sessions_[at]);
}

Day Calendar::day_of(Timestamp t) const {
    const auto local = std::chrono::floor<days>(t + offset_at(offsets_, t));
    return Day{local.time_since_epoch()};
}

std::string_view Calendar::version() { return "1990-2040.1"; }

}  // namespace paperd
