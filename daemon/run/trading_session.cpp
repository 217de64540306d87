#include "daemon/run/trading_session.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace paperd::daemon {

namespace net = boost::asio;

TradingSession::TradingSession(Engine& engine, storage::Journal& journal, Feed& feed,
                               int checkpoint_slices, CommitRetry& retry)
    : journal_(journal), feed_(feed), stepper_(engine, journal, checkpoint_slices), retry_(retry) {
    stepper_.before_commit = [this] { commit_began_ = std::chrono::steady_clock::now(); };
}

net::awaitable<Result<SessionEnd>> TradingSession::run() {
    begun_ = true;
    // A cancellation ends waits, nothing else: it may come when a wait is over already, and its
    // slice goes on to its commit.
    co_await net::this_coro::throw_if_cancelled(false);
    const auto executor = co_await net::this_coro::executor;
    while (!stopping_) {
        auto slice = co_await feed_.next();
        if (slice.has_error()) {
            co_return slice.error();
        }
        if (!slice->has_value()) {
            co_return SessionEnd{.feed_ended = !stopping_};
        }
        const auto processed = co_await process(**slice);
        if (processed.has_error()) {
            co_return processed.error();
        }
        if (*processed == Tried::stopped) {
            co_return SessionEnd{};
        }
        // Signals, the watchdog and the API get their turn between slices.
        co_await net::post(executor, net::use_awaitable);
    }
    co_return SessionEnd{};
}

net::awaitable<Result<Tried>> TradingSession::process(Slice& slice) {
    const auto taken = stepper_.take_next(slice);
    if (taken.has_error() && !stepper_.pending()) {
        co_return taken.error();
    }
    if (taken.has_error()) {
        const std::function<Result<void>()> again = [this]() -> Result<void> {
            TRY(stepper_.commit_again());
            return {};
        };
        const auto stored = co_await retry_.run(again, taken.error());
        if (stored.has_error()) {
            co_return fail(
                stored.error().text +
                    "\nTrading stops here: nothing is traded that cannot be stored. What "
                    "was committed is safe; start again when the cause is gone.",
                stored.error().kind);
        }
        if (*stored == Tried::stopped) {
            co_return Tried::stopped;
        }
    }
    count(slice, stepper_.last_step());
    if (on_committed) {
        on_committed(slice, stepper_.last_step());
    }
    co_return Tried::done;
}

void TradingSession::count(const Slice& slice, const Step& step) {
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - commit_began_;
    commit_seconds_[commits_++ % kCommitTimesMax] = spent.count();
    commit_seconds_total_ += spent.count();
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
    const std::size_t count = std::min(commits_, kCommitTimesMax);
    return {commit_seconds_.begin(), commit_seconds_.begin() + static_cast<std::ptrdiff_t>(count)};
}

}  // namespace paperd::daemon
