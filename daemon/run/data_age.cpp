#include "daemon/run/data_age.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

namespace paperd::daemon {
namespace {

constexpr int kClosedDaysMax = 30;  // more than any venue was ever closed

// When the last bar closed that closed at or before `now`.
std::optional<Timestamp> last_close(const Calendar& calendar, Nanoseconds bar_length,
                                    Timestamp now) {
    Day day = calendar.day_of(now);
    for (int back = 0; back < kClosedDaysMax; ++back, day -= std::chrono::days{1}) {
        const auto session = calendar.session(day);
        if (!session) {
            continue;
        }
        if (now >= session->closes_at) {
            return session->closes_at;
        }
        const auto bars = (now - session->opens_at) / bar_length;
        if (now >= session->opens_at && bars > 0) {
            return session->opens_at + bars * bar_length;
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> why_stale(double slice_every_s, double since_slice_s) {
    const double allowed_s = slice_every_s + kDataGraceS;
    if (since_slice_s <= allowed_s) {
        return std::nullopt;
    }
    return fmt::format(
        "the feed is silent: the newest slice came {:.0f} s ago, and one is due "
        "every {:.3g} s",
        since_slice_s, slice_every_s);
}

std::optional<std::string> why_stale(const Calendar& calendar, Nanoseconds bar_length,
                                     Timestamp newest, Timestamp now) {
    const auto grace =
        std::chrono::duration_cast<Nanoseconds>(std::chrono::duration<double>(kDataGraceS));
    const auto due = last_close(calendar, bar_length, now - grace);
    if (!due || newest >= *due) {
        return std::nullopt;
    }
    return fmt::format(
        "the feed is silent: the newest slice closed at {}, and bars have closed "
        "until {} since",
        timestamp_text(newest), timestamp_text(*due));
}

}  // namespace paperd::daemon
