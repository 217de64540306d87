#include "daemon/run/run_loop.h"

#include <exception>
#include <filesystem>
#include <utility>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "daemon/api/token.h"
#include "daemon/engine/recovery.h"
#include "daemon/net/http_server.h"
#include "daemon/process/logging.h"
#include "daemon/process/progress.h"
#include "daemon/process/systemd_notify.h"
#include "daemon/process/wall_clock.h"
#include "daemon/run/run_status.h"
#include "daemon/run/stop_signal.h"

namespace paperd::daemon {
namespace {

namespace net = boost::asio;

// Everything that lives as long as the loop. Spawned work refers to it and is done before it ends.
class Loop {
public:
    Loop(net::io_context& context, StopSignal& stop, const RunPlan& plan,
         const LoopOptions& options, Engine& engine, storage::Journal& journal, Feed& feed)
        : context_(context),
          stop_(stop),
          plan_(plan),
          options_(options),
          session_(engine, journal, feed, plan.config.checkpoint_slices),
          watchdog_timer_(context_),
          notifier_(options.serve ? SystemdNotifier::from_environment() : SystemdNotifier("")),
          status_(plan, options.db_path, engine, session_),
          progress_(options.progress_label, "slices", feed.remaining().value_or(0),
                    options.progress_label.empty() ? ProgressOutput{} : stderr_progress()) {}

    Result<SessionEnd> run() {
        if (options_.serve && plan_.config.server.enabled) {
            TRY(start_server());
        }
        session_.on_committed = [this](const Slice& slice, const Step& step) {
            status_.on_committed(slice, step);
            warn_in_sample(slice, step);
            log_step(slice, step);
            if (!options_.progress_label.empty()) {
                progress_.update(session_.counters().slices);
            }
        };
        stop_.on_stop = [this] {
            session_.stop();
            if (session_.begun()) {
                stop_waiting_.emit(net::cancellation_type::terminal);
            }
        };
        feed_watchdog();
        status_.set_state(ProcessState::ready);
        if (auto ready = notifier_.ready(); ready.has_error()) {
            log_warn("systemd_notify", {{"error", ready.error().text}});
            status_.note_error(wall_now(), ready.error().text);
        }
        net::co_spawn(context_, session_.run(),
                      net::bind_cancellation_slot(
                          stop_waiting_.slot(),
                          [this](const std::exception_ptr& failure, Result<SessionEnd> end) {
                              failure_ = failure;
                              end_ = std::move(end);
                              finish();
                          }));
        context_.restart();
        context_.run();
        if (failure_) {
            std::rethrow_exception(failure_);
        }
        if (!options_.progress_label.empty()) {
            progress_.finish();
        }
        return end_;
    }

    [[nodiscard]] const SessionCounters& counters() const { return session_.counters(); }

private:
    Result<void> start_server() {
        const std::string& configured = plan_.config.server.token_file;
        const auto beside =
            std::filesystem::path(options_.db_path).replace_filename("paperd.token");
        TRY_LET(auto token,
                load_or_create_token(configured.empty() ? beside.string() : configured));
        TRY_LET(auto server,
                HttpServer::start(context_, plan_.config.server.port, std::move(token), status_));
        server_ = std::move(server);
        log_info("serving", {{"port", static_cast<std::int64_t>(server_->port())}});
        return {};
    }

    void feed_watchdog() {
        const auto interval = watchdog_interval_from_environment();
        if (!options_.serve || !interval) {
            return;
        }
        watchdog_timer_.expires_after(*interval / 2);
        watchdog_timer_.async_wait([this](const boost::system::error_code& error) {
            if (!error) {
                (void)notifier_.watchdog();
                feed_watchdog();
            }
        });
    }

    // A replay knows beforehand and says so itself.
    void warn_in_sample(const Slice& slice, const Step& step) {
        const bool in_sample = !step.decisions.empty() && step.decisions.front().in_sample;
        if (options_.serve && in_sample && session_.counters().in_sample_slices == 1) {
            log_warn("in_sample",
                     {{"slice", slice.id},
                      {"day", day_text(slice.day)},
                      {"text",
                       "the day is among the model's training days: what it earns on such "
                       "days is no evidence"}});
        }
    }

