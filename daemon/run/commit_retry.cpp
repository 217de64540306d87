#include "daemon/run/commit_retry.h"

#include <utility>

namespace paperd::daemon {

CommitRetry::CommitRetry(Timers& timers, std::function<bool()> stopping, std::uint64_t seed,
                         BackoffLimits limits)
    : timers_(timers), stopping_(std::move(stopping)), backoff_(limits, seed) {}

boost::asio::awaitable<Result<Tried>> CommitRetry::run(std::function<Result<void>()> attempt,
                                                       std::optional<Error> failed) {
    backoff_.reset();
    const auto began = timers_.now();
    const auto paused_s = [&] {
        return std::chrono::duration<double>(timers_.now() - began).count();
    };
    std::optional<Error> why;
    for (;;) {
        if (!failed) {
            if (auto done = attempt(); done.has_error()) {
                failed = done.error();
            }
        }
        if (!failed) {
            if (why && on_resumed) {
                on_resumed(*why, paused_s());
            }
            co_return Tried::done;
        }
        if (failed->kind != ErrorKind::transient) {
            co_return *failed;
        }
        why = std::exchange(failed, std::nullopt);
        if (on_paused) {
            on_paused(*why, paused_s());
        }
        if (!stopping_()) {
            co_await timers_.wait(backoff_.next());
        }
        if (stopping_()) {
            co_return Tried::stopped;
        }
    }
}

}  // namespace paperd::daemon
