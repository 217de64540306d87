#include "daemon/run/run_loop.h"

#include <exception>
#include <utility>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "daemon/engine/recovery.h"
#include "daemon/process/logging.h"
#include "daemon/process/wall_clock.h"
#include "daemon/run/announcer.h"
#include "daemon/run/doors.h"
#include "daemon/run/stop_signal.h"

namespace paperd::daemon {
namespace {

namespace net = boost::asio;

// The retries take over from SQLite's own waiting, which would keep the doors waiting as well.
constexpr int kBusyTimeoutMs = 250;
// Between two looks at what no slice brings up: the database's file, the line for systemd.
constexpr std::chrono::seconds kLookInterval{1};

// A run from its doors to its end. What is spawned refers to it and ends before it does.
class Run {
public:
    Run(const RunPlan& plan, const LoopOptions& options, const FeedMaker& make_feed)
        : plan_(plan),
          options_(options),
          make_feed_(make_feed),
          stop_(context_, options.serve ? HangUp::ignored : HangUp::ends),
          timers_(context_.get_executor()),
          announcer_(timers_, plan, options),
          retry_(timers_, [this] { return stopping_; }, static_cast<std::uint64_t>(::getpid())) {
        stop_.on_stop = [this] { stop(); };
        retry_.on_paused = [this](const Error& why, double paused_s) {
            announcer_.paused(why, paused_s);
        };
        retry_.on_resumed = [this](const Error& why, double paused_s) { resumed(why, paused_s); };
    }

    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;
    ~Run() = default;

    Result<LoopEnd> to_its_end() {
        if (options_.serve && plan_.config.server.enabled) {
            TRY(doors_.open(context_.get_executor(), timers_, plan_.config.server, options_.db_path,
                            announcer_.status()));
            announcer_.status().set_doors(doors_.port(), doors_.socket());
        }
        net::co_spawn(context_, live(),
                      net::bind_cancellation_slot(
                          stop_waiting_.slot(),
                          [this](const std::exception_ptr& failure, Result<LoopEnd> end) {
                              failure_ = failure;
                              end_ = std::move(end);
                              close_down();
                          }));
        context_.run();
        if (failure_) {
            std::rethrow_exception(failure_);
        }
        return std::move(end_);
    }

private:
    // The whole of it. Each part says whether there is more to do: after a stop there is not.
    net::awaitable<Result<LoopEnd>> live() {
        // A cancellation ends waits, nothing else.
        co_await net::this_coro::throw_if_cancelled(false);
        begun_ = true;
        auto more = co_await store(&Run::open);
        if (goes_on(more)) {
            more = prepare();
        }
        if (goes_on(more)) {
            more = co_await store(&Run::start);
        }
        if (goes_on(more)) {
            more = co_await trade();
        }
        if (goes_on(more) && !lost_) {
            more = co_await store(&Run::conclude);
            report_.complete = goes_on(more);
        }
        if (lost_) {
            more = *lost_;
        }
        report_.seconds = watch_.seconds();
        if (more.has_error()) {
            co_return more.error();
        }
        co_return report_;
    }

    static bool goes_on(const Result<bool>& more) { return !more.has_error() && *more; }

    // Patiently (daemon/run/commit_retry.h).
    net::awaitable<Result<bool>> store(Result<bool> (Run::*what)()) {
        bool more = false;
        const std::function<Result<void>()> attempt = [this, what, &more]() -> Result<void> {
            TRY_LET(more, (this->*what)());
            return {};
        };
        const auto tried = co_await retry_.run(attempt);
        if (tried.has_error()) {
            co_return tried.error();
        }
        co_return *tried == Tried::done&& more;
    }

    Result<bool> open() {
        if (!engine_) {  // before the database: a model that is refused leaves no run behind
            TRY_LET(engine_, make_engine(plan_));
        }
        TRY_LET(journal_, storage::Journal::open(options_.db_path, plan_.header,
                                                 {.busy_timeout_ms = kBusyTimeoutMs}));
        doors_.keep_token();
        report_.resumed_after_slice = journal_->state().last_slice_id;
        report_.already_complete = report_.complete = journal_->state().complete;
        return !report_.complete;
    }

