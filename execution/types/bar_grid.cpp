#include "execution/types/bar_grid.h"

namespace paperd {

bool on_bar_grid(Timestamp start, BarInterval interval, Day day,
                 const std::optional<Session>& session) {
    const Timestamp origin = session ? session->opens_at : Timestamp{day.time_since_epoch()};
    return (start - origin) % bar_length(interval) == Nanoseconds{0};
}

Timestamp bar_close(Timestamp start, BarInterval interval, const std::optional<Session>& session) {
    const Timestamp end = start + bar_length(interval);
    const bool cut = session && start < session->closes_at && end > session->closes_at;
    return cut ? session->closes_at : end;
}

Timestamp bar_start(Timestamp closed_at, BarInterval interval,
                    const std::optional<Session>& session) {
    const Nanoseconds length = bar_length(interval);
    if (!session || closed_at != session->closes_at) {
        return closed_at - length;
    }
    const Nanoseconds rest = (session->closes_at - session->opens_at) % length;
    return closed_at - (rest == Nanoseconds{0} ? length : rest);
}

}  // namespace paperd
