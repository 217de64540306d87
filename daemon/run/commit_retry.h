// What cannot be stored now (somebody's shell holds a lock, the disk is full) is tried again with
// back-off until it succeeds or the operator stops the run: trading pauses meanwhile, and the
// process lives.
#pragma once

#include <functional>
#include <optional>

#include <boost/asio/awaitable.hpp>

#include "daemon/net/backoff.h"
#include "daemon/net/timers.h"
#include "execution/types/result.h"

namespace paperd::daemon {

enum class Tried { done, stopped };

class CommitRetry {
public:
    // `stopping` is asked before each attempt; a cancellation of the coroutine ends a wait. The
    // timers outlive this.
    CommitRetry(Timers& timers, std::function<bool()> stopping, std::uint64_t seed,
                BackoffLimits limits = {});

    // Attempts until one has no error, or one that no waiting mends: that is returned. `failed`:
    // the first attempt was made already, and came to this.
    boost::asio::awaitable<Result<Tried>> run(std::function<Result<void>()> attempt,
                                              std::optional<Error> failed = std::nullopt);

    // A pause has begun or goes on, so long already: after each attempt that failed.
    std::function<void(const Error& why, double paused_s)> on_paused;

    // A pause is over, with success.
    std::function<void(const Error& why, double paused_s)> on_resumed;

private:
    Timers& timers_;
    std::function<bool()> stopping_;
    Backoff backoff_;
};

}  // namespace paperd::daemon
