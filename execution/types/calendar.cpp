#include "execution/types/calendar.h"

#include <algorithm>
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

Result<Calendar> Calendar::make(CalendarKind kind) {
    if (kind == CalendarKind::always_open) {
        return Calendar(kind, {UtcOffset{}});
    }
    TRY_LET(auto offsets, new_york_offsets(kFirstYear, kLastYear));
    return Calendar(kind, std::move(offsets));
}

Calendar::Calendar(CalendarKind kind, std::vector<UtcOffset> offsets)
    : offsets_(std::move(offsets)) {
    const auto day_count = static_cast<std::size_t>((kLastDay - kFirstDay).count()) + 1;
    sessions_.reserve(day_count);
    at_or_after_.reserve(day_count);
    for (Day day = kFirstDay; day <= kLastDay; day += days{1}) {
        at_or_after_.push_back(static_cast<std::uint32_t>(sessions_.size()));
        if (kind == CalendarKind::always_open) {
            const Timestamp midnight{day.time_since_epoch()};
            sessions_.push_back({day, midnight, midnight + days{1}, false});
        } else if (const auto hours = nyse_hours(day)) {
            sessions_.push_back({day, utc(day, hours->opens, offsets_),
                                 utc(day, hours->closes, offsets_), hours->early_close});
        }
    }
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