    void log_step(const Slice& slice, const Step& step) const {
        for (const Incident& incident : step.incidents) {
            const bool of_all = incident.symbol == kNoSymbol;
            const LogFields fields = {
                {"slice", slice.id},
                {"symbol", of_all ? "" : plan_.header.symbols[index(incident.symbol)]},
                {"text", incident.text}};
            if (incident.severity == Severity::info) {
                log_info(incident.kind, fields);
            } else {
                log_warn(incident.kind, fields);
            }
        }
        for (const Fill& fill : step.fills) {
            log_debug("fill", {{"slice", slice.id},
                               {"fill_id", fill.id},
                               {"order_id", fill.order},
                               {"decision_slice", fill.decision_slice},
                               {"quantity", fill.quantity.to_double()},
                               {"price", fill.price.to_double()}});
        }
    }

    // Nothing may keep the context busy once the session has ended.
    void finish() {
        status_.set_state(ProcessState::stopping);
        (void)notifier_.stopping();
        stop_.stop_waiting();
        watchdog_timer_.cancel();
        if (server_) {
            server_->stop();
        }
    }

    net::io_context& context_;
    StopSignal& stop_;
    const RunPlan& plan_;
    const LoopOptions& options_;
    TradingSession session_;
    net::steady_timer watchdog_timer_;
    net::cancellation_signal stop_waiting_;
    SystemdNotifier notifier_;
    RunStatus status_;
    Progress progress_;
    std::unique_ptr<HttpServer> server_;
    std::exception_ptr failure_;
    Result<SessionEnd> end_ = SessionEnd{};
};

// Commands that came after the run's last slice.
Result<void> note_too_late(storage::Journal& journal) {
    for (const Command& command : journal.waiting_commands()) {
        const std::string text =
            fmt::format("command {} '{}' was taken after the run's last slice: it has no effect",
                        command.id, command_name(command.kind));
        log_warn("command_too_late", {{"text", text}});
        const Incident incident{Severity::warning, "command_too_late", kNoSymbol, text};
        TRY(journal.record_incident(wall_now(), incident));
    }
    return {};
}

}  // namespace

Result<LoopEnd> run_loop(const RunPlan& plan, const LoopOptions& options,
                         const std::function<Result<std::unique_ptr<Feed>>()>& make_feed) {
    const Stopwatch watch;
    net::io_context context{1};
    StopSignal stop(context);
    TRY_LET(auto journal, storage::Journal::open(options.db_path, plan.header, {}));
    LoopEnd end;
    const storage::RunState state = journal->state();
    end.resumed_after_slice = state.last_slice_id;
    if (state.complete) {
        end.already_complete = true;
        end.complete = true;
        return end;
    }
    TRY_LET(auto engine, make_engine(plan));
    if (!state.fresh) {
        log_info("recovering", {{"to_slice", state.last_slice_id}});
        auto recovered =
            recover(*engine, plan, options.db_path, state, [&] { return stop.asked(); });
        if (recovered.has_error()) {
            return recovered.error();
        }
        if (recovered->stopped) {
            return end;
        }
        log_info("recovered", {{"after_slice", state.last_slice_id},
                               {"checkpoint_slice", recovered->from_checkpoint},
                               {"slices_replayed", recovered->slices_replayed}});
    }
    TRY_LET(auto feed, make_feed());
    TRY(journal->record_process_start(wall_now(), PAPERD_VERSION, plan.header.fingerprint,
                                      state.last_slice_id));
    if (!state.fresh) {
        feed->skip_to_after(state.last_closed_at);
    }
    Loop loop(context, stop, plan, options, *engine, *journal, *feed);
    auto ended = loop.run();
    end.counters = loop.counters();
    end.seconds = watch.seconds();
    if (ended.has_error()) {
        return ended.error();
    }
    end.complete = ended->feed_ended;
    if (end.complete) {
        TRY(note_too_late(*journal));
        TRY(journal->finish());
    }
    return end;
}

}  // namespace paperd::daemon
