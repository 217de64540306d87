#include "execution/types/calendar_offsets.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <string>

#include <date/tz.h>

#include "execution/types/check.h"

namespace paperd {
namespace {

using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

constexpr seconds kStandard = -std::chrono::hours{5};
constexpr seconds kDaylight = -std::chrono::hours{4};

// Clocks change at 02:00 local time: the second Sunday of March and the first of November, the law
// since 2007 (Energy Policy Act of 2005).
sys_seconds daylight_begins(std::chrono::year year) {
    return sys_days{year / std::chrono::March / std::chrono::Sunday[2]} + std::chrono::hours{2} -
           kStandard;
}

sys_seconds daylight_ends(std::chrono::year year) {
    return sys_days{year / std::chrono::November / std::chrono::Sunday[1]} + std::chrono::hours{2} -
           kDaylight;
}

// The tz files list changes up to 2037 (or, compiled "slim", up to 2007) and give the rule for
// later years in a footer that the date library does not read: it lets the last winter go on for
// ever. The changes that are missing follow from the law above. A list that ends in another year
// ends because the law changed, and is complete.
void continue_by_law(std::vector<UtcOffset>& offsets, std::chrono::year last) {
    const auto listed_until = std::chrono::floor<std::chrono::days>(offsets.back().begins);
    const std::chrono::year last_listed = std::chrono::year_month_day{listed_until}.year();
    if (last_listed != std::chrono::year{2007} && last_listed != std::chrono::year{2037}) {
        return;
    }
    for (auto year = last_listed + std::chrono::years{1}; year <= last; ++year) {
        offsets.push_back({daylight_begins(year), kDaylight});
        offsets.push_back({daylight_ends(year), kStandard});
    }
}

}  // namespace

Result<std::vector<UtcOffset>> new_york_offsets(std::chrono::year first, std::chrono::year last) {
    const sys_seconds from = sys_days{first / 1 / 1};
    const sys_seconds to = sys_days{(last + std::chrono::years{1}) / 1 / 1};
    std::vector<UtcOffset> offsets;
    try {
        const date::time_zone* zone = date::locate_zone("America/New_York");
        for (sys_seconds at = from; at < to;) {
            const date::sys_info info = zone->get_info(at);
            offsets.push_back({at, info.offset});
            at = info.end;
        }
    } catch (const std::exception& problem) {
        return fail("the time zone America/New_York cannot be read (" +
                    std::string(problem.what()) + "); install the package tzdata");
    }
    continue_by_law(offsets, last);
    return offsets;
}

seconds offset_at(const std::vector<UtcOffset>& offsets, Timestamp t) {
    CHECK(!offsets.empty(), "a calendar has at least one offset");
    const auto after = std::upper_bound(
        offsets.begin(), offsets.end(), t,
        [](Timestamp when, const UtcOffset& offset) { return when < offset.begins; });
    return after == offsets.begin() ? after->offset : std::prev(after)->offset;
}

}  // namespace paperd