    // Recovery, feed, session.
    Result<bool> prepare() {
        const storage::RunState state = journal_->state();
        if (!state.fresh) {
            log_info("recovering", {{"to_slice", state.last_slice_id}});
            TRY_LET(const auto recovered, recover(*engine_, plan_, options_.db_path, state,
                                                  [this] { return stop_.asked(); }));
            if (recovered.stopped) {
                return false;
            }
            log_info("recovered", {{"after_slice", state.last_slice_id},
                                   {"checkpoint_slice", recovered.from_checkpoint},
                                   {"slices_replayed", recovered.slices_replayed}});
        }
        TRY_LET(feed_, make_feed_());
        if (!state.fresh) {
            feed_->skip_to_after(state.last_closed_at);
        }
        session_.emplace(*engine_, *journal_, *feed_, plan_.config.checkpoint_slices, retry_,
                         options_.group);
        session_->on_committed = [this](const Slice& slice, const Step& step) {
            announcer_.committed(slice, step, session_->counters());
        };
        return !stopping_;
    }

    Result<bool> start() {
        TRY(journal_->record_process_start(wall_now(), PAPERD_VERSION, plan_.header.fingerprint,
                                           journal_->state().last_slice_id));
        return true;
    }

    net::awaitable<Result<bool>> trade() {
        announcer_.begun(*engine_, *session_, feed_->remaining().value_or(0));
        look_around();
        const auto ended = co_await session_->run();
        look_.reset();
        report_.counters = session_->counters();
        if (ended.has_error()) {
            co_return ended.error();
        }
        announcer_.feed_ended();
        co_return ended->feed_ended;
    }

    // Commands that came after the run's last slice have no effect; then the run is complete.
    Result<bool> conclude() {
        for (const Command& command : journal_->waiting_commands()) {
            if (command.id <= told_too_late_) {
                continue;
            }
            const std::string text = fmt::format(
                "command {} '{}' was taken after the run's last slice: it has no effect",
                command.id, command_name(command.kind));
            TRY(journal_->record_incident(
                wall_now(), {Severity::warning, "command_too_late", kNoSymbol, text}));
            log_warn("command_too_late", {{"text", text}});
            told_too_late_ = command.id;
        }
        TRY(journal_->finish());
        return true;
    }

    void resumed(const Error& why, double paused_s) {
        const Incident incident = announcer_.resumed(why, paused_s);
        if (auto told = journal_->record_incident(wall_now(), incident); told.has_error()) {
            log_error("incident_not_stored", {{"text", told.error().text}});
        }
    }

    // Every second or so, whether slices come or not.
    void look_around() {
        if (auto ours = journal_->still_ours(); ours.has_error()) {
            lost_ = ours.error();
            announcer_.lost(*lost_);
            stop();
            return;
        }
        announcer_.look();
        look_ = timers_.call_after(kLookInterval, [this] { look_around(); });
    }

    void stop() {
        stopping_ = true;
        if (session_) {
            session_->stop();
        }
        // A coroutine that was cancelled before it began would not even return.
        if (begun_) {
            stop_waiting_.emit(net::cancellation_type::terminal);
        }
    }

    // Nothing may keep the context busy once the run has ended.
    void close_down() {
        announcer_.ended(failure_ ? Result<LoopEnd>(fail("unexpected")) : end_);
        stop_.stop_waiting();
        look_.reset();
        doors_.stop();
    }

    // What the context's coroutines are bound to, so that it goes after them.
    Doors doors_;
    net::cancellation_signal stop_waiting_;
    net::io_context context_{1};

    const RunPlan& plan_;
    const LoopOptions& options_;
    const FeedMaker& make_feed_;
    Stopwatch watch_;
    StopSignal stop_;
    SteadyTimers timers_;
    Announcer announcer_;
    CommitRetry retry_;
    std::unique_ptr<storage::Journal> journal_;
    std::unique_ptr<Engine> engine_;
    std::unique_ptr<Feed> feed_;
    std::optional<TradingSession> session_;
    std::unique_ptr<Alarm> look_;
    bool begun_ = false;
    bool stopping_ = false;
    std::int64_t told_too_late_ = 0;
    std::optional<Error> lost_;  // the database is no longer the file that was opened
    LoopEnd report_;
    std::exception_ptr failure_;
    Result<LoopEnd> end_ = LoopEnd{};
};

}  // namespace

Result<LoopEnd> run_loop(const RunPlan& plan, const LoopOptions& options,
                         const FeedMaker& make_feed) {
    Run run(plan, options, make_feed);
    return run.to_its_end();
}

}  // namespace paperd::daemon
