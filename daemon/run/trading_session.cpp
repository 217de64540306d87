#include "daemon/run/trading_session.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace paperd::daemon {

namespace net = boost::asio;

TradingSession::TradingSession(Engine& engine, storage::Journal& journal, Feed& feed,
                               int checkpoint_slices, CommitRetry& retry,
                               std::chrono::nanoseconds group)
    : journal_(journal),
      feed_(feed),
      stepper_(engine, journal, checkpoint_slices),
      retry_(retry),
      group_(group) {}

net::awaitable<Result<SessionEnd>> TradingSession::run() {
    begun_ = true;
    // A cancellation ends waits, nothing else: it may come when a wait is over already, and its
    // slice goes on to its commit.
    co_await net::this_coro::throw_if_cancelled(false);
    const auto executor = co_await net::this_coro::executor;
    for (;;) {
        const auto end = co_await take_next();
        if (end || due()) {
            const auto stored = co_await store();
            if (stored.has_error()) {
                co_return stored.error();
            }
            if (*stored == Tried::stopped) {
                co_return SessionEnd{};
            }
        }
        if (end) {
            co_return *end;
        }
        // Signals, the watchdog and the API get their turn between slices.
        co_await net::post(executor, net::use_awaitable);
    }
}

// A slice more in the group; or why there is none.
net::awaitable<std::optional<Result<SessionEnd>>> TradingSession::take_next() {
    if (stopping_) {
        co_return SessionEnd{};
    }
    auto slice = co_await feed_.next();
    if (slice.has_error()) {
        co_return slice.error();
    }
    if (!slice->has_value()) {
        co_return SessionEnd{.feed_ended = !stopping_};
    }
    if (stepper_.gathered() == 0) {
        group_began_ = std::chrono::steady_clock::now();
    }
    if (const auto taken = stepper_.gather_next(std::move(**slice)); taken.has_error()) {
        co_return taken.error();
    }
    co_return std::nullopt;
}

bool TradingSession::due() const {
    return stepper_.pending() || std::chrono::steady_clock::now() - group_began_ >= group_;
}

net::awaitable<Result<Tried>> TradingSession::store() {
    if (stepper_.gathered() == 0) {
        co_return Tried::done;
    }
    if (const auto first = commit(); first.has_error()) {
        const std::function<Result<void>()> again = [this] { return commit(); };
        const auto stored = co_await retry_.run(again, first.error());
        if (stored.has_error()) {
            const bool lost = stored.error().kind == ErrorKind::lost;  // it says what is left
            co_return fail(
                stored.error().text +
                    "\nTrading stops here: nothing is traded that cannot be stored." +
                    (lost ? ""
                          : " What was committed is safe; start again when the cause is gone."),
                stored.error().kind);
        }
        if (*stored == Tried::stopped) {
            co_return Tried::stopped;
        }
    }
    for (const Made& made : stepper_.stored()) {
        count(made.slice, made.step);
        if (on_committed) {
            on_committed(made.slice, made.step);
        }
    }
    co_return Tried::done;
}

Result<void> TradingSession::commit() {
    const auto began = std::chrono::steady_clock::now();
    TRY(stepper_.commit());
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - began;
    commit_seconds_[static_cast<std::size_t>(commits_++) % kCommitTimesMax] = spent.count();
    commit_seconds_total_ += spent.count();
    return {};
}

void TradingSession::count(const Slice& slice, const Step& step) {
    ++counters_.slices;
    counters_.bars += static_cast<std::int64_t>(slice.bars.size());
    counters_.decisions += static_cast<std::int64_t>(step.decisions.size());
    counters_.orders += std::count_if(step.orders.begin(), step.orders.end(),
                                      [&](const Order& o) { return o.decision_slice == slice.id; });
    counters_.fills += static_cast<std::int64_t>(step.fills.size());
    counters_.incidents += static_cast<std::int64_t>(step.incidents.size());
    const bool in_sample = !step.decisions.empty() && step.decisions.front().in_sample;
    counters_.in_sample_slices += in_sample ? 1 : 0;
}

Result<std::int64_t> TradingSession::submit(CommandKind kind, Timestamp received_at,
                                            std::string note) {
    if (journal_.waiting_commands().size() >= kWaitingCommandsMax) {
        return fail("too many commands wait for the next slice; try again after it");
    }
    const std::int64_t id = journal_.last_command_id() + 1;
    if (auto stored = journal_.record_command({id, kind, received_at, std::move(note)});
        stored.has_error()) {
        return fail("the command could not be stored, so it is not taken: " + stored.error().text);
    }
    return id;
}

std::vector<double> TradingSession::commit_seconds() const {
    const std::size_t count = std::min(static_cast<std::size_t>(commits_), kCommitTimesMax);
    return {commit_seconds_.begin(), commit_seconds_.begin() + static_cast<std::ptrdiff_t>(count)};
}

}  // namespace paperd::daemon
