// Where slices come from: a coroutine that yields them, one at a time, in the order of time. Files
// and the synthetic market are feeds; a network provider is another.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include <boost/asio/awaitable.hpp>

#include "execution/types/calendar.h"
#include "execution/types/result.h"
#include "execution/types/slice.h"

namespace paperd::daemon {

class Feed {
public:
    virtual ~Feed() = default;

    // The next slice (its id is the caller's to give), or nothing when the feed has ended. Suspends
    // while it waits; a cancellation ends the wait with nothing.
    virtual boost::asio::awaitable<Result<std::optional<Slice>>> next() = 0;

    // Continues after that instant: slices up to it are not yielded. Called once, before next().
    virtual void skip_to_after(Timestamp last_closed_at) = 0;

    // Slices still to come where that is known, for progress.
    [[nodiscard]] virtual std::optional<std::int64_t> remaining() const = 0;
};

// Waits the bar's interval / speed between the slices of a session, however many minutes without a
// bar lie between them; nothing for closed hours; a daily bar counts as one second. Warm-up and
// speed 0 do not wait.
std::unique_ptr<Feed> make_paced_feed(std::unique_ptr<Feed> inner, double speed,
                                      Nanoseconds bar_length);

// Slices already read (storage/bars/history.h).
std::unique_ptr<Feed> make_history_feed(std::vector<Slice> slices);

}  // namespace paperd::daemon
